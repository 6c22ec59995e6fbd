import type { HubCounts } from '../../shared/api/operations.ts';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { type HistogramName, HUB_HISTOGRAMS } from '../../shared/hub-histograms.ts';
import { Histogram, type HistogramCounts } from '../core/histogram.ts';
import { noCounts } from '../core/hub-counts.ts';
import { RecentHistogram, type StoredSlots } from '../core/recent-histogram.ts';

/** Ours, and what browsers and broken connections close with. */
const KNOWN_CLOSE_CODES = new Set([1000, 1001, 1005, 1006, ...Object.values(CLOSE_CODES).map(({ code }) => code)]);

/** Channels told apart; there are fewer in `shared/channels.ts`. */
const MAX_CHANNELS = 100;
const OTHER_CHANNELS = 'other';

interface Stored extends Partial<HubCounts> {
  histograms?: Partial<Record<HistogramName, HistogramCounts>>;
  sums_ms?: Partial<Record<HistogramName, number>>;
  appended_by_channel?: [channel: string, events: number][];
  recent_delivery?: StoredSlots;
}

/** They are written this often at most, of their own accord. */
const STORE_EVERY_MS = 1_000;

/**
 * Counts and latency histograms of a hub. Stored within a second, so that they survive sleep; what is counted between
 * that and a crash is lost from the counts, never from the tape.
 */
export class Counters {
  readonly counts: HubCounts;
  readonly histograms: Record<HistogramName, Histogram>;
  /** `detection_to_delivery_ms` of the last hour. */
  readonly recentDelivery: RecentHistogram;
  /** Events on the tape, by the channel they came from. */
  readonly appendedByChannel: Map<string, number>;
  readonly #sql: SqlStorage;
  #stored = '';
  #storedAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS counters (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL)');
    const row = sql.exec<{ json: string }>('SELECT json FROM counters').toArray()[0];
    const stored: Stored = JSON.parse(row?.json ?? '{}');
    const { histograms, sums_ms, appended_by_channel, recent_delivery, ...counts } = stored;
    this.counts = { ...noCounts(), ...counts };
    this.appendedByChannel = new Map(appended_by_channel);
    this.recentDelivery = new RecentHistogram(recent_delivery);
    this.histograms = byName(name => new Histogram(histograms?.[name], sums_ms?.[name]));
  }

  /** Writes now, or when it may again: each time is a row. */
  storeSoon(): void {
    if (this.#timer) return;
    const waitMs = this.#storedAtMs + STORE_EVERY_MS - performance.now();
    if (waitMs <= 0) this.store();
    // However a clock was set.
    else this.#timer = setTimeout(() => this.store(), Math.min(waitMs, STORE_EVERY_MS));
  }

  /** Writes what differs from what is written. */
  store(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#storedAtMs = performance.now();
    const stored: Stored = {
      ...this.counts,
      histograms: byName(name => this.histograms[name].counts),
      sums_ms: byName(name => this.histograms[name].sumMs),
      appended_by_channel: [...this.appendedByChannel],
      recent_delivery: this.recentDelivery.stored(),
    };
    const json = JSON.stringify(stored);
    if (json === this.#stored) return;
    this.#stored = json;
    this.#sql.exec('INSERT INTO counters (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1', json);
  }

  /** A channel past so many is one of the others: whoever posts may name any. */
  countChannel(channel: string): void {
    const { appendedByChannel: counted } = this;
    const told = counted.has(channel) || counted.size < MAX_CHANNELS ? channel : OTHER_CHANNELS;
    counted.set(told, (counted.get(told) ?? 0) + 1);
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

/** A value for each histogram. */
function byName<V>(make: (name: HistogramName) => V): Record<HistogramName, V> {
  return Object.fromEntries(HUB_HISTOGRAMS.map(name => [name, make(name)])) as Record<HistogramName, V>;
}
