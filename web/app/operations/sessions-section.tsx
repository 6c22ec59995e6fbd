import { useSignal } from '@preact/signals';
import type { SessionReport, Sessions } from '../../../shared/api/sessions.ts';
import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';
import { bytesWords } from './figures.ts';
import { type Sources, serverNowMs } from './sources.ts';
import { Table } from './table.tsx';

/** Who is connected, the slowest first. The list stands still while the pointer or the focus is in it. */
export function SessionsSection({ sources }: { sources: Sources }) {
  const held = useSignal<Sessions | null>(null);
  const told = held.value ?? sources.sessions.value;
  const hold = () => {
    held.value ??= sources.sessions.peek();
  };
  const release = () => {
    held.value = null;
  };
  if (!told) return <p class="hint">Not known yet.</p>;
  const { total, sessions, left_out, missing } = told;
  return (
    <div onPointerEnter={hold} onPointerLeave={release} onFocusIn={hold} onFocusOut={release}>
      <p class="hint">
        {countWords(total)} open{left_out > 0 && `, ${countWords(left_out)} less slow ones are not listed`}
        {missing.length > 0 && `; no answer from ${missing.join(', ')}`}
        {held.value && '. Held while you read'}
      </p>
      {sessions.length > 0 && (
        <Table
          name="Sessions"
          head={['User', 'Topic', 'Behind', 'Queued', 'Withheld', 'Delivered', 'Wants', 'Open for', 'Sign of life']}
        >
          {sessions.map(session => (
            <Row key={session.session_id} session={session} />
          ))}
        </Table>
      )}
    </div>
  );
}

function Row({ session }: { session: SessionReport }) {
  const ago = (at: string) => ageWords(Math.max(0, serverNowMs() - Date.parse(at)));
  const { rate_limited, skipped } = session.withheld;
  const withheld = [
    ...(rate_limited > 0 ? [`${countWords(rate_limited)} over its limit`] : []),
    ...(skipped > 0 ? [`${countWords(skipped)} as it reads slowly`] : []),
  ];
  return (
    <tr data-session={session.session_id}>
      <th scope="row" class="ops-name" title={session.session_id}>
        {session.user_id}
      </th>
      <td>{session.topic}</td>
      <td>{session.behind === 0 ? 'live' : countWords(session.behind)}</td>
      <td>{bytesWords(session.queued_bytes)}</td>
      <td>{withheld.length === 0 ? 'none' : withheld.map(words => <div key={words}>{words}</div>)}</td>
      <td>{countWords(session.delivered)}</td>
      <td class="ops-why">
        <details>
          <summary>
            {session.subscriptions_total} {session.subscriptions_total === 1 ? 'subscription' : 'subscriptions'}
          </summary>
          <ul>
            {session.subscriptions.map(({ id, filter }) => (
              <li key={id}>
                {id}: <code>{filter === null ? 'too long to be shown' : JSON.stringify(filter)}</code>
              </li>
            ))}
          </ul>
        </details>
      </td>
      <td>{ago(session.opened_at)}</td>
      <td>{ago(session.heard_at)} ago</td>
    </tr>
  );
}
