import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';
import { perMinuteWords } from './figures.ts';
import { type RejectGroup, rejectGroups } from './reject-groups.ts';
import { type Sources, serverNowMs } from './sources.ts';
import { ChannelName, Table } from './table.tsx';

/** What could not be read, by channel and field, and what no topic carries. */
export function RejectsSection({ sources }: { sources: Sources }) {
  const rejects = sources.rejects.value;
  if (!rejects) return <p class="hint">Not known yet.</p>;
  const groups = rejectGroups(rejects);
  return (
    <>
      {groups.length === 0 ? (
        <p class="hint">Every message so far could be read.</p>
      ) : (
        <Table name="Rejects" head={['Channel', 'Field', 'Count', 'Rate', 'Newest', 'Why']}>
          {groups.map(group => (
            <Group key={group.key} group={group} perMinute={sources.rejectsPerMinute(group.channel, group.reason)} />
          ))}
        </Table>
      )}
      {rejects.not_routed.length > 0 && (
        <details>
          <summary>Read, and carried by no topic</summary>
          <Table name="Not carried" head={['Channel', 'Kind', 'Count']}>
            {rejects.not_routed
              .toSorted((a, b) => (a.channel + a.kind < b.channel + b.kind ? -1 : 1))
              .map(({ channel, kind, count }) => (
                <tr key={`${channel} ${kind}`}>
                  <ChannelName name={channel} />
                  <td>{kind}</td>
                  <td>{countWords(count)}</td>
                </tr>
              ))}
          </Table>
        </details>
      )}
    </>
  );
}

function Group({ group, perMinute }: { group: RejectGroup; perMinute: number | null }) {
  const { channel, reason, field, count, newest } = group;
  return (
    <tr data-reject={channel} data-field={field} data-rising={(perMinute ?? 0) > 0}>
      <ChannelName name={channel} />
      <td>{field}</td>
      <td>{countWords(count)}</td>
      <td>{perMinuteWords(perMinute)}</td>
      <td>{newest ? `${ageWords(Math.max(0, serverNowMs() - Date.parse(newest.at)))} ago` : 'n/a'}</td>
      <td class="ops-why">
        {newest?.words ?? `${reason}; no sample is kept any more`}
        {newest && (
          <details>
            <summary>Sample</summary>
            <pre>{newest.sample}</pre>
          </details>
        )}
      </td>
    </tr>
  );
}
