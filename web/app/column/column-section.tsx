import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { columns } from '../columns.ts';
import { client } from '../connection.ts';
import { useDerived } from '../derived.tsx';
import { freshnessOf, heartbeatMsOf } from '../header/pill-words.ts';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { TITLES } from '../words.ts';
import { active, device, isShown, use } from './arrangement.ts';
import { ColumnFoot } from './column-foot.tsx';
import { ColumnHead } from './column-head.tsx';
import { NewPill } from './new-pill.tsx';
import { StateNotice } from './state-notice.tsx';

const FilterBar = lazy(async () => (await import('../filter/filter-bar.tsx')).FilterBar);

/** A tier: its rows, and around them what is to be known of them and can be done with them. */
export function ColumnSection({ tier }: { tier: Tier }) {
  const told = useDerived(() => {
    const { state, hold, view, withheldLately } = facts[tier].value;
    return { state: state.name, hold, view, isLimited: withheldLately !== null };
  });
  const isVisible = isShown(tier);
  const freshness = useDerived(() =>
    freshnessOf(facts[tier].value, heartbeatMsOf(client.topic(tier).hello), now.value),
  );
  return (
    <section
      class="column"
      aria-labelledby={`${tier}-title`}
      hidden={!isVisible}
      data-column={tier}
      data-state={told.state}
      data-hold={told.hold}
      data-view={told.view}
      data-freshness={freshness}
      data-limited={told.isLimited}
      data-active={active.value === tier}
      onFocusIn={() => use(tier)}
      onPointerDown={() => use(tier)}
    >
      <ColumnHead tier={tier} />
      {device.value !== 'phone' && (
        <div class="column-filters">
          <FilterBar tier={tier} />
        </div>
      )}
      <div class="column-body">
        <StateNotice tier={tier} />
        <Rows tier={tier} />
        <NewPill tier={tier} />
      </div>
      <ColumnFoot tier={tier} />
    </section>
  );
}

/** Where the rows are mounted; they draw themselves. */
function Rows({ tier }: { tier: Tier }) {
  const ref = useRef<HTMLDivElement>(null);
  const { element } = columns[tier];
  useLayoutEffect(() => {
    element.setAttribute('aria-label', `${TITLES[tier]} patterns`);
    ref.current!.append(element);
  }, [element]);
  return <div ref={ref} class="rows" data-empty={useDerived(() => facts[tier].value.shown === 0)} />;
}
