import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { TopicClient } from '../client/client.ts';
import { type ExchangeCalendar, sessionAt } from './calendar.ts';
import { type ColumnState, columnState } from './column-state.ts';
import type { ColumnFacts, HoldReason } from './facts.ts';
import type { Feed } from './feed.ts';
import type { News } from './news.ts';
import type { Older } from './older.ts';
import type { Rows } from './rows.ts';

/** What facts are made of. Times are epoch milliseconds, local clock. */
export interface FactSources {
  tier: Tier;
  topic: TopicClient;
  rows: Rows;
  feed: Feed;
  older: Older;
  news: News;
  market: { calendar: ExchangeCalendar | null; isStreaming: boolean };
  isOnline: boolean;
  visibleSinceMs: number | null;
  holdReason: HoldReason | null;
  autoGrouped: boolean;
  relates: ((event: PatternEvent) => boolean) | null;
  /** The topmost position that can be seen. */
  topInView: number;
  nowMs: number;
}

/** All that a column knows of itself at a moment. Looks at every row. */
export function makeFacts(sources: FactSources): ColumnFacts {
  const { topic, rows, feed, older, news, nowMs, relates } = sources;
  const { local, muted } = rows.hidden;
  return {
    medianConfidence: rows.medianConfidence,
    isSimulated: rows.isSimulated,
    ...countRows(rows, relates, sources.topInView),
    topic: topic.state,
    epoch: feed.epoch,
    state: stateOf(sources),
    hold: rows.flow,
    holdReason: rows.flow === 'held' ? sources.holdReason : null,
    newWhileHeld: rows.news,
    view: rows.view,
    autoGrouped: sources.autoGrouped,
    held: rows.held,
    hidden: { local, muted },
    unseen: news.unseen,
    perMinute: news.perMinute(nowMs),
    perSecond: news.perSecond(nowMs),
    lastEventAtMs: feed.lastEventAtMs,
    heartbeatAtMs: feed.heartbeatAtMs,
    bridges: feed.bridges,
    backfill: feed.backfilled === null ? null : { received: feed.backfilled },
    withheldLately: feed.withheldLately(nowMs),
    refusal: feed.refusal,
    loadingOlder: older.isLoading,
    tapeEnd: older.isAtEnd,
  };
}

/** The column's state alone. */
export function stateOf(sources: FactSources): ColumnState {
  const { tier, topic, rows, feed, market, nowMs } = sources;
  const { local, muted, unrelated } = rows.hidden;
  return columnState({
    tier,
    nowMs,
    topic: topic.state,
    lostAtMs: feed.lostAtMs,
    wasOpen: feed.openedAtMs !== null,
    isOnline: sources.isOnline,
    visibleSinceMs: sources.visibleSinceMs,
    heartbeatAtMs: feed.heartbeatAtMs,
    heartbeatMs: topic.hello?.heartbeat_ms ?? null,
    openedAtMs: feed.openedAtMs,
    session: market.calendar && sessionAt(market.calendar, nowMs - (topic.clockOffset?.offsetMs ?? 0)),
    isStreaming: market.isStreaming,
    lastEventAtMs: feed.lastEventAtMs,
    subscriptions: feed.subscriptions,
    refused: feed.refusal && { ...feed.refusal, count: feed.refusedSubscriptions },
    held: rows.held,
    hidden: { local, muted, unrelated },
    hasTape: feed.hasTape,
    backfilled: feed.backfilled ?? 0,
  });
}

function countRows(
  rows: Rows,
  relates: ((event: PatternEvent) => boolean) | null,
  topInView: number,
): Pick<ColumnFacts, 'shown' | 'related'> {
  let shown = 0;
  const related = { count: 0, above: 0 };
  for (const [index, { entry }] of rows.inOrder.rows.entries()) {
    if (entry.type !== 'pattern') continue;
    shown++;
    if (!relates?.(entry.event)) continue;
    related.count++;
    if (rows.inOrder.base + index > topInView) related.above++;
  }
  return { shown, related: relates && related };
}
