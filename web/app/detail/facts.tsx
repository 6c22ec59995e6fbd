import type { ComponentChildren } from 'preact';
import type { PatternEvent } from '../../../shared/events.ts';
import { hopsOf } from '../../../shared/hops.ts';
import { partOf } from '../../live/cross-tier.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { caveatsOf } from '../../live/marks.ts';
import { patternName, timeframeWords } from '../../live/pattern-names.ts';
import { clockTime, dayWords, zoneWords } from '../../live/times.ts';
import { ageWords, changeWords, percentOf, priceWords } from '../../live/words.ts';
import { SESSIONS } from '../filter/keys.ts';
import { clockOffsetMs } from '../header/producer.ts';
import { now } from '../now.ts';
import { Pairs } from '../pairs.tsx';
import { clock } from '../state/settings.ts';
import { countWords } from '../words.ts';
import { Hops } from './hops-table.tsx';

type Pair = readonly [name: string, value: ComponentChildren];

/** A row's fields in words, what was not sent left out. */
export function Facts({ entry }: { entry: PatternEntry }) {
  return (
    <>
      <Pairs pairs={patternPairs(entry)} />
      <h3>When</h3>
      <Pairs pairs={timePairs(entry)} />
      {entry.event.tier === 'combo' && <Parts event={entry.event} />}
    </>
  );
}

/** The way an event came, and where from. */
export function Origin({ entry }: { entry: PatternEntry }) {
  return (
    <>
      <h3>Way here</h3>
      <Hops hops={hopsOf(entry.event)} />
      <h3>Where from</h3>
      <Pairs pairs={originPairs(entry)} />
    </>
  );
}

function patternPairs({ event, change, count }: PatternEntry): Pair[] {
  const changed = changeWords(change);
  return only([
    [
      'Confidence',
      `${event.confidence * 100 === percentOf(event.confidence) ? percentOf(event.confidence) : (event.confidence * 100).toFixed(1)} %${changed && ` (${changed} since the firing before)`}`,
    ],
    ['Priority', event.priority],
    ['Direction', event.direction],
    [
      'Timeframe',
      event.timeframe === null || timeframeWords(event.timeframe) === event.timeframe
        ? event.timeframe
        : `${timeframeWords(event.timeframe)} (sent as ${event.timeframe})`,
    ],
    ['Price', event.price === null ? null : priceWords(event.price)],
    ['Volume', event.volume === null ? null : countWords(event.volume)],
    ['Levels', event.levels?.length ? event.levels.map(wordsOf).join(', ') : null],
    ['Correlation', event.correlation_strength === null ? null : `${percentOf(event.correlation_strength)} %`],
    ['Market', event.market_context === null ? null : wordsOf(event.market_context)],
    ['Firings', count > 1 ? `${count} in this row` : null],
    ['Tags', event.tags.length > 0 ? event.tags.join(', ') : null],
  ]);
}

function timePairs({ event, detectedAtMs, firstAtMs, count }: PatternEntry): Pair[] {
  const age = ageWords(now.value - clockOffsetMs() - detectedAtMs);
  const session = SESSIONS[event.market_session]?.name ?? event.market_session;
  return only([
    ['Detected', `${moment(detectedAtMs)}, ${age} ago`],
    ['First seen', count > 1 ? moment(firstAtMs) : null],
    ['Expires', event.expires_at === null ? null : moment(Date.parse(event.expires_at))],
    ['Session', `${session} (${event.session_origin === 'sent' ? 'as sent' : 'by the calendar'})`],
  ]);
}

function originPairs({ event, epoch }: PatternEntry): Pair[] {
  const caveats = caveatsOf(event).map(({ words }) => words);
  return only([
    ['Source', event.source],
    ['Channel', event.channel],
    ['Shape', event.shape],
    ['Caveat', caveats.length > 0 ? caveats.join('; ') : null],
    ['Flow', event.flow_id],
    ['Producer’s id', event.producer_id],
    ['Id', event.id],
    ['Tape', `${countWords(event.seq)} of ${epoch}`],
  ]);
}

/** What a combo was built on, as it says itself. */
function Parts({ event }: { event: PatternEvent }) {
  const pairs = (['daily', 'intraday'] as const).flatMap((tier): Pair[] => {
    const part = partOf(event, tier);
    if (!part) return [];
    const words = [
      part.symbol !== event.symbol && part.symbol,
      part.patternType !== null && patternName(part.patternType),
      part.detectedAtMs !== null && moment(part.detectedAtMs),
    ];
    return [[tier === 'daily' ? 'Daily context' : 'Intraday trigger', words.filter(Boolean).join(', ')]];
  });
  if (pairs.length === 0) return null;
  return (
    <>
      <h3>Built on</h3>
      <Pairs pairs={pairs} />
    </>
  );
}

/** A time with its day, by both clocks' rule: the one the user has chosen. */
function moment(atMs: number): string {
  if (Number.isNaN(atMs)) return 'time unknown';
  return `${dayWords(atMs, clock.value)} ${clockTime(atMs, clock.value)} ${zoneWords(clock.value)}`;
}

/** A value that the producer sent, as text. */
function wordsOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function only(pairs: readonly (readonly [string, ComponentChildren])[]): Pair[] {
  return pairs.filter(([, value]) => value !== null && value !== '');
}
