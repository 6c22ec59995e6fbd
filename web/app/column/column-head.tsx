import { PanelLeftClose, Pin, PinOff, SlidersHorizontal } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { ageWords, percentOf, stateWords } from '../../live/words.ts';
import { resume } from '../columns.ts';
import { useDerived, Words } from '../derived.tsx';
import { performanceOfTiers } from '../header/market.ts';
import { Icon } from '../icon.tsx';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { countParts } from '../state/filters.ts';
import { changeColumn, clock, columnSettings } from '../state/settings.ts';
import { filtersOf } from '../state/tiers.ts';
import { TierIcon } from '../tier-icon.tsx';
import { countWords, rateWords, TITLES } from '../words.ts';
import { collapse, device, shown } from './arrangement.ts';
import { openFilterSheet } from './open-filter-sheet.ts';
import { holdWords } from './status-words.ts';
import { successWords } from './success-words.ts';
import { ViewChoice } from './view-choice.tsx';

/** A column's title, state, figures and switches. */
export function ColumnHead({ tier }: { tier: Tier }) {
  const title = TITLES[tier];
  const shownWords = useDerived(() => countWords(facts[tier].value.shown));
  const heldWords = useDerived(() => countWords(facts[tier].value.held));
  const parts = countParts(filtersOf(tier));
  return (
    <header class="column-head">
      <div class="column-line">
        <h2 id={`${tier}-title`}>
          <TierIcon tier={tier} />
          <span>{title}</span>{' '}
          <span class="count" title={`${shownWords} rows of ${heldWords} events kept`}>
            {shownWords}
          </span>
        </h2>
        <StateLabel tier={tier} />
        <div class="column-switches">
          {device.value !== 'phone' && <ViewChoice tier={tier} hasWords={false} />}
          <HoldToggle tier={tier} />
          {device.value === 'phone' && (
            <button
              type="button"
              class="icon-button"
              aria-label={`View and filters of ${title}, ${parts} set`}
              data-parts={parts}
              aria-haspopup="dialog"
              onClick={() => openFilterSheet(tier)}
            >
              <Icon of={SlidersHorizontal} />
            </button>
          )}
          {device.value !== 'phone' && shown.value.length > 1 && (
            <button
              type="button"
              class="icon-button"
              aria-label={`Collapse ${title}`}
              title="Collapse"
              onClick={() => collapse(tier)}
            >
              <Icon of={PanelLeftClose} />
            </button>
          )}
        </div>
      </div>
      <Figures tier={tier} />
    </header>
  );
}

/** The one state a column is in, and beside it whether it is held or paused. */
function StateLabel({ tier }: { tier: Tier }) {
  const { glyph, label } = useDerived(() =>
    stateWords(facts[tier].value.state, { title: TITLES[tier], nowMs: now.value, clock: clock.value }),
  );
  const held = useDerived(() => holdWords(facts[tier].value));
  const isPaused = useDerived(() => facts[tier].value.hold === 'paused');
  return (
    <p class="states">
      <span class="state">
        <span class="glyph" aria-hidden="true">
          {glyph}
        </span>{' '}
        {label}
      </span>
      {held && (
        <span class="state" data-hold-label title={held}>
          <span class="glyph" aria-hidden="true">
            {isPaused ? '‖' : '▬'}
          </span>{' '}
          <span class="hold-word">{isPaused ? 'Paused' : 'Held'}</span>
        </span>
      )}
    </p>
  );
}

function HoldToggle({ tier }: { tier: Tier }) {
  const isOn = columnSettings[tier].value.isHeld;
  return (
    <button
      type="button"
      class="icon-button"
      aria-pressed={isOn}
      aria-label={`Hold ${TITLES[tier]}`}
      title={isOn ? 'Follow again' : 'Hold: rows stand still while you read'}
      onClick={() => (isOn ? resume(tier) : changeColumn(tier, { isHeld: true }))}
    >
      <Icon of={isOn ? PinOff : Pin} />
    </button>
  );
}

/** Rate, confidence, how patterns have done by the producer's own outcomes, and the age of the data. */
function Figures({ tier }: { tier: Tier }) {
  const tiers = performanceOfTiers.value?.tiers[tier];
  const told = facts[tier];
  const median = () => (told.value.medianConfidence === null ? '–' : String(percentOf(told.value.medianConfidence)));
  const age = () => (told.value.heartbeatAtMs === null ? '–' : ageWords(now.value - told.value.heartbeatAtMs));
  return (
    <p class="figures">
      <span title="Events that came in over the last minute">
        <Words of={() => rateWords(told.value)} />
      </span>
      <span title="Median confidence of the rows shown">
        med <Words of={median} />
      </span>
      <span title="Share that came true after 1 and 5 days, by the producer’s outcomes, and of how many">
        {successWords(tiers)}
      </span>
      <span class="data-age" title="Since a bridge was heard of last">
        data <Words of={age} />
      </span>
    </p>
  );
}
