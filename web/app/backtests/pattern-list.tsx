import { useSignal } from '@preact/signals';
import { X } from 'lucide';
import { useId } from 'preact/hooks';
import { patternName } from '../../live/pattern-names.ts';
import { vocabulary } from '../filter/seen.ts';
import { knownPatternTypes } from '../filter/vocabulary.ts';
import { Icon } from '../icon.tsx';

/** Pattern types, typed with completion or picked; each with a button that takes it out. */
export function PatternList({
  patterns,
  onChange,
}: {
  patterns: readonly string[];
  onChange(patterns: string[]): void;
}) {
  const id = useId();
  const text = useSignal('');
  const add = (typed: string) => {
    text.value = '';
    const names = typed
      .split(/[,;\n]+/)
      .map(name => name.trim().slice(0, 100))
      .filter(Boolean)
      // As the producer spells it, where it is known.
      .flatMap(name => {
        const known = knownPatternTypes(name, vocabulary.peek());
        return known.length > 0 ? known : [name];
      });
    const added = [...new Set(names)].filter(name => !patterns.includes(name));
    if (added.length > 0) onChange([...patterns, ...added]);
  };
  return (
    <div class="symbol-list">
      <label for={id}>Patterns</label>
      <input
        id={id}
        type="text"
        list={`${id}-seen`}
        placeholder="Bull Flag"
        autocomplete="off"
        spellcheck={false}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value;
          // A choice from the list is one, without Enter.
          if (vocabulary.peek().patternTypes.includes(text.peek()) && isChosen(event)) add(text.peek());
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || text.peek().trim() === '') return;
          event.preventDefault();
          add(text.peek());
        }}
        onBlur={() => add(text.peek())}
      />
      <datalist id={`${id}-seen`}>
        {vocabulary.value.patternTypes.map(name => (
          <option key={name} value={name}>
            {patternName(name)}
          </option>
        ))}
      </datalist>
      {patterns.length > 0 && (
        <ul class="filter-chips">
          {patterns.map(name => (
            <li key={name} class="filter-chip">
              <span>{patternName(name)}</span>
              <button
                type="button"
                aria-label={`Remove ${patternName(name)}`}
                onClick={() => onChange(patterns.filter(other => other !== name))}
              >
                <Icon of={X} size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Browsers tell a choice from a list as a replacement, or without saying what it was. */
function isChosen(event: Event): boolean {
  const { inputType } = event as InputEvent;
  return inputType === undefined || inputType === 'insertReplacementText';
}
