import type { Channel } from '../shared/channels.ts';
import type { HeardChannel } from '../shared/ingest-protocol.ts';
import type { PerChannel } from './channel-counts.ts';
import type { BridgeConfig } from './config.ts';
import type { ChannelListening } from './source.ts';

/** What a bridge tells of every channel and stream it listens to, whether anything was heard there or not. */
export function heardChannels(
  { channels, streams }: Pick<BridgeConfig, 'channels' | 'streams'>,
  counts: PerChannel,
  listeningTo: (channel: string) => ChannelListening,
): HeardChannel[] {
  const onStreams = Object.entries(streams).filter(([name]) => !Object.hasOwn(channels, name));
  return [
    ...Object.entries(channels).map(([name, carries]) => heard(name, carries, counts, listeningTo(name))),
    ...onStreams.map(([name, carries]) => heard(name, carries, counts, { subscribed: null, subscribers: null })),
  ];
}

function heard(
  channel: string,
  { kind, tier }: Channel,
  perChannel: PerChannel,
  listening: Pick<HeardChannel, 'subscribed' | 'subscribers'>,
): HeardChannel {
  const { lastMessageAtMs, ...counts } = perChannel.of(channel);
  return { channel, kind, tier: tier ?? null, ...listening, ...counts, last_message_at_ms: lastMessageAtMs };
}
