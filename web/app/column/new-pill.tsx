import { ArrowUp } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { resume } from '../columns.ts';
import { useDerived } from '../derived.tsx';
import { Icon } from '../icon.tsx';
import { facts, isPaused } from '../page-state.ts';
import { TITLES } from '../words.ts';
import { newWords } from './status-words.ts';

/** What has come in since the column stands still; pressed, it goes on. */
export function NewPill({ tier }: { tier: Tier }) {
  const words = useDerived(() => {
    const { hold, newWhileHeld } = facts[tier].value;
    return hold === 'following' || newWhileHeld.count === 0 ? null : newWords(newWhileHeld);
  });
  if (words === null) return null;
  return (
    <button
      type="button"
      class="new-pill"
      aria-label={`${TITLES[tier]}: ${words}. Show them`}
      onClick={() => {
        isPaused.value = false;
        resume(tier);
      }}
    >
      <Icon of={ArrowUp} size={14} />
      {words}
    </button>
  );
}
