import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';
import { channelState, subscribersOf } from './channel-state.ts';
import { perMinuteWords } from './figures.ts';
import { type Sources, serverNowMs } from './sources.ts';
import { StateMark } from './state-mark.tsx';
import { ChannelName, Table } from './table.tsx';

/** Who listens to which channel, and what comes on it. */
export function ChannelsSection({ sources }: { sources: Sources }) {
  const told = sources.channels.value;
  if (!told) return <p class="hint">Not known yet.</p>;
  if (told.channels.length === 0) return <p class="hint">No bridge has told of its channels yet.</p>;
  const nowMs = serverNowMs();
  const context = { bridges: told.bridges, nowMs, isTrading: sources.isTrading.value };
  return (
    <Table
      name="Channels"
      head={['Channel', 'State', 'Last message', 'Rate', 'Rejects', 'Carries', 'Shapes', 'Subscribers']}
    >
      {told.channels.map(channel => {
        const { state, words } = channelState(channel, context);
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
