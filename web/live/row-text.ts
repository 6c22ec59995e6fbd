import type { PatternEvent } from '../../shared/events.ts';
import { partOf, TIER_LETTERS } from './cross-tier.ts';
import type { PatternEntry } from './entry.ts';
import { caveatsOf } from './marks.ts';
import { patternName, timeframeWords } from './pattern-names.ts';
import { type Clock, clockTime, dayWords, momentWords, shortTime } from './times.ts';
import { ageWords, changeWords, confidenceWords, directionWords, priceWords } from './words.ts';

/** Longer timeframes, which no producer we know sends, are cut in a row. */
const MAX_TIMEFRAME = 8;

/** How rows are looked at. */
export interface RowContext {
  /** On the server's clock, by which events are dated; epoch milliseconds. */
  nowMs: number;
  clock: Clock;
  /** Whether every row tells its age, because the data is stale. */
  isStale: boolean;
  isStarred: boolean;
  isRelated: boolean;
}

/** What a row says, part by part; what was not sent is a dash, what does not apply is empty. */
export interface RowText {
  direction: 'up' | 'down' | 'other' | 'none';
  glyph: string;
  symbol: string;
  name: string;
  timeframe: string;
  /** `87 (+4)` */
  confidence: string;
  /** The band of the confidence, of five: `▮▮▮▯▯`. */
  bars: string;
  /** `×3`, `×2k` from a thousand on; empty for a single firing. */
  count: string;
  price: string;
  time: string;
  /** Links to other tiers, a star, caveats. */
  marks: string;
  /** Whether the time is not sure. */
  isTimeInDoubt: boolean;
  /** All of it as a sentence. */
  label: string;
}

/** What a row says. */
export function rowText(entry: PatternEntry, context: RowContext): RowText {
  const { event, count } = entry;
  const direction = directionWords(event.direction);
  const { percent, band } = confidenceWords(event.confidence);
  const change = changeWords(entry.change);
  const caveats = caveatsOf(event);
  const links = linksOf(event);
  const letter = context.isRelated ? TIER_LETTERS[event.tier] : '';
  const price = priceOf(event);
  const text = {
    direction: direction.name,
    glyph: direction.glyph,
    symbol: event.symbol,
    name: patternName(event.pattern_type),
    timeframe: event.timeframe === null ? '–' : cut(timeframeWords(event.timeframe), MAX_TIMEFRAME),
    confidence: change === '' ? percent : `${percent} (${change})`,
    bars: '▮'.repeat(band) + '▯'.repeat(5 - band),
    count: countWords(count),
    price: price?.short ?? '–',
    time: timeWords(entry, context),
    marks: [letter, links, context.isStarred ? '★' : '', ...caveats.map(({ sign }) => sign)].filter(Boolean).join(' '),
    isTimeInDoubt: caveats.some(({ isOfTime }) => isOfTime),
  };
  const label = [
    `${text.symbol} ${text.name}`,
    direction.word,
    event.timeframe !== null && timeframeWords(event.timeframe),
    `confidence ${percent}${change && `, ${change} since the firing before`}`,
    firedWords(entry, context),
    price?.words,
    timeWords(entry, { ...context, isStale: false }),
    builtOnWords(event),
    context.isRelated && 'related to the selection',
    context.isStarred && 'starred',
    ...caveats.map(({ words }) => words),
  ];
  return { ...text, label: label.filter(Boolean).join(', ') };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function countWords(count: number): string {
  if (count < 2) return '';
  return count < 1_000 ? `×${count}` : `×${Math.floor(count / 1_000)}k`;
}

/** What a row has no room to say, line by line: its name in full, earlier firings, what it was built on, caveats. */
export function rowTitle(entry: PatternEntry, context: Pick<RowContext, 'nowMs' | 'clock'>): string {
  const { event } = entry;
  const caveats = caveatsOf(event).map(({ words }) => words);
  return [
    `${event.symbol} ${patternName(event.pattern_type)}`,
    firedWords(entry, context),
    builtOnWords(event),
    ...caveats,
  ]
    .filter(Boolean)
    .join('\n');
}

function firedWords({ count, firstAtMs }: PatternEntry, { nowMs, clock }: Pick<RowContext, 'nowMs' | 'clock'>): string {
  return count > 1 ? `fired ${count} times, first seen ${momentWords(firstAtMs, nowMs, clock)}` : '';
}

function builtOnWords(event: PatternEvent): string {
  const parts = [...linksOf(event)].map(letter => (letter === TIER_LETTERS.daily ? 'a daily' : 'an intraday'));
  return parts.length === 0 ? '' : `built on ${parts.join(' and ')} pattern`;
}

/**
 * When a pattern was detected, as its tier needs it: a day and its session (daily), a time and its age (intraday), the
 * trigger's time and the setup's day (combo).
 */
export function timeWords({ event, detectedAtMs }: PatternEntry, { nowMs, clock, isStale }: TimeContext): string {
  const day = dayWords(detectedAtMs, clock);
  const isToday = day === dayWords(nowMs, clock);
  const age = ageWords(nowMs - detectedAtMs);
  if (event.tier === 'daily')
    return isStale ? `${day} · ${age}` : `${day} ${SESSION_WORDS[event.market_session] ?? ''}`.trimEnd();
  if (event.tier === 'intraday') {
    return isToday ? `${clockTime(detectedAtMs, clock)} · ${age}` : `${day} ${shortTime(detectedAtMs, clock)}`;
  }
  const triggeredAtMs = partOf(event, 'intraday')?.detectedAtMs ?? detectedAtMs;
  const triggered = isToday ? shortTime(triggeredAtMs, clock) : `${day} ${shortTime(triggeredAtMs, clock)}`;
  if (isStale && isToday) return `${triggered} · ${age}`;
  const setUpAtMs = partOf(event, 'daily')?.detectedAtMs ?? null;
  return setUpAtMs === null ? triggered : `${triggered} ← ${dayWords(setUpAtMs, clock)}`;
}

/** Whether the time of a row changes by itself. */
export function showsAge({ event }: PatternEntry, isStale: boolean): boolean {
  return isStale || event.tier === 'intraday';
}

export type TimeContext = Pick<RowContext, 'nowMs' | 'clock' | 'isStale'>;

const SESSION_WORDS: Record<PatternEvent['market_session'], string> = {
  pre_market: 'pre-mkt',
  regular: 'market',
  post_market: 'post-mkt',
  closed: 'closed',
};

/** The tiers a combo says it was built on: `DI`. */
function linksOf(event: PatternEvent): string {
  return `${event.daily_context ? TIER_LETTERS.daily : ''}${event.intraday_trigger ? TIER_LETTERS.intraday : ''}`;
}

/** The price, else the first level; null when neither was sent. */
function priceOf({ price, levels }: PatternEvent): { short: string; words: string } | null {
  if (price !== null && price !== undefined) return { short: priceWords(price), words: `price ${priceWords(price)}` };
  for (const level of levels ?? []) {
    const value = levelOf(level);
    if (value !== null) return { short: `L ${priceWords(value)}`, words: `level ${priceWords(value)}` };
  }
  return null;
}

/** A level is a number, or names its number `value` or `price`. */
function levelOf(level: unknown): number | null {
  const { value, price } = (level ?? {}) as { value?: unknown; price?: unknown };
  return [level, value, price].find((sent): sent is number => typeof sent === 'number') ?? null;
}
