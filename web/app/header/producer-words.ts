import { ageWords } from '../../live/words.ts';
import { type ProducerState, type Tone, toneOf } from './producer-state.ts';

/** A word of health older than this proves nothing any more. */
export const HEALTH_HOLDS_MS = 2 * 60_000;

/**
 * The producer in a word, and in a sentence. What was said long ago is neither good nor bad, and a session that has
 * ended is worth more attention than health. `nowMs` on the server's clock.
 */
export function producerWords(
  { health, session }: ProducerState,
  nowMs: number,
): { tone: Tone; label: string; words: string } {
  const streaming = session ? `, streaming session ${session.state}` : '';
  if (!health) {
    if (!session) return { tone: 'muted', label: '–', words: 'not heard of yet' };
    const isStopped = session.state === 'stopped';
    return {
      tone: isStopped ? 'warn' : 'muted',
      label: isStopped ? 'no stream' : 'streaming',
      words: `health not known${streaming}`,
    };
  }
  const ageMs = nowMs - Date.parse(health.detected_at);
  const status = health.status ?? 'no status';
  const words = `${status}, said ${ageWords(ageMs)} ago${streaming}`;
  if (ageMs > HEALTH_HOLDS_MS) return { tone: 'muted', label: `${ageWords(ageMs)} ago`, words };
  if (session?.state === 'stopped') return { tone: 'warn', label: 'no stream', words };
  return { tone: toneOf(health.status), label: status, words };
}
