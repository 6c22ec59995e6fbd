import type { Topic } from '../../shared/topics.ts';

/** What came of posting a batch: an HTTP status and the body's JSON (undefined when it was none), or no answer. */
export type PostResult = { status: number; body: unknown } | { failure: string };

export type Verdict =
  | { verdict: 'taken' }
  /** The same batch again, later. */
  | { verdict: 'retry'; why: string }
  /** This batch will never be taken as it is. */
  | { verdict: 'refused'; why: string };

/** What an answer means for a lane's batch. Only 413 and 422 are about the batch; all else may pass. */
export function judge(result: PostResult, topic: Topic): Verdict {
  if ('failure' in result) return { verdict: 'retry', why: result.failure };
  const { status, body } = result;
  if (status === 413 || status === 422) return { verdict: 'refused', why: said(status, body, 'detail') };
  if (status !== 200) return { verdict: 'retry', why: said(status, body, 'detail') };
  const answer = read(read(body, 'topics'), topic);
  return typeof read(answer, 'head') === 'number'
    ? { verdict: 'taken' }
    : { verdict: 'retry', why: said(status, answer, 'error') };
}

/** What the hub did with a batch that it took. */
export function takenOf(result: PostResult, topic: Topic): { accepted: unknown; duplicates: unknown } {
  const answer = 'failure' in result ? undefined : read(read(result.body, 'topics'), topic);
  return { accepted: read(answer, 'accepted'), duplicates: read(answer, 'duplicates') };
}

/** When the Worker answered, by its own clock; null when it did not say. */
export function serverTimeOf(result: PostResult): number | null {
  const at = 'failure' in result ? null : read(result.body, 'server_at_ms');
  return typeof at === 'number' ? at : null;
}

function said(status: number, body: unknown, key: string): string {
  const text = read(body, key);
  return typeof text === 'string' ? `${status}: ${text.slice(0, 200)}` : `${status}`;
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
