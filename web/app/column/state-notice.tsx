import type { Tier } from '../../../shared/topics.ts';
import type { ColumnState } from '../../live/column-state.ts';
import { stateWords } from '../../live/words.ts';
import { client } from '../connection.ts';
import { useDerived } from '../derived.tsx';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { TITLES } from '../words.ts';

const EmptyNotice = lazy(async () => (await import('./empty-notice.tsx')).EmptyNotice);

const SKELETON_ROWS = 8;

/** A column's state in words, with what can be done about it: above its rows, or in their place while there are none. */
export function StateNotice({ tier }: { tier: Tier }) {
  const { state, isEmpty } = useDerived(() => {
    const { state, shown } = facts[tier].value;
    return { state, isEmpty: shown === 0 };
  });
  if (state.name === 'live') return null;
  if (state.name === 'connecting' && isEmpty) return <Skeleton tier={tier} state={state} />;
  return (
    <div class="notice" data-notice={state.name} data-large={isEmpty}>
      <Glyph>{wordsOf(tier, state).glyph}</Glyph>
      {state.name === 'empty' ? <EmptyNotice tier={tier} /> : <Words tier={tier} state={state} />}
    </div>
  );
}

function Words({ tier, state }: { tier: Tier; state: ColumnState }) {
  const { words } = wordsOf(tier, state);
  const canRetry =
    state.name === 'reconnecting' || state.name === 'offline' || (state.name === 'error' && state.canRetry);
  return (
    <>
      <p>{words}</p>
      {canRetry && <Action title="Retry now" act={() => client.topic(tier).retryNow()} />}
    </>
  );
}

function wordsOf(tier: Tier, state: ColumnState) {
  return stateWords(state, { title: TITLES[tier], nowMs: now.value, clock: clock.value });
}

function Glyph({ children }: { children: string }) {
  return (
    <span class="glyph" aria-hidden="true">
      {children}
    </span>
  );
}

/** Eight rows that stand still, so that nothing jumps when the first ones come. */
function Skeleton({ tier, state }: { tier: Tier; state: ColumnState }) {
  const { words } = wordsOf(tier, state);
  return (
    <div class="skeleton" data-notice="connecting">
      <p class="visually-hidden">{words}</p>
      {Array.from({ length: SKELETON_ROWS }, (_, index) => (
        <div key={index} class="skeleton-row" aria-hidden="true" />
      ))}
    </div>
  );
}

function Action({ title, act }: { title: string; act(): void }) {
  return (
    <button type="button" class="button" onClick={act}>
      {title}
    </button>
  );
}
