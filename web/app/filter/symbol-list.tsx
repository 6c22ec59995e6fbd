import { useSignal } from '@preact/signals';
import { X } from 'lucide';
import { useId } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { vocabulary } from './seen.ts';
import { readPastedSymbols } from './symbol-paste.ts';
import { symbolWords } from './universe-marks.ts';

/** Symbols drawn one by one; of more there is a count. */
const MAX_SHOWN = 60;

/** A list of symbols that is typed or pasted into, each with a button that takes it out. */
export function SymbolList({
  label,
  symbols,
  onChange,
}: {
  label: string;
  symbols: readonly string[];
  onChange(symbols: string[]): void;
}) {
  const id = useId();
  const text = useSignal('');
  const report = useSignal('');
  const add = () => {
    if (text.peek().trim() === '') return;
    const pasted = readPastedSymbols(text.peek(), symbols);
    text.value = '';
    report.value = reportOf(pasted);
    if (pasted.symbols.length > 0) onChange([...symbols, ...pasted.symbols]);
  };
  return (
    <div class="symbol-list">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-seen`}
        placeholder="AAPL, NVDA BRK.B"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value;
        }}
        onPaste={event => {
          // A text box would join the lines of a list.
          event.preventDefault();
          text.value = `${text.peek()} ${event.clipboardData?.getData('text') ?? ''}`;
          add();
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      <datalist id={`${id}-seen`}>
        {vocabulary.value.symbols.map(symbol => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
      {symbols.length > 0 && (
        <ul class="filter-chips">
          {symbols.slice(0, MAX_SHOWN).map(symbol => (
            <li key={symbol} class="filter-chip">
              <span>{symbolWords(symbol)}</span>
              <button
                type="button"
                aria-label={`Remove ${symbolWords(symbol)}`}
                onClick={() => onChange(symbols.filter(other => other !== symbol))}
              >
                <Icon of={X} size={12} />
              </button>
            </li>
          ))}
          {symbols.length > MAX_SHOWN && <li>and {symbols.length - MAX_SHOWN} more</li>}
          <li>
            <button type="button" class="link-button" onClick={() => onChange([])}>
              Remove all
            </button>
          </li>
        </ul>
      )}
      <p class="hint" role="status">
        {report.value}
      </p>
    </div>
  );
}

function reportOf({ symbols, duplicates, impossible }: ReturnType<typeof readPastedSymbols>): string {
  if (duplicates.length + impossible.length === 0) return symbols.length > 1 ? `${symbols.length} added` : '';
  return [
    `${symbols.length} added`,
    duplicates.length > 0 && `${duplicates.length} there already: ${some(duplicates)}`,
    impossible.length > 0 && `${impossible.length} no symbols: ${some(impossible)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function some(words: readonly string[]): string {
  return words.length > 5 ? `${words.slice(0, 5).join(', ')} …` : words.join(', ');
}
