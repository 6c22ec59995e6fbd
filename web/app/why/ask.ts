import type { ExplainNote, Explanation } from '../../../shared/api/explain.ts';
import type { PatternEvent } from '../../../shared/events.ts';
import { SESSION_EXPLAIN_CODES } from '../../../shared/explain-codes.ts';
import { MAX_PAGE_SIZE } from '../../../shared/limits.ts';
import type { Tier } from '../../../shared/topics.ts';
import { ApiError, get, getPatterns } from '../api.ts';
import type { NamedSubscription } from '../state/filters.ts';
import { momentOf } from './event-words.ts';

/** What the server says of an event and each subscription of a column, and of the page's own session. */
export interface Answer {
  /** Of the first of them; they differ in nothing that is not their filter's. */
  explanation: Explanation;
  judged: { subscription: NamedSubscription; told: Explanation['subscriptions'][number] }[];
  /** What the hub knows of this page's session; empty = nothing, or it is not connected. */
  sessionNotes: ExplainNote[];
}

/** Why there is no answer, in words, and whether asking again may bring one. */
export interface Failure {
  words: string;
  canRetry: boolean;
}

/**
 * Throws like `getCount`.
 * @param asker.sessionId the page's own on that topic; undefined = it has none
 */
export async function askWhy(
  tier: Tier,
  id: string,
  asker: { subscriptions: readonly NamedSubscription[]; sessionId: string | undefined },
  signal: AbortSignal,
): Promise<Answer> {
  const { subscriptions, sessionId } = asker;
  const event = { topic: tier, id };
  const [sessionNotes, ...explanations] = await Promise.all([
    sessionId === undefined ? [] : notesOfSession({ ...event, session: sessionId }, signal),
    ...subscriptions.map(({ filter }) => get<Explanation>('explain', { ...event, ...filter }, signal)),
  ]);
  return {
    sessionNotes,
    explanation: explanations[0]!,
    judged: subscriptions.map((subscription, i) => ({ subscription, told: explanations[i]!.subscriptions[0]! })),
  };
}

/** Notes that are of one session alone. Of a session that is not connected any more there is nothing to tell. */
async function notesOfSession(query: object, signal: AbortSignal): Promise<ExplainNote[]> {
  try {
    const { notes } = await get<Explanation>('explain', query, signal);
    return notes.filter(({ code }) => OF_SESSION.has(code));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

const OF_SESSION: ReadonlySet<string> = new Set(SESSION_EXPLAIN_CODES);

export interface Found {
  events: PatternEvent[];
  /** Times of which the tape tells that events may be missing, the newest first. */
  gaps: { from: string; to: string }[];
}

/** The newest patterns of a symbol that the server keeps, whatever their confidence. Throws like `getCount`. */
export async function findPatterns(tier: Tier, symbol: string, signal: AbortSignal): Promise<Found> {
  const query = { symbols: [symbol], confidence_min: 0, limit: MAX_PAGE_SIZE };
  const { patterns, metadata } = await getPatterns(tier, query, signal);
  return { events: patterns, gaps: metadata.gaps };
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof ApiError)) return { words: 'The server cannot be reached.', canRetry: true };
  const { status, message } = error;
  if (status === 403) return { words: `You are not allowed to ask this: ${message}.`, canRetry: false };
  if (status === 401) return { words: `You are not signed in: ${message}.`, canRetry: true };
  if (status === 404) return { words: sentenceOf(message), canRetry: false };
  return { words: `The server has no answer: ${message}.`, canRetry: status >= 429 };
}

/** A problem's detail without the parameter that it begins with, and with times as people write them. */
function sentenceOf(detail: string): string {
  const words = detail.replace(/^(?:id|seq): /, '').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, momentOf);
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}
