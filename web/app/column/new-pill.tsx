import { ArrowUp } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { resume } from '../columns.ts';
import { Icon } from '../icon.tsx';
import { facts, isPaused } from '../page-state.ts';
import { TITLES } from '../words.ts';
import { newWords } from './status-words.ts';

/** What has come in since the column stands still; pressed, it goes on. */
export function NewPill({ tier }: { tier: Tier }) {
  const { hold, newWhileHeld } = facts[tier].value;
  if (hold === 'following' || newWhileHeld.count === 0) return null;
  return (
    <button
      type="button"
      class="new-pill"
      aria-label={`${TITLES[tier]}: ${newWords(newWhileHeld)}. Show them`}
      onClick={() => {
        isPaused.value = false;
        resume(tier);
      }}
    >
      <Icon of={ArrowUp} size={14} />
      {newWords(newWhileHeld)}
    </button>
  );
}
