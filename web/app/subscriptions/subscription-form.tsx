import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { useCount } from '../filter/counts.ts';
import { parse } from '../filter/grammar.ts';
import { print } from '../filter/print.ts';
import { loadVocabulary, vocabulary } from '../filter/seen.ts';
import { SymbolList } from '../filter/symbol-list.tsx';
import { sentFilter } from '../filter/universes.ts';
import { isSame, MAIN_ID, MAX_NAME_LENGTH, type NamedSubscription, NO_LOCAL_FILTER } from '../state/filters.ts';
import { setLocal, setSubscriptions, tiers } from '../state/tiers.ts';
import { refusalOfName, withDraft } from './edit.ts';
import { excessWords, usageOf } from './limits.ts';
import { limitsOf } from './limits-told.ts';
import { rateOf } from './rate-words.ts';

/** How long nobody types before the server is asked to count. */
const COUNT_PAUSE_MS = 300;

/** A subscription's name and filter, with what it would bring and whether the server would take it, before it is saved. */
export function SubscriptionForm({
  tier,
  subscription,
  end,
}: {
  tier: Tier;
  /** null = a new one. */
  subscription: NamedSubscription | null;
  end(): void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const isMain = subscription?.id === MAIN_ID;
  const hidden = isMain ? tiers[tier].local.peek() : NO_LOCAL_FILTER;
  const name = useSignal(subscription?.name ?? '');
  const text = useSignal(print({ filter: subscription?.filter ?? {}, local: hidden }, vocabulary.peek()));
  const isTried = useSignal(false);
  useEffect(() => {
    void loadVocabulary();
    input.current!.focus();
  }, []);

  /** What the form says now, and why it cannot be saved. */
  const read = () => {
    const all = tiers[tier].subscriptions.value;
    const parsed = parse(text.value, vocabulary.value);
    const after = withDraft(all, subscription?.id ?? null, { name: name.value, filter: parsed.filter });
    const problems = [
      isTried.value ? refusalOfName(name.value, subscription?.id ?? null, all) : null,
      ...parsed.mistakes.map(({ token, at, message }) => `“${token}” at ${at + 1}: ${message}`),
      isMain || isSame(parsed.local, NO_LOCAL_FILTER)
        ? null
        : 'Direction, age, stars and free text are for the main filter: they hide rows of the whole column',
      excessWords(usageOf(tier, after, sentFilter), limitsOf(tier)),
    ].filter(problem => problem !== null);
    return { parsed, after, problems };
  };
  const save = (event: Event) => {
    event.preventDefault();
    // What was typed into the list of symbols and not entered counts too.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    isTried.value = true;
    const { parsed, after, problems } = read();
    if (problems.length > 0) return;
    setSubscriptions(tier, after);
    if (isMain) setLocal(tier, parsed.local);
    end();
  };
  const { parsed, problems } = read();
  return (
    <form class="subscription-form" onSubmit={save} data-form>
      <label for={`${id}-name`}>Name</label>
      <input
        ref={isMain ? null : input}
        id={`${id}-name`}
        type="text"
        maxLength={MAX_NAME_LENGTH}
        autocomplete="off"
        disabled={isMain}
        value={name.value}
        onInput={event => {
          name.value = event.currentTarget.value;
        }}
      />
      <label for={`${id}-text`}>Filter</label>
      <input
        ref={isMain ? input : null}
        id={`${id}-text`}
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder="conf>=70 tf:5m !doji"
        aria-invalid={parsed.mistakes.length > 0}
        aria-describedby={`${id}-problems`}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value;
        }}
      />
      <SymbolList
        label="Symbols: paste a list, parted by anything"
        symbols={parsed.filter.symbols ?? []}
        onChange={symbols => {
          text.value = print({ filter: { ...parsed.filter, symbols }, local: parsed.local }, vocabulary.peek());
        }}
      />
      <Expected tier={tier} filter={parsed.filter} />
      <div id={`${id}-problems`} class="mistakes" role="alert">
        {problems.map(problem => (
          <p key={problem}>{problem}</p>
        ))}
      </div>
      <div class="form-actions">
        <button
          type="submit"
          class="button primary"
          disabled={problems.length > 0}
          // The list of symbols may grow when it is left, and the button would move away from under the pointer.
          onMouseDown={event => event.preventDefault()}
        >
          Save
        </button>
        <button type="button" class="button" onClick={end}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Expected({ tier, filter }: Pick<NamedSubscription, 'filter'> & { tier: Tier }) {
  const { count, failure, isPending } = useCount(tier, filter, { pauseMs: COUNT_PAUSE_MS });
  return (
    <p class="hint" data-expected data-pending={isPending} role="status">
      Expected: {rateOf(count, failure)}
    </p>
  );
}
