import type { Tier } from '../../shared/topics.ts';
import { exchangeDate, marketSessionAt, openingAtMs, tradingDayBefore } from './calendar.ts';
import { type RejectRate, riseInWords } from './reject-rates.ts';
import { agoInWords } from './times-in-words.ts';

/** What a tier's health is judged by. */
export interface TierFacts {
  tier: Tier;
  /** Since the newest heartbeat of any bridge; null when there never was one. */
  heartbeatAgeMs: number | null;
  /** Those with a recent heartbeat, and what they name themselves. */
  bridges: readonly { isConnected: boolean; reasons: readonly string[] }[];
  /** When the newest message came on any channel at all; null when none has. */
  lastMessageAtMs: number | null;
  /** When the newest event of the tier came in, on whatever channel. */
  lastEventAtMs: number | null;
  /** The channels that carry the tier's patterns; null when what is heard there is not known. */
  channels: readonly TierChannel[] | null;
}

export interface TierChannel {
  channel: string;
  /** Since when bridges have listened to it without a break; null: none does. */
  listenedSinceMs: number | null;
  lastMessageAtMs: number | null;
  /** The reasons for which messages were rejected lately. */
  rejects: readonly RejectRate[];
}

/** `stale`: no bridge posts, what is shown may be old. `degraded`: it flows, but something is wrong. */
export interface TierHealth {
  status: 'ok' | 'degraded' | 'stale';
  /** One sentence for each thing that is wrong; empty when the status is ok. */
  reasons: string[];
}

/** In regular trading the producer is never this quiet: ticks, indicators and its own health come all the time. */
const PRODUCER_SILENT_MS = 5 * 60_000;
/** Nor are intraday patterns, of all symbols together. */
const INTRADAY_SILENT_MS = 15 * 60_000;

export function tierHealth(facts: TierFacts, nowMs: number): TierHealth {
  const { heartbeatAgeMs, bridges } = facts;
  if (bridges.length === 0) {
    const reason =
      heartbeatAgeMs === null
        ? 'no bridge has posted yet'
        : `no heartbeat from any bridge for ${agoInWords(heartbeatAgeMs)}`;
    return { status: 'stale', reasons: [reason] };
  }
  const ofBridges = bridges.flatMap(bridge => bridge.reasons);
  // What nobody hears says nothing of the producer.
  const others = bridges.some(bridge => bridge.isConnected)
    ? [...unheard(facts), ...silence(facts, nowMs), ...rejects(facts)]
    : ['no bridge is connected to Redis'];
  const reasons = [...new Set([...ofBridges, ...others])];
  return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
}

function unheard({ channels }: TierFacts): string[] {
  const names = (channels ?? []).filter(({ listenedSinceMs }) => listenedSinceMs === null);
  return names.length === 0 ? [] : [`nobody is subscribed on ${listOf(names)}`];
}

/**
 * The producer's own traffic is what counts: of everything, and of the tier. A channel may be quiet while another of
 * the tier is not: which of its names for the same thing a producer uses is its own affair.
 */
function silence(facts: TierFacts, nowMs: number): string[] {
  const { tier, lastMessageAtMs, lastEventAtMs, channels } = facts;
  if (marketSessionAt(nowMs) !== 'regular') return [];
  const openedAtMs = openingAtMs(exchangeDate(nowMs));
  const quietSinceMs = Math.max(lastMessageAtMs ?? 0, openedAtMs);
  if (nowMs - quietSinceMs > PRODUCER_SILENT_MS) {
    return [`the producer is silent in regular trading: ${lastMessage(lastMessageAtMs, nowMs)} on any channel`];
  }
  const heard = (channels ?? []).filter(channel => channel.listenedSinceMs !== null);
  if (heard.length === 0) return [];
  const lastMs = newest([lastEventAtMs, ...heard.map(channel => channel.lastMessageAtMs)]);
  // Whoever listens only since then cannot tell of before.
  const listenedSinceMs = Math.min(...heard.map(channel => channel.listenedSinceMs!));
  if (Math.max(lastMs ?? 0, listenedSinceMs) >= expectedSinceMs(tier, nowMs, openedAtMs)) return [];
  return [`nobody publishes on ${listOf(heard)}: ${lastMessage(lastMs, nowMs)}`];
}

/**
 * Since when a tier must have had something, in regular trading. Daily patterns come once a trading day, at an hour of
 * the producer's choice, and combos rest on them.
 */
function expectedSinceMs(tier: Tier, nowMs: number, openedAtMs: number): number {
  if (tier !== 'intraday') return openingAtMs(tradingDayBefore(exchangeDate(nowMs)));
  return nowMs - openedAtMs < INTRADAY_SILENT_MS ? 0 : nowMs - INTRADAY_SILENT_MS;
}

function rejects({ channels }: TierFacts): string[] {
  return (channels ?? []).flatMap(({ channel, rejects }) => rejects.flatMap(rate => riseInWords(channel, rate) ?? []));
}

function lastMessage(atMs: number | null, nowMs: number): string {
  return atMs === null ? 'no message yet' : `last message ${agoInWords(nowMs - atMs)} ago`;
}

function listOf(channels: readonly { channel: string }[]): string {
  return channels.map(({ channel }) => channel).join(', ');
}

function newest(times: readonly (number | null)[]): number | null {
  return times.reduce((a, b) => (b === null ? a : Math.max(a ?? b, b)), null);
}
