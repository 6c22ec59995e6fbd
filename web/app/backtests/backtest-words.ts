import type { Backtest } from '../../../shared/api/backtests.ts';
import { BACKTEST_SILENT_MS, hasEnded } from '../../../shared/backtests.ts';

const MINUTE_MS = 60_000;
const NAMED = 3;

/** `NVDA, AAPL, TSLA and 4 more`. */
export function someWords(words: readonly string[]): string {
  const named = words.slice(0, NAMED).join(', ');
  return words.length > NAMED ? `${named} and ${words.length - NAMED} more` : named;
}

/** What a backtest that has not ended is doing, as far as anybody knows. */
export function stateWords(job: Backtest, nowMs: number): string {
  if (job.state === 'unsent') return 'Not handed over';
  const silent = silentMinutes(job, nowMs);
  if (job.state === 'cancelling') return silent === null ? 'Asked to stop' : `Asked to stop; no word for ${silent} min`;
  if (silent !== null) return `No word for ${silent} min`;
  return job.state === 'queued' ? 'Waiting to be taken up' : 'Running';
}

/** Whole minutes since the last word, once that is too long for "running"; null = it is not, or has ended. */
export function silentMinutes(job: Backtest, nowMs: number): number | null {
  if (hasEnded(job.state) || job.state === 'unsent') return null;
  const silentMs = nowMs - Date.parse(job.heard_at ?? job.created_at);
  return silentMs >= BACKTEST_SILENT_MS ? Math.floor(silentMs / MINUTE_MS) : null;
}

/** How far it is: `45 %, NVDA, 3 of 12 symbols, done about 15:31`; what is not known is left out. */
export function progressWords(job: Backtest, timeWords: (iso: string) => string): string {
  const { progress, current_symbol, processed_symbols, symbols, estimated_completion, state } = job;
  return [
    progress !== null && `${Math.round(progress * 100)} %`,
    current_symbol,
    processed_symbols !== null && `${processed_symbols} of ${symbols.length} symbols`,
    estimated_completion !== null && state === 'running' && `done about ${timeWords(estimated_completion)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** What may be wrong with what is shown of a backtest. */
export function doubts(job: Backtest, timeWords: (iso: string) => string): string[] {
  const words: string[] = [];
  if (job.receivers === 0 && job.heard_at === null) {
    words.push('Nobody listened when it was sent: TickStockPL may not have got it.');
  }
  if (job.missed !== null) {
    words.push(`What was said from ${timeWords(job.missed.from)} to ${timeWords(job.missed.to)} may have been missed.`);
  }
  return words;
}

/** How one ended that brought no figures. */
export function endWords(job: Backtest): string {
  if (job.state === 'unsent') return 'It could not be handed over to TickStockPL.';
  if (job.message !== null) return job.message;
  if (job.state === 'cancelled') return 'Stopped.';
  return job.state === 'completed' ? 'TickStockPL sent no figures.' : 'TickStockPL did not say why.';
}

/** A share in percent with one decimal: `12.4 %`, with a sign where it says which way. */
export function percentWords(share: number | null, hasSign = false): string {
  if (share === null) return 'n/a';
  const text = (Math.abs(share) * 100).toFixed(1);
  const sign = share < 0 && text !== '0.0' ? '−' : hasSign && text !== '0.0' ? '+' : '';
  return `${sign}${text} %`;
}

export function numberWords(value: number | null, decimals = 0): string {
  if (value === null) return 'n/a';
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `12 s`, `3 min 20 s`. */
export function tookWords(seconds: number | null): string {
  if (seconds === null) return 'n/a';
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
