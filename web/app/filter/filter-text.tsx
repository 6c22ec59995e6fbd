import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { columns } from '../columns.ts';
import { mainFilter, setLocal, setMain, tiers } from '../state/tiers.ts';
import { TITLES } from '../words.ts';
import { type Completion, complete, take } from './complete.ts';
import { type FilterPair, type Mistake, parse } from './grammar.ts';
import { print } from './print.ts';
import { loadVocabulary, vocabulary } from './seen.ts';
import { readTyped } from './typing.ts';

/** How long nobody types before the server is asked. */
const TYPING_PAUSE_MS = 350;

/**
 * A tier's filter as text, with completion (ARIA's combobox with a list): shows what the chips say when it is entered, and
 * changes it while it is typed.
 */
export function FilterText({ tier }: { tier: Tier }) {
  const input = useRef<HTMLInputElement>(null);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What stood there when it was entered: as long as it does, nothing is to be done. */
  const entered = useRef('');
  const id = useId();
  /** What is typed; null = nobody types here. */
  const draft = useSignal<string | null>(null);
  const caret = useSignal(0);
  const chosen = useSignal(-1);
  const isListWanted = useSignal(false);
  const mistakes = useSignal<readonly Mistake[]>([]);
  const completions = useComputed(() => complete(draft.value ?? '', caret.value, vocabulary.value));
  const options = isListWanted.value ? completions.value.options : [];
  const isOpen = options.length > 0;

  useEffect(() => () => clearTimeout(typing.current), []);

  const enter = () => {
    void loadVocabulary();
    if (draft.peek() !== null) return;
    entered.current = textOf(tier);
    draft.value = entered.current;
  };
  const change = (text: string) => {
    draft.value = text;
    caret.value = input.current!.selectionStart ?? text.length;
    chosen.value = -1;
    // Between words it comes when it is asked for.
    isListWanted.value = /\S$/.test(text.slice(0, caret.peek()));
    mistakes.value = [];
    clearTimeout(typing.current);
    typing.current = setTimeout(() => {
      const typed = readTyped(text, caret.peek(), vocabulary.peek());
      if (typed) apply(tier, typed);
      else mistakes.value = parse(text, vocabulary.peek()).mistakes.filter(mistake => !isAt(mistake, caret.peek()));
    }, TYPING_PAUSE_MS);
  };
  /** @returns whether all of it was understood */
  const commit = () => {
    clearTimeout(typing.current);
    isListWanted.value = false;
    const parsed = parse(draft.peek() ?? '', vocabulary.peek());
    mistakes.value = parsed.mistakes;
    if (parsed.mistakes.length > 0) return false;
    apply(tier, parsed);
    return true;
  };
  const accept = (option: Completion) => {
    const taken = take(draft.peek() ?? '', completions.peek(), option);
    // The caret is set by hand: the value that comes back from drawing would put it at the end.
    input.current!.value = taken.text;
    input.current!.setSelectionRange(taken.caret, taken.caret);
    change(taken.text);
  };
  const leave = () => {
    isListWanted.value = false;
    if (draft.peek() === entered.current || commit()) draft.value = null;
  };
  const abandon = () => {
    clearTimeout(typing.current);
    draft.value = null;
    mistakes.value = [];
    columns[tier].focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const count = options.length;
    if (event.key === 'ArrowDown' && count > 0) chosen.value = (chosen.value + 1) % count;
    else if (event.key === 'ArrowUp' && count > 0) chosen.value = (chosen.value <= 0 ? count : chosen.value) - 1;
    else if (event.key === 'ArrowDown') {
      caret.value = input.current!.selectionStart ?? 0;
      chosen.value = -1;
      isListWanted.value = true;
    } else if (event.key === 'Enter' && isOpen && chosen.value >= 0) accept(options[chosen.value]!);
    else if (event.key === 'Tab' && isOpen && chosen.value >= 0) accept(options[chosen.value]!);
    else if (event.key === 'Enter') {
      if (commit()) {
        entered.current = textOf(tier);
        draft.value = entered.current;
      }
    } else if (event.key === 'Escape' && isOpen) isListWanted.value = false;
    else if (event.key === 'Escape') abandon();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="filter-text">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={`Filter ${TITLES[tier]}`}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen && chosen.value >= 0 ? `${id}-${chosen.value}` : undefined}
        aria-invalid={mistakes.value.length > 0}
        aria-describedby={mistakes.value.length > 0 ? `${id}-mistakes` : undefined}
        data-filter-text={tier}
        placeholder="Filter: NVDA conf>85 tf:5m !doji"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="search"
        value={draft.value ?? ''}
        onFocus={enter}
        onBlur={leave}
        onInput={event => change(event.currentTarget.value)}
        onKeyDown={press}
        onClick={() => {
          caret.value = input.current!.selectionStart ?? 0;
        }}
      />
      <div id={`${id}-list`} class="completions" role="listbox" aria-label="Completions" hidden={!isOpen}>
        {options.map((option, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the text box, as in every combobox.
          // biome-ignore lint/a11y/useFocusableInteractive: the text box keeps the focus, as in every combobox.
          <div
            key={option.text}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === chosen.value}
            onPointerDown={event => event.preventDefault()}
            onClick={() => accept(option)}
          >
            <span>{option.text}</span>
            <span class="kind">{option.kind}</span>
          </div>
        ))}
      </div>
      {mistakes.value.length > 0 && (
        <p id={`${id}-mistakes`} class="mistakes" role="alert">
          {mistakes.value.map(({ token, at, message }) => (
            <span key={at}>
              <code>{token}</code> (at {at + 1}): {message}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function apply(tier: Tier, { filter, local }: FilterPair): void {
  setMain(tier, filter);
  setLocal(tier, local);
}

/** With a space at the end, so that what is typed then is a word of its own. */
function textOf(tier: Tier): string {
  const text = print({ filter: mainFilter(tier), local: tiers[tier].local.value }, vocabulary.peek());
  return text === '' ? '' : `${text} `;
}

function isAt({ at, token }: Mistake, caret: number): boolean {
  return at <= caret && caret <= at + token.length;
}
