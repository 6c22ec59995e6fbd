import { Ban, EyeOff } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { MarketSession } from '../../../shared/events.ts';
import type { Priority } from '../../../shared/priority.ts';
import type { Tier } from '../../../shared/topics.ts';
import { patternName } from '../../live/pattern-names.ts';
import { Icon } from '../icon.tsx';
import { Segmented } from '../segmented.tsx';
import { DIRECTIONS, type Direction, type FilterList, MAX_TEXT_LENGTH } from '../state/filters.ts';
import { applyToAllTiers, clearFilters, mainFilter, setLocal, setMain, tiers } from '../state/tiers.ts';
import { openManager } from '../subscriptions/open.ts';
import { openViews } from '../views/open.ts';
import { SESSIONS } from './keys.ts';
import { printDuration } from './print.ts';
import { loadVocabulary, seenIn, vocabulary } from './seen.ts';
import { SymbolList } from './symbol-list.tsx';
import { groupTimeframes, timeframeSpellings } from './timeframes.ts';
import { universeMark } from './universe-marks.ts';

/** Every dimension that a tier's filter has, those of the server first. */
export function FilterPanel({ tier }: { tier: Tier }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void loadVocabulary();
    // In a popover the next Tab goes to the first choice.
    if (ref.current!.closest('[popover]')) ref.current!.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={ref} class="filter-panel" tabIndex={-1} data-filter-panel={tier}>
      <Patterns tier={tier} />
      <Symbols tier={tier} />
      <Timeframes tier={tier} />
      <Sessions tier={tier} />
      <LeastPriority tier={tier} />
      <Directions tier={tier} />
      <Sectors tier={tier} />
      <Age tier={tier} />
      <FreeText tier={tier} />
      <footer class="filter-actions">
        <button type="button" class="button" onClick={() => applyToAllTiers(tier)}>
          Apply to all
        </button>
        <button type="button" class="button" onClick={() => clearFilters(tier)}>
          Clear
        </button>
        <button type="button" class="button" onClick={() => openManager(tier)}>
          Subscriptions…
        </button>
        <button type="button" class="button" onClick={openViews}>
          Views…
        </button>
      </footer>
    </div>
  );
}

/** Groups what belongs together; says where it is filtered. */
function Section({
  title,
  isLocal = false,
  children,
}: {
  title: string;
  isLocal?: boolean;
  children: ComponentChildren;
}) {
  return (
    <fieldset class="filter-section" data-section={title}>
      <legend>
        {title}
        {isLocal && (
          <span class="hidden-here" title="The server sends it all the same; the page hides it">
            <Icon of={EyeOff} size={12} /> hidden here
          </span>
        )}
      </legend>
      {children}
    </fieldset>
  );
}

/** Those that were seen in this tier and those that are chosen already: each can be wanted, or taken away. */
function Patterns({ tier }: { tier: Tier }) {
  const { pattern_types = [], exclude_pattern_types = [] } = mainFilter(tier);
  const all = [...new Set([...seenIn(tier).patternTypes, ...pattern_types, ...exclude_pattern_types])].sort();
  return (
    <Section title="Patterns">
      <div class="toggles">
        {all.map(pattern => (
          <span key={pattern} class="pattern-choice">
            <Toggle
              isOn={pattern_types.includes(pattern)}
              onToggle={() => toggle(tier, 'pattern_types', [pattern])}
              title={pattern}
            >
              {patternName(pattern)}
            </Toggle>
            <Toggle
              isOn={exclude_pattern_types.includes(pattern)}
              onToggle={() => toggle(tier, 'exclude_pattern_types', [pattern])}
              label={`Not ${patternName(pattern)}`}
              title={`Not ${patternName(pattern)}`}
            >
              <Icon of={Ban} size={12} />
            </Toggle>
          </span>
        ))}
        {all.length === 0 && <p class="hint">No pattern of this tier was seen yet.</p>}
      </div>
    </Section>
  );
}

function Symbols({ tier }: { tier: Tier }) {
  const filter = mainFilter(tier);
  const names = vocabulary.value.universes;
  return (
    <Section title="Symbols">
      {names.length > 0 && (
        <div class="toggles">
          {names.map(name => (
            <Toggle
              key={name}
              isOn={filter.symbols?.includes(universeMark(name)) ?? false}
              onToggle={() => toggle(tier, 'symbols', [universeMark(name)])}
              title={`The symbols of the universe ${name}`}
            >
              in {name}
            </Toggle>
          ))}
        </div>
      )}
      <SymbolList
        label="Only these, one after another or a pasted list"
        symbols={filter.symbols ?? []}
        onChange={symbols => setMain(tier, { ...filter, symbols })}
      />
      <SymbolList
        label="Without these"
        symbols={filter.exclude_symbols ?? []}
        onChange={exclude_symbols => setMain(tier, { ...filter, exclude_symbols })}
      />
    </Section>
  );
}

function Timeframes({ tier }: { tier: Tier }) {
  const { timeframes = [] } = mainFilter(tier);
  const seen = seenIn(tier).timeframes.flatMap(timeframe => timeframeSpellings(timeframe) ?? [timeframe]);
  const groups = groupTimeframes([...new Set([...seen, ...timeframes])]);
  return (
    <Section title="Timeframe">
      <div class="toggles">
        {groups.map(({ label, values }) => (
          <Toggle
            key={label}
            isOn={values.every(value => timeframes.includes(value))}
            onToggle={() => toggle(tier, 'timeframes', values)}
            title={values.join(', ')}
          >
            {label}
          </Toggle>
        ))}
        {groups.length === 0 && <p class="hint">No pattern of this tier named a timeframe yet.</p>}
      </div>
    </Section>
  );
}

function Sessions({ tier }: { tier: Tier }) {
  const { market_sessions = [] } = mainFilter(tier);
  return (
    <Section title="Session">
      <div class="toggles">
        {(Object.keys(SESSIONS) as MarketSession[]).map(session => (
          <Toggle
            key={session}
            isOn={market_sessions.includes(session)}
            onToggle={() => toggle(tier, 'market_sessions', [session])}
          >
            {SESSIONS[session].name}
          </Toggle>
        ))}
      </div>
    </Section>
  );
}

const PRIORITY_CHOICES = [
  { value: 'low', label: 'Any' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
  { value: 'critical', label: 'Critical' },
] as const;

function LeastPriority({ tier }: { tier: Tier }) {
  const filter = mainFilter(tier);
  return (
    <Section title="Least priority">
      <Segmented<Priority>
        label="Least priority"
        choices={PRIORITY_CHOICES}
        value={filter.priority_min ?? 'low'}
        onChoose={priority_min => setMain(tier, { ...filter, priority_min })}
      />
    </Section>
  );
}

const DIRECTION_NAMES: Record<Direction, string> = { up: '▲ Up', down: '▼ Down', other: '◆ Other' };

function Directions({ tier }: { tier: Tier }) {
  const { directions } = tiers[tier].local.value;
  return (
    <Section title="Direction" isLocal>
      <div class="toggles">
        {DIRECTIONS.map(direction => (
          <Toggle
            key={direction}
            isOn={directions.includes(direction)}
            onToggle={() =>
              setLocal(tier, {
                directions: DIRECTIONS.filter(each => directions.includes(each) !== (each === direction)),
              })
            }
          >
            {DIRECTION_NAMES[direction]}
          </Toggle>
        ))}
      </div>
    </Section>
  );
}

/** Those of the reference data, if there are any, and those that are chosen already. */
function Sectors({ tier }: { tier: Tier }) {
  const { sectors } = tiers[tier].local.value;
  const all = [...new Set([...vocabulary.value.sectors, ...sectors])];
  // Without reference data every symbol is of n/a.
  if (all.length < 2 && sectors.length === 0) return null;
  return (
    <Section title="Sector" isLocal>
      <div class="toggles">
        {all.map(sector => (
          <Toggle
            key={sector}
            isOn={sectors.includes(sector)}
            onToggle={() =>
              setLocal(tier, {
                sectors: sectors.includes(sector) ? sectors.filter(each => each !== sector) : [...sectors, sector],
              })
            }
          >
            {sector}
          </Toggle>
        ))}
      </div>
    </Section>
  );
}

const AGES_MS = [60_000, 300_000, 900_000, 3_600_000];

function Age({ tier }: { tier: Tier }) {
  const { maxAgeMs, starredOnly } = tiers[tier].local.value;
  const isOwn = maxAgeMs !== null && !AGES_MS.includes(maxAgeMs);
  const ages = isOwn ? [...AGES_MS, maxAgeMs] : AGES_MS;
  return (
    <Section title="Age and stars" isLocal>
      <Segmented
        label="Highest age"
        choices={[
          { value: '', label: 'Any age' },
          ...ages.map(age => ({ value: String(age), label: `< ${printDuration(age)}` })),
        ]}
        value={maxAgeMs === null ? '' : String(maxAgeMs)}
        onChoose={age => setLocal(tier, { maxAgeMs: age === '' ? null : Number(age) })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={starredOnly}
          onChange={event => setLocal(tier, { starredOnly: event.currentTarget.checked })}
        />{' '}
        Starred only
      </label>
    </Section>
  );
}

function FreeText({ tier }: { tier: Tier }) {
  const id = useId();
  return (
    <Section title="Free text" isLocal>
      <label class="visually-hidden" for={id}>
        Free text
      </label>
      <input
        id={id}
        type="search"
        maxLength={MAX_TEXT_LENGTH}
        placeholder="Anything a row says: flag, simulator, weekly…"
        value={tiers[tier].local.value.text}
        onInput={event => setLocal(tier, { text: event.currentTarget.value.trim() })}
      />
    </Section>
  );
}

function Toggle({
  isOn,
  onToggle,
  label,
  title,
  children,
}: {
  isOn: boolean;
  onToggle(): void;
  label?: string;
  title?: string;
  children: ComponentChildren;
}) {
  return (
    <button type="button" class="toggle" aria-pressed={isOn} aria-label={label} title={title} onClick={onToggle}>
      {children}
    </button>
  );
}

/** Adds values to a list of the main filter, or takes them out when all of them are there. */
function toggle(tier: Tier, list: FilterList, values: readonly string[]): void {
  const filter = mainFilter(tier);
  const listed = filter[list] ?? [];
  const others = listed.filter(value => !values.includes(value));
  const isOn = others.length + values.length === listed.length;
  const changed = { ...filter, [list]: isOn ? others : [...others, ...values] };
  // Wanted and taken away at once would be nothing at all.
  const opposite = OPPOSITES[list];
  if (opposite && !isOn) changed[opposite] = (changed[opposite] ?? []).filter(value => !values.includes(value));
  setMain(tier, changed);
}

const OPPOSITES: Partial<Record<FilterList, FilterList>> = {
  pattern_types: 'exclude_pattern_types',
  exclude_pattern_types: 'pattern_types',
};
