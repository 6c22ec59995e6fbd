import { type ReadonlySignal, signal } from '@preact/signals';
import type { Performance } from '../../../shared/api/performance.ts';
import { type Calendar, getCalendar, getPerformance } from '../api.ts';
import { poll } from '../poll.ts';

const HOUR_MS = 3_600_000;

const known = signal<Calendar | null>(null);
const rates = signal<Performance | null>(null);

/** When the exchange trades; null until the server has said so. */
export const calendar: ReadonlySignal<Calendar | null> = known;

/** How patterns have done; null until the server has said so. */
export const performanceOfTiers: ReadonlySignal<Performance | null> = rates;

/** Asks the server, and asks again: for the calendar as long as a page can stay open, for success rates each minute. */
export function followMarket(): void {
  poll({ everyMs: 12 * HOUR_MS, ask: getCalendar, onAnswer: answer => (known.value = answer) });
  poll({ everyMs: 60_000, ask: getPerformance, onAnswer: answer => (rates.value = answer) });
}
