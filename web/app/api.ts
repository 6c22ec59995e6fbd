import type { Performance } from '../../shared/api/performance.ts';
import type { Symbols, Universes } from '../../shared/api/reference.ts';
import type { PatternEvent } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import type { Tier } from '../../shared/topics.ts';
import { detailOf, Rest } from '../client/rest.ts';
import { defaultRuntime, type HttpAnswer } from '../client/runtime.ts';
import type { ExchangeCalendar } from '../live/calendar.ts';
import { asOneGuest } from './guest.ts';
import { askToSignIn, currentToken } from './sign-in/session.ts';

/** Of the page's own origin. */
const rest = new Rest({ url: '', runtime: defaultRuntime(), token: currentToken, onUnauthorised: askToSignIn });

/** How many stored events of the last minutes pass a filter. */
export interface Count {
  tier: Tier;
  filter: Filter;
  minutes: number;
  matching: number;
  /** Whatever the filter. */
  total: number;
  /** Matching events per minute, over what was counted. */
  per_minute: number;
  /** ISO time at which what was counted starts. */
  since: string;
  /** false = the server looked back less far than asked. */
  complete: boolean;
}

/** When the exchange trades: last year, this year and the next. */
export interface Calendar extends ExchangeCalendar {
  exchange: string;
}

export type SeenSymbol = Symbols['symbols'][number];

export interface SeenPatternTypes {
  pattern_types: { pattern_type: string; tiers: Tier[]; last_seen_at: string }[];
  timeframes: { timeframe: string; tiers: Tier[] }[];
}

/** A page of stored patterns, newest first. */
export interface PatternPage {
  patterns: PatternEvent[];
  metadata: {
    count: number;
    tier: Tier;
    confidence_min: number;
    next_before_seq: number | null;
    /** Times of the page's of which events may be missing, the newest first. */
    gaps: { seq: number; from: string; to: string }[];
  };
}

export interface PatternQuery {
  symbols?: readonly string[];
  pattern_types?: readonly string[];
  confidence_min?: number;
  /** 1-200. */
  limit?: number;
  before_seq?: number;
  after_seq?: number;
}

/** The server said no; `message` is the `detail` of its problem document, else what can be said of the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * How many patterns of the last `minutes` (1-1440) pass a filter.
 * @throws ApiError, or what `fetch` throws: no network, aborted
 */
export function getCount(tier: Tier, filter: Filter, minutes: number, signal?: AbortSignal): Promise<Count> {
  return get(`patterns/${tier}/count`, { ...filter, minutes }, signal);
}

/** Throws like `getCount`. */
export function getCalendar(signal?: AbortSignal): Promise<Calendar> {
  return get('market/calendar', {}, signal);
}

/** The symbols that were seen, and those of the reference data. Throws like `getCount`. */
export async function getSymbols(signal?: AbortSignal): Promise<SeenSymbol[]> {
  return (await get<{ symbols: SeenSymbol[] }>('symbols', {}, signal)).symbols;
}

/** The pattern types and timeframes that were seen. Throws like `getCount`. */
export function getPatternTypes(signal?: AbortSignal): Promise<SeenPatternTypes> {
  return get('pattern-types', {}, signal);
}

/** The lists of symbols that filters can name. Throws like `getCount`. */
export function getUniverses(): Promise<Universes> {
  return get('universes', {}, undefined);
}

/** Stored patterns of a tier. Throws like `getCount`. */
export function getPatterns(tier: Tier, query: PatternQuery, signal?: AbortSignal): Promise<PatternPage> {
  return get(`patterns/${tier}`, query, signal);
}

/** Counts and success rates of each tier. Throws like `getCount`. */
export function getPerformance(signal?: AbortSignal): Promise<Performance> {
  return get('patterns/performance', {}, signal);
}

/** What is read at a path of `/api`. Throws like `getCount`. */
export async function get<T>(path: string, query: object, signal?: AbortSignal): Promise<T> {
  const answer = await asOneGuest(() => rest.request(`/api/${path}${queryString(query)}`, signal ? { signal } : {}));
  return read(answer);
}

/** What is answered to what is posted there. Throws like `getCount`. */
export async function post<T>(path: string, body: object): Promise<T> {
  const request = { method: 'POST', body: JSON.stringify(body) };
  return read(await asOneGuest(() => rest.request(`/api/${path}`, request)));
}

async function read<T>(answer: HttpAnswer): Promise<T> {
  if (!answer.ok) throw new ApiError(answer.status, await detailOf(answer));
  return (await answer.json()) as T;
}

/** Lists as comma-separated values; what is empty or absent is left out. */
function queryString(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') parameters.set(name, text);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
