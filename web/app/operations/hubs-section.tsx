import { TOPICS, type Topic } from '../../../shared/topics.ts';
import { countWords, shareWords } from '../words.ts';
import { bytesWords } from './figures.ts';
import type { Sources } from './sources.ts';
import { StateMark } from './state-mark.tsx';
import { Table } from './table.tsx';
import { hubOf } from './window.ts';

/** Each hub: whether its data is alive and why not, and what it holds. */
export function HubsSection({ sources }: { sources: Sources }) {
  // Read, so that it is drawn anew when they are.
  const hasLanes = sources.lanes.value !== null;
  if (!hasLanes) return <p class="hint">Not known yet.</p>;
  return (
    <Table
      name="Hubs"
      head={['Topic', 'State', 'Tape', 'Sessions', 'Queued', 'Cache hits', 'Withheld', 'Gaps in 24 h']}
    >
      {TOPICS.map(topic => (
        <Row key={topic} topic={topic} sources={sources} />
      ))}
    </Table>
  );
}

const STATES = { ok: 'ok', degraded: 'warn', stale: 'down', unreachable: 'down' } as const;

function Row({ topic, sources }: { topic: Topic; sources: Sources }) {
  const hub = hubOf(sources.window.newest!, topic);
  const health = topic === 'system' ? null : (sources.health.value?.tiers[topic] ?? null);
  // The hub of system has no health of its own: that it answers is what there is to say.
  const status = health?.status ?? (hub ? 'ok' : 'unreachable');
  const reasons = health?.reasons ?? [];
  const looked = hub && hub.cache.hits + hub.cache.misses;
  return (
    <tr data-hub={topic} data-state-of={STATES[status]}>
      <th scope="row">{topic}</th>
      <td class={reasons.length > 0 ? 'ops-why' : undefined}>
        <StateMark state={STATES[status]} words={status} />
        {reasons.map(reason => (
          <p key={reason}>{reason}</p>
        ))}
      </td>
      <td>
        {hub
          ? `${countWords(hub.tape.rows)} ${hub.tape.rows === 1 ? 'event' : 'events'}, ${bytesWords(hub.tape.storage_bytes)}`
          : 'n/a'}
      </td>
      <td>{hub ? countWords(hub.sessions.open) : 'n/a'}</td>
      <td>{hub ? bytesWords(hub.queued_bytes) : 'n/a'}</td>
      <td>{hub && looked ? shareWords(hub.cache.hits / looked) : 'n/a'}</td>
      <td>{hub ? countWords(hub.counts.rate_limited + hub.counts.skipped) : 'n/a'}</td>
      <td>{health?.gaps_24h ?? 'n/a'}</td>
    </tr>
  );
}
