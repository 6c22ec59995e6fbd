import type { RejectReason } from '../../shared/codes.ts';
import { MAX_SAMPLE_BYTES } from '../../shared/limits.ts';
import { isIdentifier, isText, type Levels, look } from './levels.ts';
import { cleanText, firstBytes } from './text.ts';
import { isTierName } from './tiers.ts';
import { type DetectedTime, isoTime, readFirstTime, readTime } from './times.ts';
import type { Outcome, ReadContext } from './types.ts';

const MAX_SOURCE_CHARS = 200;
const MAX_NAME_CHARS = 100;
const MAX_SYMBOL_CHARS = 20;
/** Letters of any script, digits, and what tickers are written with: `BRK.B`, `^GSPC`, `EUR/USD`, `ES=F`, `BTC-USD`. */
const tickerSymbol = /^[\p{L}\p{M}\p{N}.\-^/=:_$+*&#!@~]+$/u;

export function rejected(context: ReadContext, reason: RejectReason, sample = context.message.raw): Outcome {
  const { channel, receivedAtMs } = context.message;
  return { reject: { channel, reason, sample: firstBytes(sample, MAX_SAMPLE_BYTES), at: isoTime(receivedAtMs) } };
}

/** What is read alike in every kind of event. */
export function readCommon(context: ReadContext, levels: Levels, detected: DetectedTime, shape: string) {
  const published = readPublished(levels, detected);
  return {
    v: 1 as const,
    detected_at: isoTime(detected.ms),
    time_origin: detected.origin,
    source: readSource(levels),
    channel: context.message.channel,
    shape,
    flow_id: readText(levels, ['flow_id']),
    producer_id: readId(levels, ['event_id']) ?? readId(levels, ['detection_id']),
    context: null,
    hops: {
      ...(published === null ? {} : { published_at_ms: published }),
      bridge_at_ms: context.message.receivedAtMs,
    },
  };
}

/** When it was published: as said, else the outermost `timestamp`, unless that is when it happened. */
function readPublished(levels: Levels, detected: DetectedTime): number | null {
  const said = readFirstTime(levels, ['published_at']) ?? readFirstTime(levels, ['batch_timestamp']);
  if (said !== null) return said;
  const outermost = levels.findLast(({ value }) => Object.hasOwn(value, 'timestamp'));
  if (!outermost || (detected.level === outermost.value && detected.key === 'timestamp')) return null;
  return readTime(outermost.value.timestamp)?.ms ?? null;
}

/** The producer: the outermost `source` that is not a tier's name. */
function readSource(levels: Levels): string {
  for (const { value } of levels.toReversed()) {
    if (!isText(value.source) || isTierName(value.source)) continue;
    const source = cleanText(value.source).trim().slice(0, MAX_SOURCE_CHARS);
    if (source !== '') return source.toWellFormed();
  }
  return 'unknown';
}

/** Text as sent, without control characters. */
export function readText(levels: Levels, keys: readonly string[]): string | null {
  const text = look(levels, keys, isText);
  return text === null ? null : cleanText(text);
}

/** An id as text, whether it was sent as text or as a number. */
export function readId(levels: Levels, keys: readonly string[]): string | null {
  const id = look(levels, keys, isIdentifier);
  return id === null ? null : cleanText(String(id));
}

/** What a pattern is called and which symbol it is about, or why that cannot be said. */
export function readSubject(levels: Levels): { pattern_type: string; symbol: string } | { reason: RejectReason } {
  const name = firstText(levels, NAME_KEYS);
  const symbol = firstText(levels, SYMBOL_KEYS);
  if (name === 'no_text' || symbol === 'no_text') return { reason: 'bad_shape' };
  if (name === 'absent') return { reason: 'missing_pattern' };
  if (symbol === 'absent') return { reason: 'missing_symbol' };
  const upper = symbol.text.toUpperCase();
  if (name.text.length > MAX_NAME_CHARS) return { reason: 'bad_pattern' };
  if (upper.length > MAX_SYMBOL_CHARS || !tickerSymbol.test(upper)) return { reason: 'bad_symbol' };
  return { pattern_type: name.text, symbol: upper };
}

export const NAME_KEYS = ['pattern', 'pattern_type', 'pattern_name'] as const;
export const SYMBOL_KEYS = ['symbol', 'ticker'] as const;

function firstText(levels: Levels, keys: readonly string[]): { text: string } | 'absent' | 'no_text' {
  let otherwise: 'absent' | 'no_text' = 'absent';
  for (const { value } of levels) {
    for (const key of keys) {
      const found = value[key];
      if (found === undefined || found === null) continue;
      if (typeof found !== 'string') {
        otherwise = 'no_text';
        continue;
      }
      const text = cleanText(found).trim();
      if (text !== '') return { text };
    }
  }
  return otherwise;
}
