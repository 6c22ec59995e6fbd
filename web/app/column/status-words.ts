import type { ColumnFacts, HoldReason } from '../../live/facts.ts';
import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';

/** `37 new, 2 above 90`. */
export function newWords({ count, strong }: ColumnFacts['newWhileHeld']): string {
  return `${countWords(count)} new${strong > 0 ? `, ${countWords(strong)} above 90` : ''}`;
}

const REASONS: Record<HoldReason, string> = {
  scroll: 'Held: scrolled away',
  pointer: 'Held: pointer over the rows',
  focus: 'Held: reading with the keyboard',
  selection: 'Held: text is selected',
  menu: 'Held: a menu is open',
  toggle: 'Held',
};

/** Why a column stands still; null while it follows. */
export function holdWords({ hold, holdReason }: Pick<ColumnFacts, 'hold' | 'holdReason'>): string | null {
  if (hold === 'paused') return 'Paused';
  return hold === 'held' ? REASONS[holdReason ?? 'toggle'] : null;
}

/** What matched and was not sent: `Over 100/s: 37 not sent in 12 s`. */
export function withheldWords(
  { rateLimited, skipped, sinceMs }: NonNullable<ColumnFacts['withheldLately']>,
  eventsPerSecond: number | null,
  nowMs: number,
): string {
  const span = ageWords(Math.max(1_000, nowMs - sinceMs));
  const causes = [
    rateLimited > 0 &&
      `Over ${eventsPerSecond === null ? 'the limit' : `${eventsPerSecond}/s`}: ${countWords(rateLimited)} not sent`,
    skipped > 0 && `Read too slowly: ${countWords(skipped)} skipped`,
  ].filter(Boolean);
  return `${causes.join('. ')} in ${span}`;
}

/** How many kept events are not shown, and why: `41 hidden: 38 by local filters, 3 muted`; null for none. */
export function hiddenWords({ local, muted }: ColumnFacts['hidden']): string | null {
  if (local + muted === 0) return null;
  const causes = [
    local > 0 && `${countWords(local)} by local filters`,
    muted > 0 && `${countWords(muted)} muted`,
  ].filter(Boolean);
  return `${countWords(local + muted)} hidden: ${causes.join(', ')}`;
}

/** `2 related, 1 above`. */
export function relatedWords({ count, above }: NonNullable<ColumnFacts['related']>): string {
  return `${countWords(count)} related${above > 0 ? `, ${countWords(above)} above` : ''}`;
}
