import type { Tier } from '../../../shared/topics.ts';
import type { Entry, PatternEntry } from '../../live/entry.ts';
import { print } from '../filter/print.ts';
import { NO_LOCAL_FILTER, type TierFilters } from '../state/filters.ts';

/** A column as it is exported: its rows as shown, top first, and what they were chosen by. */
export interface ExportedColumn {
  tier: Tier;
  filters: TierFilters;
  entries: readonly Entry[];
}

/**
 * Rows as RFC 4180 text. The first lines name tier, filters and time of export, an empty line parts them from the table;
 * times are ISO 8601 UTC. A text that a spreadsheet would take for a formula has a `'` before it; numbers are numbers.
 */
export function toCsv(columns: readonly ExportedColumn[], exportedAtMs: number): string {
  const about = columns.flatMap(({ tier, filters: { subscriptions, local }, entries }) => [
    ['tier', tier],
    ...subscriptions.map(({ name, filter, isPaused }) => [
      `sent by the server (${name}${isPaused ? ', paused' : ''})`,
      print({ filter, local: NO_LOCAL_FILTER }) || 'everything',
    ]),
    ['hidden in the page, all but', print({ filter: {}, local }) || 'everything'],
    ['rows', patternsIn(entries).length],
  ]);
  const rows = columns.flatMap(({ entries }) =>
    patternsIn(entries).map(entry => FIELDS.map(([, read]) => read(entry))),
  );
  return [...about, ['exported at', iso(exportedAtMs)], [], FIELDS.map(([name]) => name), ...rows]
    .map(cells => `${cells.map(writeCell).join(',')}\r\n`)
    .join('');
}

/** A name for the file: `tickstock-daily-2026-11-20T143615Z.csv`. */
export function csvName(tiers: readonly Tier[], exportedAtMs: number): string {
  const what = tiers.length === 1 ? tiers[0] : 'all';
  return `tickstock-${what}-${iso(exportedAtMs).slice(0, 19).replaceAll(':', '')}Z.csv`;
}

type Cell = string | number | boolean | null | undefined;

const FIELDS: readonly (readonly [name: string, read: (entry: PatternEntry) => Cell])[] = [
  ['tier', ({ event }) => event.tier],
  ['symbol', ({ event }) => event.symbol],
  ['pattern_type', ({ event }) => event.pattern_type],
  ['direction', ({ event }) => event.direction],
  ['confidence', ({ event }) => event.confidence],
  ['priority', ({ event }) => event.priority],
  ['timeframe', ({ event }) => event.timeframe],
  ['price', ({ event }) => event.price],
  ['volume', ({ event }) => event.volume],
  ['detected_at', ({ event }) => event.detected_at],
  ['first_seen_at', ({ firstAtMs }) => iso(firstAtMs)],
  ['count', ({ count }) => count],
  ['confidence_change', ({ change }) => change / 1_000],
  ['market_session', ({ event }) => event.market_session],
  ['session_origin', ({ event }) => event.session_origin],
  ['tier_origin', ({ event }) => event.tier_origin],
  ['time_origin', ({ event }) => event.time_origin],
  ['real_time', ({ event }) => event.real_time],
  ['correlation_strength', ({ event }) => event.correlation_strength],
  ['expires_at', ({ event }) => event.expires_at],
  ['tags', ({ event }) => event.tags.join('; ')],
  ['source', ({ event }) => event.source],
  ['channel', ({ event }) => event.channel],
  ['shape', ({ event }) => event.shape],
  ['published_at', ({ event }) => iso(event.hops.published_at_ms)],
  ['bridge_at', ({ event }) => iso(event.hops.bridge_at_ms)],
  ['edge_at', ({ event }) => iso(event.hops.edge_at_ms)],
  ['hub_at', ({ event }) => iso(event.hops.hub_at_ms)],
  ['levels', ({ event }) => json(event.levels)],
  ['market_context', ({ event }) => json(event.market_context)],
  ['daily_context', ({ event }) => json(event.daily_context)],
  ['intraday_trigger', ({ event }) => json(event.intraday_trigger)],
  ['context', ({ event }) => json(event.context)],
  ['data', ({ event }) => json(event.data)],
  ['flow_id', ({ event }) => event.flow_id],
  ['producer_id', ({ event }) => event.producer_id],
  ['id', ({ event }) => event.id],
  ['epoch', ({ epoch }) => epoch],
  ['seq', ({ event }) => event.seq],
];

function patternsIn(entries: readonly Entry[]): PatternEntry[] {
  return entries.filter(entry => entry.type === 'pattern');
}

function writeCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // Only what is not a plain number: -1.5 stays as it is, and no program evaluates it.
  const isFormula = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(?:\.\d+)?$/.test(value);
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** An ISO time; empty for none, and for one that no calendar has. */
function iso(atMs: number | undefined): string {
  return atMs === undefined || Number.isNaN(new Date(atMs).getTime()) ? '' : new Date(atMs).toISOString();
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
