import type { Tier } from '../../../shared/topics.ts';
import { explainEmpty } from '../filter/explain.ts';
import { openWhy } from '../why/open.ts';

/** Why a column shows nothing although there may be something, and what lets go of it. */
export function EmptyNotice({ tier }: { tier: Tier }) {
  const { words, actions } = explainEmpty(tier);
  return (
    <>
      <p>{words}</p>
      <div class="notice-actions">
        {actions.map(({ label, apply }) => (
          <button key={label} type="button" class="button" onClick={apply}>
            {label}
          </button>
        ))}
        <button type="button" class="button" onClick={() => openWhy(tier)}>
          Is one missing?
        </button>
      </div>
    </>
  );
}
