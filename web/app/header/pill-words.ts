import { HEARTBEAT_MS } from '../../../shared/limits.ts';
import type { Hello, TopicState } from '../../client/client.ts';
import type { ColumnFacts } from '../../live/facts.ts';
import { ageWords } from '../../live/words.ts';
import { rateWords } from '../words.ts';

/** Whether a bridge was heard of lately: what the connection says is another matter. */
export type Freshness = 'fresh' | 'stale' | 'unknown';

/** So many heartbeats may be missing before data counts as stale. */
const MISSED_HEARTBEATS = 2;

/** How often a server's heartbeats come, in milliseconds, by its greeting. */
export function heartbeatMsOf(hello: Pick<Hello, 'heartbeat_ms'> | null): number {
  return hello?.heartbeat_ms ?? HEARTBEAT_MS;
}

/** @param heartbeatMs how often the server said that heartbeats come */
export function freshnessOf(
  { heartbeatAtMs, state }: Pick<ColumnFacts, 'heartbeatAtMs' | 'state'>,
  heartbeatMs: number,
  nowMs: number,
): Freshness {
  if (heartbeatAtMs === null) return state.name === 'stale' ? 'stale' : 'unknown';
  const isOld = nowMs - heartbeatAtMs > MISSED_HEARTBEATS * heartbeatMs;
  return isOld || state.name === 'stale' ? 'stale' : 'fresh';
}

/** What the connection itself is doing, whatever comes over it. */
export function linkWords(topic: TopicState, nowMs: number): { name: 'up' | 'waiting' | 'down'; words: string } {
  switch (topic.name) {
    case 'open':
      return { name: 'up', words: 'connected' };
    case 'backfilling':
      return { name: 'up', words: 'connected, catching up' };
    case 'connecting':
      return { name: 'waiting', words: topic.attempt > 0 ? `connecting, attempt ${topic.attempt + 1}` : 'connecting' };
    case 'reconnecting':
      return { name: 'down', words: `lost, next attempt ${inSeconds(topic.retryAtMs - nowMs)}` };
    case 'asleep':
      return { name: 'down', words: 'asleep while nobody looked' };
    case 'closed':
      return { name: 'down', words: `closed: ${topic.reason}` };
  }
}

/** The one figure of a pill: the rate while data is fresh and comes in, else how old what is known is. */
export function pillFigure(facts: ColumnFacts, freshness: Freshness, nowMs: number): string {
  if (freshness === 'unknown') return '–';
  if (freshness === 'stale') {
    return facts.heartbeatAtMs === null ? 'no data' : `${ageWords(nowMs - facts.heartbeatAtMs)} old`;
  }
  const isUp = linkWords(facts.topic, nowMs).name === 'up';
  if (isUp && facts.perMinute > 0) return rateWords(facts);
  if (facts.lastEventAtMs !== null) return `${ageWords(nowMs - facts.lastEventAtMs)} ago`;
  return isUp ? 'quiet' : '–';
}

function inSeconds(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1_000);
  return seconds > 0 ? `in ${seconds} s` : 'now';
}
