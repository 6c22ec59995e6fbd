import type { Channels } from '../../../shared/api/channels.ts';
import { ageWords } from '../../live/words.ts';

type Channel = Channels['channels'][number];

export interface ChannelState {
  state: 'ok' | 'warn' | 'down' | 'unknown';
  words: string;
}

/** In regular trading a channel that spoke within the last day is taken for silent from here on. */
const SILENT_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Whether a channel is listened to, and silent though it should not be.
 * @param context.nowMs by the server's clock
 * @param context.isTrading whether the exchange is in regular trading; null = not known
 */
export function channelState(
  channel: Channel,
  { bridges, nowMs, isTrading }: { bridges: Channels['bridges']; nowMs: number; isTrading: boolean | null },
): ChannelState {
  const alive = new Set(bridges.filter(bridge => bridge.alive).map(({ bridge_id }) => bridge_id));
  const listening = channel.bridges.filter(({ bridge_id }) => alive.has(bridge_id));
  if (listening.length === 0) return { state: 'down', words: 'no bridge listens' };
  // null = a stream, which is not subscribed to.
  if (listening.every(({ subscribed }) => subscribed === false)) return { state: 'down', words: 'not subscribed' };
  if (channel.last_message_at === null) return { state: 'unknown', words: 'never heard' };
  const silentMs = nowMs - Date.parse(channel.last_message_at);
  const isSilent = isTrading === true && silentMs > SILENT_MS && silentMs < DAY_MS;
  return isSilent ? { state: 'warn', words: `silent for ${ageWords(silentMs)}` } : { state: 'ok', words: 'heard' };
}

/** How many Redis counts on a channel; null = not known. */
export function subscribersOf(channel: Channel): number | null {
  return channel.bridges.map(({ subscribers }) => subscribers).find(count => count !== null) ?? null;
}
