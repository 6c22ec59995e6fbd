import { type Clock, momentWords, zoneWords } from '../../live/times.ts';
import type { Alert } from './producer-state.ts';

/** A producer's alert in a sentence; `nowMs` on the server's clock. */
export function alertWords(
  { component, message, detected_at }: Pick<Alert, 'component' | 'message' | 'detected_at'>,
  nowMs: number,
  clock: Clock,
): string {
  const from = component ? `${component}: ` : '';
  return `${momentWords(Date.parse(detected_at), nowMs, clock)} ${zoneWords(clock)} ${from}${message ?? 'no message sent'}`;
}
