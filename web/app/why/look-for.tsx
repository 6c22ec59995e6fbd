import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { PatternEvent } from '../../../shared/events.ts';
import { normaliseSymbol } from '../../../shared/filter.ts';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { zoneWords } from '../../live/times.ts';
import { Segmented } from '../segmented.tsx';
import { clock } from '../state/settings.ts';
import { TITLES } from '../words.ts';
import { type Failure, type Found, failureOf, findPatterns } from './ask.ts';
import { eventWords, momentOf } from './event-words.ts';
import { nearest } from './nearest.ts';
import type { KnownEvent } from './open.ts';

const CHOICES = TIERS.map(tier => ({ value: tier, label: TITLES[tier] }));
/** Events to choose from. */
const MOST = 8;

/** Finds the event that somebody misses: by symbol and about what time, or by its id. */
export function LookFor({
  tier: first,
  choose,
}: {
  tier: Tier;
  /** null = another is looked for. */
  choose(tier: Tier, event: KnownEvent | null): void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const tier = useSignal(first);
  const symbol = useSignal('');
  const time = useSignal('');
  const eventId = useSignal('');
  const found = useSignal<(Found & { symbol: string; chosen: string | null }) | Failure | 'looking' | null>(null);
  const abort = useRef(new AbortController());
  useEffect(() => {
    input.current!.focus();
    return () => abort.current.abort();
  }, []);
  const take = (event: PatternEvent) => choose(tier.value, { id: event.id, words: eventWords(event) });
  const look = async (submitted: Event) => {
    submitted.preventDefault();
    abort.current.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    found.value = null;
    choose(tier.value, null);
    if (eventId.value.trim() !== '') {
      const known = eventId.value.trim();
      choose(tier.value, { id: known, words: `Event ${known}` });
      return;
    }
    const wanted = normaliseSymbol(symbol.value);
    if (wanted === '') {
      input.current!.focus();
      return;
    }
    found.value = 'looking';
    try {
      const { events, gaps } = await findPatterns(tier.value, wanted, signal);
      const candidates = nearest(events, time.value, { clock: clock.value, most: MOST });
      const [only] = candidates;
      const isOnly = candidates.length === 1;
      found.value = { events: candidates, gaps, symbol: wanted, chosen: isOnly ? only!.id : null };
      if (isOnly) take(only!);
    } catch (error) {
      if (!signal.aborted) found.value = failureOf(error);
    }
  };
  const shown = found.value;
  return (
    <>
      <form class="subscription-form" onSubmit={look}>
        <div>
          <Segmented
            label="Column"
            choices={CHOICES}
            value={tier.value}
            onChoose={chosen => {
              tier.value = chosen;
              found.value = null;
              choose(chosen, null);
            }}
          />
        </div>
        <label for={`${id}-symbol`}>Symbol</label>
        <input
          ref={input}
          id={`${id}-symbol`}
          type="text"
          maxLength={20}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          value={symbol.value}
          onInput={event => {
            symbol.value = event.currentTarget.value;
          }}
        />
        <label for={`${id}-time`}>About what time ({zoneWords(clock.value)})</label>
        <input
          id={`${id}-time`}
          type="time"
          value={time.value}
          onInput={event => {
            time.value = event.currentTarget.value;
          }}
        />
        <label for={`${id}-id`}>Or its id</label>
        <input
          id={`${id}-id`}
          type="text"
          maxLength={200}
          autocomplete="off"
          spellcheck={false}
          value={eventId.value}
          onInput={event => {
            eventId.value = event.currentTarget.value;
          }}
        />
        <div class="form-actions">
          <button type="submit" class="button primary">
            Look for it
          </button>
        </div>
      </form>
      {shown === 'looking' && <p role="status">Looking for it on the tape of {TITLES[tier.value]}…</p>}
      {shown && typeof shown === 'object' && 'words' in shown && <p role="alert">{shown.words}</p>}
      {shown && typeof shown === 'object' && 'events' in shown && (
        <Candidates
          tier={tier.value}
          found={shown}
          take={event => {
            found.value = { ...shown, chosen: event.id };
            take(event);
          }}
        />
      )}
    </>
  );
}

function Candidates({
  tier,
  found,
  take,
}: {
  tier: Tier;
  found: Found & { symbol: string; chosen: string | null };
  take(event: PatternEvent): void;
}) {
  const { events, gaps, symbol, chosen } = found;
  return (
    <div class="why-candidates" data-found={events.length}>
      <p role="status">
        {events.length === 0
          ? `The server keeps no ${TITLES[tier]} pattern of ${symbol}: none came, or it is older than what is kept.`
          : `${events.length === 1 ? 'One pattern' : `${events.length} patterns`} of ${symbol}, whatever the filter. ${events.length === 1 ? '' : 'Which do you mean?'}`}
      </p>
      {gaps.length > 0 && (
        <p class="hint">
          The newest time of which patterns may never have come: {momentOf(gaps[0]!.from)} to {momentOf(gaps[0]!.to)}.
        </p>
      )}
      {events.length > 1 && (
        <ul class="detail-list">
          {events.map(event => (
            <li key={event.id}>
              <button type="button" class="button" aria-pressed={event.id === chosen} onClick={() => take(event)}>
                {eventWords(event)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
