import type { PatternEvent } from '../../shared/events.ts';
import { thousandths } from '../../shared/filter.ts';
import type { Tier } from '../../shared/topics.ts';
import type { TopicClient } from '../client/client.ts';
import { type ExchangeCalendar, sessionAt } from './calendar.ts';
import { type ColumnState, columnState } from './column-state.ts';
import type { ColumnFacts, HoldReason } from './facts.ts';
import type { Feed } from './feed.ts';
import { isSimulator } from './marks.ts';
import type { News } from './news.ts';
import type { Older } from './older.ts';
import type { Rows } from './rows.ts';
import { isEvent } from './store.ts';

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

/** All that a column knows of itself at a moment. Looks at everything that is kept. */
export function makeFacts(sources: FactSources): ColumnFacts {
  const { topic, rows, feed, older, news, nowMs, relates } = sources;
  const { local, muted } = rows.hidden;
  return {
    ...countEvents(rows),
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

function countEvents(rows: Rows): Pick<ColumnFacts, 'medianConfidence' | 'isSimulated'> {
  const byConfidence = new Uint32Array(1_001);
  let shown = 0;
  let isSimulated = false;
  for (const line of rows.lines) {
    if (!isEvent(line)) continue;
    const { confidence, source } = line.entry.event;
    isSimulated ||= isSimulator(source);
    if (line.hiddenBy !== '') continue;
    byConfidence[Math.min(1_000, Math.max(0, thousandths(confidence)))]!++;
    shown++;
  }
  return { medianConfidence: medianOf(byConfidence, shown), isSimulated };
}

/** The lower of the two in the middle of an even number. */
function medianOf(counts: Uint32Array, total: number): number | null {
  let below = 0;
  for (let thousandth = 0; thousandth < counts.length; thousandth++) {
    below += counts[thousandth]!;
    if (below > 0 && below * 2 >= total) return thousandth / 1_000;
  }
  return null;
}

function countRows(
  rows: Rows,
  relates: ((event: PatternEvent) => boolean) | null,
  topInView: number,
): Pick<ColumnFacts, 'shown' | 'related'> {
  let shown = 0;
  const related = { count: 0, above: 0 };
  for (let position = rows.low; position < rows.head; position++) {
    const { entry } = rows.at(position)!;
    if (entry.type !== 'pattern') continue;
    shown++;
    if (!relates?.(entry.event)) continue;
    related.count++;
    if (position > topInView) related.above++;
  }
  return { shown, related: relates && related };
}
