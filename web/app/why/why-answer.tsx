import { Check, X } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Explanation } from '../../../shared/api/explain.ts';
import type { PatternEvent } from '../../../shared/events.ts';
import type { Tier } from '../../../shared/topics.ts';
import { Hops } from '../detail/hops-table.tsx';
import { sectors } from '../filter/seen.ts';
import { Icon } from '../icon.tsx';
import { Pairs } from '../pairs.tsx';
import { isMuted, isStarred } from '../state/marks.ts';
import { tiers } from '../state/tiers.ts';
import { TITLES } from '../words.ts';
import type { Answer } from './ask.ts';
import { clauseRows } from './clause-words.ts';
import { hiddenHereBy } from './hidden-here.ts';
import { verdictOf } from './verdict.ts';

/** Clause by clause what a column's subscriptions want and the event has, what is hidden here, and what became of it. */
export function WhyAnswer({ tier, answer: { explanation, judged, sessionNotes } }: { tier: Tier; answer: Answer }) {
  const { event, hops, notes } = explanation;
  const hidden =
    event.kind === 'pattern'
      ? hiddenHereBy(event as PatternEvent, tiers[tier].local.value, {
          isStarred,
          isMuted,
          sectorOf: sectors.value,
          nowMs: explanation.explained_at_ms,
        })
      : [];
  const { isShown, words } = verdictOf(TITLES[tier], explanation, { judged, hidden });
  // Which parts of a filter fail is in the tables.
  const told = notes.filter(({ code }) => code !== 'filter');
  return (
    <>
      <p class="why-verdict" data-shown={isShown} role="status">
        <Icon of={isShown ? Check : X} />
        <span>{words}</span>
      </p>
      {judged.map(({ subscription, told }) => (
        <Clauses
          key={subscription.id}
          name={judged.length > 1 ? subscription.name : null}
          state={subscription.isPaused ? 'is paused' : told.matches ? 'lets it through' : 'does not let it through'}
          clauses={told.clauses}
        />
      ))}
      {hidden.length > 0 && <List title="Hidden on this page" sentences={hidden} />}
      {sessionNotes.length > 0 && (
        <List title="The session of this page" sentences={sessionNotes.map(({ text }) => text)} />
      )}
      {told.length > 0 && <List title="What the hub knows of its flush" sentences={told.map(({ text }) => text)} />}
      <h3>Sent</h3>
      <Pairs pairs={sentPairs(explanation)} />
      <h3>Way here</h3>
      <Hops hops={hops} />
    </>
  );
}

function Clauses({
  name: subscription,
  state,
  clauses,
}: {
  /** null = the column has no other. */
  name: string | null;
  state: string;
  clauses: Explanation['subscriptions'][number]['clauses'];
}) {
  const rows = clauseRows(clauses);
  const what = rows.length === 0 ? 'The filter asks for everything' : 'What the filter asks for';
  const heading = subscription === null ? what : `“${subscription}” ${state}`;
  if (rows.length === 0) return <h3>{heading}</h3>;
  return (
    <div class="key-table why-clauses">
      <table>
        <caption>{heading}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Wants</th>
            <th scope="col">The event has</th>
            <th scope="col">Lets it through</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ clause, name, wants, has, holds }) => (
            <tr key={clause} data-clause={clause} data-holds={holds}>
              <th scope="row">{name}</th>
              <td>{wants}</td>
              <td>{has}</td>
              <td>
                <Icon of={holds ? Check : X} /> {holds ? 'yes' : 'no'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List({ title, sentences }: { title: string; sentences: readonly string[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul class="legend">
        {sentences.map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function sentPairs({ routing, delivery }: Explanation): (readonly [string, ComponentChildren])[] {
  const { rules, priority } = routing;
  const pairs: [string, ComponentChildren][] = [['Rules', rules === null ? 'n/a' : rules.join(', ') || 'none']];
  if (priority !== null) pairs.push(['Priority', priority]);
  const { sent_sessions: sent, matching_sessions: matching } = delivery ?? {};
  const sessions = `session${matching === 1 ? '' : 's'}`;
  pairs.push(['Sent live to', delivery === null ? 'n/a' : `${sent} of ${matching} ${sessions} that it was for`]);
  return pairs;
}
