import { batch } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { relates } from '../../live/cross-tier.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { patternName } from '../../live/pattern-names.ts';
import { shortTime } from '../../live/times.ts';
import { confidenceWords } from '../../live/words.ts';
import { show } from '../column/arrangement.ts';
import { columns } from '../columns.ts';
import { facts, isRelatedOnly } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { TierIcon } from '../tier-icon.tsx';

/** Of more there is a count. */
const MAX_LISTED = 6;

/** The rows of the other tiers that belong to this one, each a way there. */
export function Related({ tier, entry }: { tier: Tier; entry: PatternEntry }) {
  const found = TIERS.filter(other => other !== tier).flatMap(other => {
    // Read, so that rows that come in are listed.
    facts[other].value;
    return columns[other]
      .entries()
      .filter(each => each.type === 'pattern')
      .filter(each => relates(entry.event, each.event))
      .map(related => ({ other, related }));
  });
  return (
    <section data-detail-section="related">
      <h3>In the other tiers</h3>
      {found.length === 0 && <p class="hint">No related row there.</p>}
      <ul class="detail-list">
        {found.slice(0, MAX_LISTED).map(({ other, related }) => (
          <li key={related.key}>
            <button
              type="button"
              class="detail-link"
              data-tier={other}
              onClick={() => {
                batch(() => {
                  isRelatedOnly.value = false;
                  show(other);
                });
                columns[other].reveal(related.key);
              }}
            >
              <TierIcon tier={other} />
              <span>
                {related.event.symbol} {patternName(related.event.pattern_type)}
              </span>
              <span>{confidenceWords(related.event.confidence).percent}</span>
              <span>{shortTime(related.detectedAtMs, clock.value)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > MAX_LISTED && <p class="hint">and {found.length - MAX_LISTED} more: x shows only them</p>}
    </section>
  );
}
