import type { HoldReason } from './facts.ts';

/** A pointer that rests on rows for so long is reading them. */
const HOVER_MS = 250;
/** Rows stay still for so long after what held them is over, unless somebody asked for it to be over. */
const GRACE_MS = 2_000;

/** Which reason is told when several hold: the most deliberate. */
const BY_DELIBERATION = ['toggle', 'menu', 'selection', 'focus', 'scroll', 'pointer'] as const;

/**
 * Decides whether rows follow or hold still, from what people do with them. Time is passed in, in milliseconds of any
 * clock that does not go back; `dueAtMs` says when `tick` has something to decide.
 */
export class Hold {
  readonly #active = new Set<HoldReason>();
  #overSinceMs: number | null = null;
  /** When the grace after the last reason ends; null while there is a reason, or none was. */
  #graceEndsAtMs: number | null = null;
  #lastReason: HoldReason | null = null;

  /** What holds the rows; null = they follow. */
  get reason(): HoldReason | null {
    const active = BY_DELIBERATION.find(reason => this.#active.has(reason));
    return active ?? (this.#graceEndsAtMs === null ? null : this.#lastReason);
  }

  get dueAtMs(): number | null {
    if (this.#graceEndsAtMs !== null) return this.#graceEndsAtMs;
    if (this.#overSinceMs !== null && !this.#active.has('pointer')) return this.#overSinceMs + HOVER_MS;
    return null;
  }

  /** A mouse or pen moves over rows. Fingers do not hover: what they do is scrolling, or a tap. */
  pointerMoved(nowMs: number): void {
    this.#overSinceMs ??= nowMs;
    this.tick(nowMs);
  }

  pointerLeft(nowMs: number): void {
    this.#overSinceMs = null;
    this.#end('pointer', nowMs);
  }

  /** @param isAway whether the newest row is scrolled out of its place */
  scrolled(isAway: boolean, nowMs: number): void {
    if (isAway) this.#begin('scroll');
    else this.#end('scroll', nowMs, 0);
  }

  focused(isInside: boolean, nowMs: number): void {
    this.#set('focus', isInside, nowMs);
  }

  selected(isInside: boolean, nowMs: number): void {
    this.#set('selection', isInside, nowMs);
  }

  menu(isOpen: boolean, nowMs: number): void {
    this.#set('menu', isOpen, nowMs);
  }

  toggled(isOn: boolean, nowMs: number): void {
    if (isOn) this.#begin('toggle');
    else this.#end('toggle', nowMs, 0);
  }

  /** Somebody wants to follow: nothing holds until something new happens. */
  resume(): void {
    this.#active.clear();
    this.#overSinceMs = null;
    this.#graceEndsAtMs = null;
  }

  tick(nowMs: number): void {
    if (this.#overSinceMs !== null && nowMs - this.#overSinceMs >= HOVER_MS) this.#begin('pointer');
    if (this.#graceEndsAtMs !== null && nowMs >= this.#graceEndsAtMs) this.#graceEndsAtMs = null;
  }

  #set(reason: HoldReason, isActive: boolean, nowMs: number): void {
    if (isActive) this.#begin(reason);
    else this.#end(reason, nowMs);
  }

  #begin(reason: HoldReason): void {
    this.#active.add(reason);
    this.#graceEndsAtMs = null;
  }

  #end(reason: HoldReason, nowMs: number, graceMs = GRACE_MS): void {
    if (!this.#active.delete(reason) || this.#active.size > 0) return;
    this.#lastReason = reason;
    this.#graceEndsAtMs = graceMs === 0 ? null : nowMs + graceMs;
  }
}
