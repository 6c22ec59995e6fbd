import { X } from 'lucide';
import { Icon } from '../icon.tsx';
import { facts } from '../page-state.ts';
import { mutes, toggleMute } from '../state/marks.ts';
import { countWords } from '../words.ts';

/** The symbols that are hidden in all columns, and the way back. */
export function MutedSymbols() {
  const hidden = Object.values(facts).reduce((sum, { value }) => sum + value.hidden.muted, 0);
  return (
    <section class="subscriptions" aria-label="Muted symbols" data-mutes>
      <p class="hint">
        {mutes.value.length === 0
          ? 'No symbol is muted. Mute one from its row (m): its patterns are hidden in every column.'
          : `Hidden in every column, although the server sends them: ${countWords(hidden)} rows now.`}
      </p>
      <ul class="filter-chips">
        {mutes.value.map(symbol => (
          <li key={symbol} class="filter-chip">
            <span>{symbol}</span>
            <button type="button" aria-label={`Unmute ${symbol}`} onClick={() => toggleMute(symbol)}>
              <Icon of={X} size={12} />
            </button>
          </li>
        ))}
      </ul>
      {mutes.value.length > 1 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            mutes.value = [];
          }}
        >
          Unmute all
        </button>
      )}
    </section>
  );
}
