import { TIERS, type Tier } from '../../../shared/topics.ts';
import { TierIcon } from '../tier-icon.tsx';
import { badgeWords, TITLES } from '../words.ts';

import { isShown, use } from './arrangement.ts';
import { useStateMark } from './state-mark.ts';

/** On a phone one column is drawn at a time; these say which, and how much is new in the others. */
export function ColumnSwitch() {
  return (
    <nav class="column-switch" aria-label="Columns">
      {TIERS.map(tier => (
        <SwitchButton key={tier} tier={tier} />
      ))}
    </nav>
  );
}

function SwitchButton({ tier }: { tier: Tier }) {
  const { name, glyph, unseen, words } = useStateMark(tier);
  return (
    <button
      type="button"
      aria-pressed={isShown(tier)}
      aria-label={words}
      data-switch={tier}
      data-state={name}
      onClick={() => use(tier)}
    >
      <TierIcon tier={tier} />
      <span>{TITLES[tier]}</span>
      {unseen > 0 ? <span class="badge">{badgeWords(unseen)}</span> : <span class="glyph">{glyph}</span>}
    </button>
  );
}
