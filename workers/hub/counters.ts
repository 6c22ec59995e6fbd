import { CLOSE_CODES } from '../../shared/codes.ts';
import { Histogram, type HistogramCounts } from '../core/histogram.ts';

/** What a hub counts since its tape began. Plain numbers, so that they can be stored as they are. */
export interface Counts {
  appended: number;
  duplicates: number;
  unmatched_outcomes: number;
  gaps: number;
  probes: number;
  batches: number;
  replayed_batches: number;
  flushes: number;
  frames: number;
  /** Events handed to sessions' sockets, live; an event that three sessions got counts three. */
  deliveries: number;
  backfilled: number;
  rate_limited: number;
  skipped: number;
  enrichment_errors: number;
  send_errors: number;
  connections: number;
  /** By the close code that either side gave; `other` for those of a client's own invention. */
  closed: Record<string, number>;
  /** By error code that clients were told. */
  client_errors: Record<string, number>;
  /** Who was turned away, by cause. Those that were before a hub was reached are counted by the one of `system`. */
  denied: Record<string, number>;
}

const ZERO: Omit<Counts, 'closed' | 'client_errors' | 'denied'> = {
  appended: 0,
  duplicates: 0,
  unmatched_outcomes: 0,
  gaps: 0,
  probes: 0,
  batches: 0,
  replayed_batches: 0,
  flushes: 0,
  frames: 0,
  deliveries: 0,
  backfilled: 0,
  rate_limited: 0,
  skipped: 0,
  enrichment_errors: 0,
  send_errors: 0,
  connections: 0,
};

/** Ours, and what browsers and broken connections close with. */
const KNOWN_CLOSE_CODES = new Set([1000, 1001, 1005, 1006, ...Object.values(CLOSE_CODES).map(({ code }) => code)]);

const HISTOGRAMS = ['plan_ms', 'flush_ms', 'append_ms', 'detection_to_delivery_ms', 'bridge_to_delivery_ms'] as const;
type HistogramName = (typeof HISTOGRAMS)[number];

/**
 * Counts and latency histograms of a hub. Stored with each append and heartbeat, so that they survive sleep; what is
 * counted between the last of these and a crash is lost from the counts, never from the tape.
 */
export class Counters {
  readonly counts: Counts;
  readonly histograms: Record<HistogramName, Histogram>;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS counters (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL)');
    const row = sql.exec<{ json: string }>('SELECT json FROM counters').toArray()[0];
    const stored: Partial<Counts> & { histograms?: Partial<Record<HistogramName, HistogramCounts>> } = JSON.parse(
      row?.json ?? '{}',
    );
    const { histograms, ...counts } = stored;
    this.counts = { ...ZERO, closed: {}, client_errors: {}, denied: {}, ...counts };
    this.histograms = Object.fromEntries(HISTOGRAMS.map(name => [name, new Histogram(histograms?.[name])])) as Record<
      HistogramName,
      Histogram
    >;
  }

  store(): void {
    const histograms = Object.fromEntries(HISTOGRAMS.map(name => [name, this.histograms[name].counts]));
    const json = JSON.stringify({ ...this.counts, histograms });
    this.#sql.exec('INSERT INTO counters (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1', json);
  }

  countClosed(code: number): void {
    const told = KNOWN_CLOSE_CODES.has(code) ? String(code) : 'other';
    this.counts.closed[told] = (this.counts.closed[told] ?? 0) + 1;
  }

  /** Runs what counts in one go, and counts nothing of it when it throws. */
  atomically<T>(action: () => T): T {
    const before = { ...this.counts };
    try {
      return action();
    } catch (error) {
      Object.assign(this.counts, before);
      throw error;
    }
  }

  countClientError(code: string): void {
    this.counts.client_errors[code] = (this.counts.client_errors[code] ?? 0) + 1;
  }

  countDenied(causes: Record<string, number>): void {
    for (const [cause, count] of Object.entries(causes)) {
      this.counts.denied[cause] = (this.counts.denied[cause] ?? 0) + count;
    }
  }
}
