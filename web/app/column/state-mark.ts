import type { Tier } from '../../../shared/topics.ts';
import type { ColumnState } from '../../live/column-state.ts';
import { stateWords } from '../../live/words.ts';
import { useDerived } from '../derived.tsx';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { countWords, TITLES } from '../words.ts';

/** How a column that is not drawn is doing, and how much is new in it; `words` is all of it for a screen reader. */
export function useStateMark(tier: Tier): { name: ColumnState['name']; glyph: string; unseen: number; words: string } {
  return useDerived(() => {
    const { state, unseen } = facts[tier].value;
    const { glyph, label } = stateWords(state, { title: TITLES[tier], nowMs: now.value, clock: clock.value });
    const unread = unseen > 0 ? `, ${countWords(unseen)} new` : '';
    return { name: state.name, glyph, unseen, words: `${TITLES[tier]}: ${label}${unread}` };
  });
}
