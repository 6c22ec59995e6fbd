import type { Tier } from '../../../shared/topics.ts';
import { columns } from '../columns.ts';
import { TierIcon } from '../tier-icon.tsx';
import { badgeWords, TITLES } from '../words.ts';

import { show } from './arrangement.ts';
import { useStateMark } from './state-mark.ts';

/** A column that is not drawn, as a strip: what it is, how it is, how much is new in it; pressed, it comes in. */
export function Rail({ tier }: { tier: Tier }) {
  const title = TITLES[tier];
  const { name, glyph, unseen, words } = useStateMark(tier);
  return (
    <button
      type="button"
      class="rail"
      aria-expanded={false}
      aria-label={`Show ${words}`}
      title={`Show ${title}`}
      data-rail={tier}
      data-state={name}
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
