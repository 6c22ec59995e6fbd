import type { Channels } from '../../../shared/api/channels.ts';
import { ageWords } from '../../live/words.ts';
import { device } from '../column/arrangement.ts';
import { countWords } from '../words.ts';
import { type ChannelState, channelState, subscribersOf } from './channel-state.ts';
import { perMinuteWords } from './figures.ts';
import { type Sources, serverNowMs } from './sources.ts';
import { StateMark } from './state-mark.tsx';
import { ChannelName, Table } from './table.tsx';

interface ToldChannel {
  channel: Channels['channels'][number];
  state: ChannelState;
}

/** Who listens to which channel, and what comes on it; on a phone those that are only listened to are folded away. */
export function ChannelsSection({ sources }: { sources: Sources }) {
  const told = sources.channels.value;
  if (!told) return <p class="hint">Not known yet.</p>;
  if (told.channels.length === 0) return <p class="hint">No bridge has told of its channels yet.</p>;
  const nowMs = serverNowMs();
  const context = { bridges: told.bridges, nowMs, isTrading: sources.isTrading.value };
  const all = told.channels.map(channel => ({ channel, state: channelState(channel, context) }));
  const unheard = all.filter(({ state }) => state.state === 'unknown');
  const others = all.filter(({ state }) => state.state !== 'unknown');
  return (
    <>
      {others.length > 0 && <ChannelTable name="Channels" channels={others} sources={sources} nowMs={nowMs} />}
      {unheard.length > 0 && (
        <details open={device.value !== 'phone'}>
          <summary>{unheardWords(unheard.length)}</summary>
          <ChannelTable name="Channels never heard" channels={unheard} sources={sources} nowMs={nowMs} />
        </details>
      )}
    </>
  );
}

function unheardWords(count: number): string {
  return count === 1 ? 'Nothing has come on 1 channel' : `Nothing has come on ${count} channels`;
}

function ChannelTable({
  name,
  channels,
  sources,
  nowMs,
}: {
  name: string;
  channels: ToldChannel[];
  sources: Sources;
  nowMs: number;
}) {
  return (
    <Table
      name={name}
      head={['Channel', 'State', 'Last message', 'Rate', 'Rejects', 'Carries', 'Shapes', 'Subscribers']}
    >
      {channels.map(({ channel, state: { state, words } }) => {
        const rejects = channel.rejects.reduce((sum, { count }) => sum + count, 0);
        const { last_message_at, shapes } = channel;
        return (
          <tr key={channel.channel} data-channel={channel.channel} data-state-of={state}>
            <ChannelName name={channel.channel} />
            <td>
              <StateMark state={state} words={words} />
            </td>
            <td>{last_message_at ? `${ageWords(Math.max(0, nowMs - Date.parse(last_message_at)))} ago` : 'never'}</td>
            <td>{perMinuteWords(sources.messagesPerMinute(channel.channel))}</td>
            <td class={rejects > 0 ? 'ops-warn' : undefined}>{countWords(rejects)}</td>
            <td>{[channel.kind, channel.tier].filter(Boolean).join(', ') || 'n/a'}</td>
            <td>{shapes.join(', ') || 'none'}</td>
            <td>{subscribersOf(channel) ?? 'n/a'}</td>
          </tr>
        );
      })}
    </Table>
  );
}
