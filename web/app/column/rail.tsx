import type { Tier } from '../../../shared/topics.ts';
import { stateWords } from '../../live/words.ts';
import { columns } from '../columns.ts';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { TierIcon } from '../tier-icon.tsx';
import { badgeWords, countWords, TITLES } from '../words.ts';

import { show } from './arrangement.ts';

/** A column that is not drawn, as a strip: what it is, how it is, how much is new in it; pressed, it comes in. */
export function Rail({ tier }: { tier: Tier }) {
  const { state, unseen } = facts[tier].value;
  const title = TITLES[tier];
  const { glyph, label } = stateWords(state, { title, nowMs: now.value, clock: clock.value });
  const unread = unseen > 0 ? `, ${countWords(unseen)} new` : '';
  return (
    <button
      type="button"
      class="rail"
      aria-expanded={false}
      aria-label={`Show ${title}: ${label}${unread}`}
      title={`Show ${title}`}
      data-rail={tier}
      data-state={state.name}
      onClick={() => {
        show(tier);
        columns[tier].focus();
      }}
    >
      <TierIcon tier={tier} />
      {unseen > 0 && <span class="badge">{badgeWords(unseen)}</span>}
      <span class="rail-title">{title}</span>
      <span class="glyph">{glyph}</span>
    </button>
  );
}
