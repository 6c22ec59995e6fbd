import type { ComponentChildren } from 'preact';
import type { Tier } from '../../../shared/topics.ts';
import { ageWords } from '../../live/words.ts';
import { run } from '../commands.ts';
import { client } from '../connection.ts';
import { useDerived, Words } from '../derived.tsx';
import { now } from '../now.ts';
import { facts, isRelatedOnly } from '../page-state.ts';
import { MAIN_ID, NO_LOCAL_FILTER } from '../state/filters.ts';
import { setLocal } from '../state/tiers.ts';
import { openManager } from '../subscriptions/open.ts';
import { keepStream } from './keep-stream.ts';
import { hiddenWords, relatedWords, withheldWords } from './status-words.ts';

/** A column's status line: everything that keeps rows from being shown, each with a way out. */
export function ColumnFoot({ tier }: { tier: Tier }) {
  const told = useDerived(() => {
    const { refusal, withheldLately, autoGrouped, backfill, related, hidden, loadingOlder } = facts[tier].value;
    return { refusal, withheldLately, autoGrouped, backfill, related, hidden, loadingOlder };
  });
  const hidden = hiddenWords(told.hidden);
  const limit = client.topic(tier).hello?.limits?.events_per_second ?? null;
  return (
    <footer class="column-foot">
      {told.refusal && told.refusal.id !== MAIN_ID && (
        <Item name="refusal" tone="err">
          Refused: {told.refusal.message} ({told.refusal.code})
        </Item>
      )}
      {told.withheldLately && (
        <Item name="withheld" tone="warn" actions={[['Tighten filters', () => run(`filter.${tier}`)]]}>
          <Words of={() => withheldWords(told.withheldLately!, limit, now.value)} />
        </Item>
      )}
      {told.autoGrouped && (
        <Item name="auto-grouped" actions={[['Keep stream', () => keepStream(tier)]]}>
          Grouped: too fast to read
        </Item>
      )}
      {told.backfill && <Item name="backfill">Backfilling: {told.backfill.received}</Item>}
      {told.related && (
        <Item
          name="related"
          actions={[
            [
              isRelatedOnly.value ? 'Show all' : 'Only these',
              () => {
                isRelatedOnly.value = !isRelatedOnly.value;
              },
            ],
          ]}
        >
          {relatedWords(told.related)}
        </Item>
      )}
      {hidden && (
        <Item
          name="hidden"
          actions={[
            ...(told.hidden.local > 0 ? [['Clear', () => setLocal(tier, NO_LOCAL_FILTER)] as const] : []),
            ...(told.hidden.muted > 0 ? [['Muted symbols', () => openManager(tier, 'mutes')] as const] : []),
          ]}
        >
          {hidden}
        </Item>
      )}
      {told.loadingOlder && <Item name="older">Loading older…</Item>}
      <span class="last" data-status="last">
        <Words of={() => lastWords(facts[tier].value.lastEventAtMs, now.value)} />
      </span>
    </footer>
  );
}

function lastWords(lastEventAtMs: number | null, nowMs: number): string {
  return lastEventAtMs === null ? 'no event yet' : `last event ${ageWords(nowMs - lastEventAtMs)} ago`;
}

function Item({
  name,
  tone = 'muted',
  actions = [],
  children,
}: {
  name: string;
  tone?: 'muted' | 'warn' | 'err';
  actions?: readonly (readonly [title: string, act: () => void])[];
  children: ComponentChildren;
}) {
  return (
    <span class="status-item" data-status={name} data-tone={tone}>
      <span>{children}</span>
      {actions.map(([title, act]) => (
        <button key={title} type="button" class="link-button" onClick={act}>
          {title}
        </button>
      ))}
    </span>
  );
}
