import { TIERS } from '../../../shared/topics.ts';
import { stateWords } from '../../live/words.ts';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { TierIcon } from '../tier-icon.tsx';
import { badgeWords, countWords, TITLES } from '../words.ts';

import { isShown, use } from './arrangement.ts';

/** On a phone one column is drawn at a time; these say which, and how much is new in the others. */
export function ColumnSwitch() {
  return (
    <nav class="column-switch" aria-label="Columns">
      {TIERS.map(tier => {
        const { state, unseen } = facts[tier].value;
        const { glyph, label } = stateWords(state, { title: TITLES[tier], nowMs: now.value, clock: clock.value });
        const unread = unseen > 0 ? `, ${countWords(unseen)} new` : '';
        return (
          <button
            key={tier}
            type="button"
            aria-pressed={isShown(tier)}
            aria-label={`${TITLES[tier]}: ${label}${unread}`}
            data-switch={tier}
            data-state={state.name}
            onClick={() => use(tier)}
          >
            <TierIcon tier={tier} />
            <span>{TITLES[tier]}</span>
            {unseen > 0 ? <span class="badge">{badgeWords(unseen)}</span> : <span class="glyph">{glyph}</span>}
          </button>
        );
      })}
    </nav>
  );
}
