import { useSignal } from '@preact/signals';
import { SlidersHorizontal, X } from 'lucide';
import { useEffect } from 'preact/hooks';
import type { Filter } from '../../../shared/filter.ts';
import type { Tier } from '../../../shared/topics.ts';
import { useDerived } from '../derived.tsx';
import { Icon } from '../icon.tsx';
import { lazy } from '../lazy.ts';
import { facts } from '../page-state.ts';
import { Popover } from '../popover.tsx';
import { MAIN_ID } from '../state/filters.ts';
import { mainFilter, setMain } from '../state/tiers.ts';
import { TITLES } from '../words.ts';
import { Chips } from './chips.tsx';
import { confidenceWords, withoutClause } from './clauses.ts';
import { ConfidenceSlider } from './confidence-slider.tsx';
import { CountReadout } from './count-readout.tsx';
import { FilterText } from './filter-text.tsx';

const FilterPanel = lazy(async () => (await import('./filter-panel.tsx')).FilterPanel);

/** A tier's live filter: as text, as chips, as a slider, and how much of the last hour it lets through. */
export function FilterBar({
  tier,
  isWhole = false,
}: {
  tier: Tier;
  /** Every dimension below it, as where it has a sheet of its own; otherwise behind a button. */
  isWhole?: boolean;
}) {
  const title = TITLES[tier];
  return (
    <div class="filters" data-filters={tier}>
      <div class="filters-line">
        <FilterText tier={tier} />
        {!isWhole && (
          <Popover
            name="filters"
            title={`Filters of ${title}`}
            label={`All filters of ${title}`}
            buttonClass="icon-button"
            button={<Icon of={SlidersHorizontal} />}
            data={{ 'data-filters-of': tier }}
          >
            {() => <FilterPanel tier={tier} />}
          </Popover>
        )}
      </div>
      <FilterState tier={tier} />
      {isWhole && <FilterPanel tier={tier} />}
    </div>
  );
}

/** What the filter is now: the slider, the chips, the count, and what the server thinks of it. */
function FilterState({ tier }: { tier: Tier }) {
  const filter = mainFilter(tier);
  const slid = useSignal<Filter | null>(null);
  const shown = slid.value ?? filter;
  // What was being slid belongs to the filter that was.
  useEffect(() => {
    slid.value = null;
  }, [filter]);
  return (
    <>
      <div class="filters-line">
        <span class="confidence">
          <ConfidenceSlider
            filter={filter}
            label={`Least confidence of ${TITLES[tier]}`}
            onSlide={to => {
              slid.value = to;
            }}
            onChange={to => setMain(tier, to)}
          />
          <span class="filter-chip" data-chip="server" data-confidence>
            <span>
              {shown.confidence_min ? confidenceWords(shown.confidence_min).replace('confidence ', '') : 'any'}
            </span>
            {filter.confidence_min !== undefined && (
              <button
                type="button"
                aria-label="Remove filter confidence"
                onClick={() => setMain(tier, withoutClause(filter, 'confidence_min'))}
              >
                <Icon of={X} size={12} />
              </button>
            )}
          </span>
        </span>
        <Chips tier={tier} />
        <CountReadout tier={tier} filter={shown} />
      </div>
      <Refusal tier={tier} />
    </>
  );
}

/** Why the server refused the main filter; the one before it still stands there. */
function Refusal({ tier }: { tier: Tier }) {
  const refusal = useDerived(() => facts[tier].value.refusal);
  if (!refusal || refusal.id !== MAIN_ID) return null;
  return (
    <p class="mistakes" role="alert" data-refusal={refusal.code}>
      Refused by the server: {refusal.message}
    </p>
  );
}
