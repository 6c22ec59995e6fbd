import type { Tier } from '../../../shared/topics.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { copyText } from '../export/copy.ts';
import { flash } from '../flash.tsx';
import { isMuted, isStarred, MAX_MUTES, MAX_STARS, toggleMute, toggleStar } from '../state/marks.ts';
import { mainFilter, setMain } from '../state/tiers.ts';
import { eventWords } from '../why/event-words.ts';
import { openWhy } from '../why/open.ts';
import { countWords } from '../words.ts';
import { rowWords } from './row-words.ts';

/** What can be done with a row, the same wherever it is offered. */
export interface RowAction {
  id: 'star' | 'mute' | 'only' | 'copy' | 'why';
  label: string;
  act(): void;
}

/** Reads signals. */
export function rowActions(tier: Tier, entry: PatternEntry): RowAction[] {
  const { event } = entry;
  const { symbol } = event;
  const filter = mainFilter(tier);
  const isOnly = filter.symbols?.length === 1 && filter.symbols[0] === symbol;
  return [
    { id: 'star', label: isStarred(event) ? 'Unstar' : 'Star', act: () => star(entry) },
    { id: 'mute', label: isMuted(event) ? `Unmute ${symbol}` : `Mute ${symbol}`, act: () => mute(symbol) },
    {
      id: 'only',
      label: isOnly ? 'All symbols again' : `Only ${symbol}`,
      act: () => setMain(tier, { ...filter, symbols: isOnly ? [] : [symbol] }),
    },
    { id: 'copy', label: 'Copy', act: () => void copyRow(entry) },
    { id: 'why', label: 'Why here?', act: () => openWhy(tier, { id: event.id, words: eventWords(event) }) },
  ];
}

export function star({ event }: PatternEntry): void {
  if (toggleStar(event) === null) flash(`${countWords(MAX_STARS)} patterns are starred, no more are kept: unstar some`);
}

/** Hides a symbol in every column, or shows it again. */
export function mute(symbol: string): void {
  const isMutedNow = toggleMute(symbol);
  if (isMutedNow === null) {
    flash(`${countWords(MAX_MUTES)} symbols are muted, no more are kept: unmute some`);
    return;
  }
  flash(isMutedNow ? `${symbol} is muted in every column` : `${symbol} is shown again`, () => toggleMute(symbol));
}

export async function copyRow(entry: PatternEntry): Promise<void> {
  const isCopied = await copyText(rowWords(entry));
  flash(isCopied ? `${entry.event.symbol} copied as text` : 'The browser does not allow copying');
}
