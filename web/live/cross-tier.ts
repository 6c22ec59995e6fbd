import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import { exchangeDate } from './times.ts';

/** The letter of a tier's badge. */
export const TIER_LETTERS: Record<Tier, string> = { daily: 'D', intraday: 'I', combo: 'C' };

/** What a combo says of a pattern that it was built on; null = not said. */
export interface Part {
  /** The producer's id of that detection. */
  id: string | null;
  symbol: string | null;
  patternType: string | null;
  detectedAtMs: number | null;
}

/**
 * Whether `candidate` belongs to what was selected: a combo and what it was built on, by what it says of that; where it
 * says nothing, the same symbol within the session. The session of a daily pattern is also the one after it, for which
 * it is the setting. A row is not related to itself.
 */
export function relates(selected: PatternEvent, candidate: PatternEvent): boolean {
  if (selected.id === candidate.id) return false;
  if (candidate.tier === 'combo') {
    const isPart = isPartOf(candidate, selected);
    if (isPart !== null) return isPart;
  }
  if (selected.tier === 'combo') {
    const isPart = isPartOf(selected, candidate);
    if (isPart !== null) return isPart;
  }
  return selected.symbol === candidate.symbol && isSameSession(selected, candidate);
}

/** The pattern of the other tier that a combo names. */
export function partOf(combo: PatternEvent, tier: 'daily' | 'intraday'): Part | null {
  const sent = sentPart(combo, tier);
  if (!sent) return null;
  const { symbol, ticker, pattern, pattern_type, pattern_name } = sent;
  return {
    id: idOf(sent),
    symbol: firstText(symbol, ticker)?.toUpperCase() ?? null,
    patternType: firstText(pattern, pattern_type, pattern_name),
    detectedAtMs: timeOf(sent.detected_at ?? sent.detection_timestamp ?? sent.timestamp),
  };
}

/** null when the combo does not say enough to tell. */
function isPartOf(combo: PatternEvent, event: PatternEvent): boolean | null {
  if (event.tier === 'combo') return null;
  const sent = sentPart(combo, event.tier);
  const id = sent && idOf(sent);
  return id === null ? null : id === event.producer_id || id === event.id;
}

function sentPart(combo: PatternEvent, tier: 'daily' | 'intraday'): Record<string, unknown> | null {
  return (tier === 'daily' ? combo.daily_context : combo.intraday_trigger) ?? null;
}

function idOf({ event_id, id, producer_id }: Record<string, unknown>): string | null {
  return firstText(event_id, id, producer_id);
}

function isSameSession(a: PatternEvent, b: PatternEvent): boolean {
  const days = sessionsOf(b);
  return sessionsOf(a).some(day => days.includes(day));
}

/** The days of the exchange that an event belongs to. */
function sessionsOf({ tier, detected_at }: PatternEvent): string[] {
  const date = exchangeDate(Date.parse(detected_at));
  return tier === 'daily' ? [date, nextWeekday(date)] : [date];
}

function nextWeekday(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  do day.setUTCDate(day.getUTCDate() + 1);
  while (day.getUTCDay() % 6 === 0);
  return day.toISOString().slice(0, 10);
}

function firstText(...values: unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

/** ISO 8601, read as UTC when it names no zone, or epoch seconds; null when it is neither. */
function timeOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value > 1e11 ? value : value * 1_000;
  if (typeof value !== 'string') return null;
  const atMs = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}
