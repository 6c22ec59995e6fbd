import type { BeaconAnswer } from '../../shared/api/beacon.ts';
import type { Beacon } from '../../shared/requests/beacon.ts';
import type { Sample } from '../live/latency.ts';
import { post } from './api.ts';
import { painter } from './page-state.ts';

/** Soon, so that who looks for trouble sees this page too; then as often as the server says. */
const FIRST_AFTER_MS = 5_000;
const AGAIN_AFTER_MS = 60_000;
/** Of one report, which is what the server takes. */
const MAX_SAMPLES = 50;
const LONGEST_MS = 3_600_000;

/** Tells the server now and then how long events took to this page's screen; while nothing is drawn it says nothing. */
export function reportLatency(): void {
  let sinceMs = 0;
  const report = async () => {
    const nowMs = Date.now();
    const sample = painter.latency.sample(sinceMs, nowMs, MAX_SAMPLES);
    sinceMs = nowMs;
    setTimeout(report, sample === null ? AGAIN_AFTER_MS : await send(sample));
  };
  setTimeout(report, FIRST_AFTER_MS);
}

/** @returns when to report next, in milliseconds */
async function send({ receipt, paint, roundTripMs }: Sample): Promise<number> {
  const inRange = (values: number[]) => values.map(ms => Math.min(LONGEST_MS, Math.max(0, Math.round(ms * 10) / 10)));
  try {
    const report: Beacon = {
      receipt_ms: inRange(receipt),
      paint_ms: inRange(paint),
      uncertainty_ms: roundTripMs === null ? null : Math.min(LONGEST_MS, roundTripMs / 2),
    };
    const { next_after_ms } = await post<BeaconAnswer>('beacon', report);
    return Math.max(AGAIN_AFTER_MS, next_after_ms);
  } catch {
    // Nobody misses one report.
    return AGAIN_AFTER_MS;
  }
}
