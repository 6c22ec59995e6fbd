import { HEARTBEAT_MS } from '../../shared/limits.ts';

/** Less than from one heartbeat of a bridge to its next, however late or early. */
const APART_MS = (2 / 3) * HEARTBEAT_MS;

/** Which heartbeats of bridges clients are told: with several bridges one every 15 s is enough, unless their number changes. */
export class HeartbeatPace {
  #told: { bridges: number; atMs: number } | null = null;

  /** Whether to tell it; if so, it counts as told. */
  take(bridges: number, nowMs: number): boolean {
    const sinceMs = nowMs - (this.#told?.atMs ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back is none to wait for.
    if (this.#told?.bridges === bridges && sinceMs >= 0 && sinceMs < APART_MS) return false;
    this.#told = { bridges, atMs: nowMs };
    return true;
  }
}
