import type { BrowserOperations } from '../../shared/api/beacon.ts';
import type { Beacon } from '../../shared/requests/beacon.ts';
import { Histogram, type HistogramCounts } from '../core/histogram.ts';

/** What a browser says of receipt counts only if its clock is known to this. */
const SURE_MS = 25;

interface Stored {
  reports: number;
  uncertain: number;
  lastAtMs: number | null;
  receipt: { counts: HistogramCounts; sumMs: number };
  paint: { counts: HistogramCounts; sumMs: number };
}

/** How long events took to browsers, as they report it. Stored with each report: a hub that has slept still knows. */
export class Beacons {
  readonly #sql: SqlStorage;
  readonly #receipt: Histogram;
  readonly #paint: Histogram;
  #reports: number;
  #uncertain: number;
  #lastAtMs: number | null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS beacons (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL)');
    const row = sql.exec<{ json: string }>('SELECT json FROM beacons').toArray()[0];
    const stored: Partial<Stored> = JSON.parse(row?.json ?? '{}');
    this.#reports = stored.reports ?? 0;
    this.#uncertain = stored.uncertain ?? 0;
    this.#lastAtMs = stored.lastAtMs ?? null;
    this.#receipt = new Histogram(stored.receipt?.counts, stored.receipt?.sumMs);
    this.#paint = new Histogram(stored.paint?.counts, stored.paint?.sumMs);
  }

  take({ receipt_ms, paint_ms, uncertainty_ms }: Beacon, nowMs: number): void {
    const isSure = uncertainty_ms !== null && uncertainty_ms <= SURE_MS;
    this.#reports++;
    if (!isSure) this.#uncertain++;
    this.#lastAtMs = nowMs;
    if (isSure) for (const ms of receipt_ms) this.#receipt.add(ms);
    for (const ms of paint_ms) this.#paint.add(ms);
    this.#store();
  }

  read(): BrowserOperations {
    return {
      reports: this.#reports,
      uncertain: this.#uncertain,
      last_at_ms: this.#lastAtMs,
      receipt_ms: { cumulative: this.#receipt.cumulative(), sum_ms: this.#receipt.sumMs },
      paint_ms: { cumulative: this.#paint.cumulative(), sum_ms: this.#paint.sumMs },
    };
  }

  #store(): void {
    const stored: Stored = {
      reports: this.#reports,
      uncertain: this.#uncertain,
      lastAtMs: this.#lastAtMs,
      receipt: { counts: this.#receipt.counts, sumMs: this.#receipt.sumMs },
      paint: { counts: this.#paint.counts, sumMs: this.#paint.sumMs },
    };
    const sql = 'INSERT INTO beacons (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1';
    this.#sql.exec(sql, JSON.stringify(stored));
  }
}
