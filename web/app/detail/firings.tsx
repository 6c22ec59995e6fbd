import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PatternEvent } from '../../../shared/events.ts';
import type { Tier } from '../../../shared/topics.ts';
import { momentWords } from '../../live/times.ts';
import { changeWords, confidenceWords, priceWords } from '../../live/words.ts';
import { getPatterns } from '../api.ts';
import { now } from '../now.ts';
import { clock } from '../state/settings.ts';
import { isSameThing } from './row-words.ts';

/** While rows are stepped through, those that are passed are not asked for. */
const STEPPING_PAUSE_MS = 200;
const ASKED = 50;
const MAX_LISTED = 12;

/** When the same pattern fired before, as far as the server keeps it, the newest first. */
export function Firings({ tier, event }: { tier: Tier; event: PatternEvent }) {
  const firings = useSignal<readonly PatternEvent[] | null>(null);
  const failure = useSignal('');
  useEffect(() => {
    const abort = new AbortController();
    const query = { symbols: [event.symbol], pattern_types: [event.pattern_type], confidence_min: 0, limit: ASKED };
    const asking = setTimeout(async () => {
      try {
        const { patterns } = await getPatterns(tier, query, abort.signal);
        firings.value = patterns.filter(other => isSameThing(other, event));
      } catch (error) {
        if (!abort.signal.aborted) failure.value = (error as Error).message;
      }
    }, STEPPING_PAUSE_MS);
    return () => {
      clearTimeout(asking);
      abort.abort();
    };
  }, [event.id]);
  const found = firings.value ?? [event];
  return (
    <section data-detail-section="firings">
      <h3>Firings{firings.value && ` (${found.length === ASKED ? `${ASKED} or more` : found.length})`}</h3>
      {failure.value !== '' && <p class="hint">Earlier ones are not known: {failure.value}</p>}
      <ol class="detail-list">
        {found.slice(0, MAX_LISTED).map((firing, at) => (
          <li key={firing.id} class="detail-firing">
            <span>{momentWords(Date.parse(firing.detected_at), now.value, clock.value)}</span>
            <span>
              {confidenceWords(firing.confidence).percent} {changeOf(firing, found[at + 1])}
            </span>
            <span>{firing.price === null ? '' : priceWords(firing.price)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The change of confidence against the firing before. */
function changeOf({ confidence }: PatternEvent, before: PatternEvent | undefined): string {
  if (!before) return '';
  const change = changeWords(Math.round((confidence - before.confidence) * 1_000));
  return change && `(${change})`;
}
