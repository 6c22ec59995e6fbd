import type { Channel, UnroutedKind } from '../../shared/channels.ts';
import { INGEST_KINDS, type IngestKind } from '../../shared/events.ts';
import { cleanText } from './text.ts';
import { isObject, type JsonObject } from './types.ts';

/** What a message turned out to be: a kind, or a word that nobody knows. */
export type Recognised = { kind: IngestKind | UnroutedKind } | { unknown: string };

const MAX_KIND_CHARS = 100;

/** The words of `event_type`, `type` and `event`. */
const KIND_BY_WORD = new Map<string, IngestKind | UnroutedKind>([
  ['pattern', 'pattern'],
  ['pattern_detected', 'pattern'],
  ['pattern_detection', 'pattern'],
  ['pattern_alert', 'pattern'],
  ['patterns_batch', 'pattern'],
  ['pattern_batch', 'pattern'],
  ['streaming_pattern', 'pattern'],
  ['streaming_patterns', 'pattern'],
  ['streaming_patterns_batch', 'pattern'],
  ['outcome', 'outcome'],
  ['pattern_outcome', 'outcome'],
  ['outcome_calculated', 'outcome'],
  ['streaming_session', 'streaming_session'],
  ['streaming_session_started', 'streaming_session'],
  ['streaming_session_stopped', 'streaming_session'],
  ['session_started', 'streaming_session'],
  ['session_stopped', 'streaming_session'],
  ['streaming_health', 'streaming_health'],
  ['system_health', 'system_health'],
  ['critical_alert', 'critical_alert'],
  ['indicator', 'indicator'],
  ['indicator_calculated', 'indicator'],
  ['streaming_indicator', 'indicator'],
  ['streaming_indicators', 'indicator'],
  ['streaming_indicators_batch', 'indicator'],
  ['indicator_alert', 'indicator_alert'],
  ['backtest_progress', 'backtest_progress'],
  ['backtest_result', 'backtest_result'],
  ['backtest_results', 'backtest_result'],
  ['market_state', 'market_state'],
  ['tick', 'market_tick'],
  ['tick_data', 'market_tick'],
  ['market_tick', 'market_tick'],
  ['ohlcv', 'market_bar'],
  ['market_summary', 'market_summary'],
]);

/** Keys by which a message on a channel of that kind is taken for one although it says an unknown word. */
const FIELDS: Record<IngestKind, readonly string[]> = {
  pattern: ['pattern', 'pattern_type', 'pattern_name', 'symbol', 'ticker', 'confidence', 'patterns'],
  outcome: ['pattern', 'pattern_type', 'pattern_name', 'symbol', 'ticker', 'detection_id'],
  streaming_session: ['session_id', 'session', 'started_at', 'start_time', 'universe', 'symbol_universe_key'],
  streaming_health: ['status', 'health_status', 'health', 'session_id'],
  system_health: ['status', 'metrics'],
  critical_alert: ['severity', 'message', 'component', 'alert'],
  backtest_progress: ['job_id', 'progress', 'processed_symbols'],
  backtest_result: ['job_id', 'results'],
};
const WHOLE_PATTERN = [['pattern', 'pattern_type', 'pattern_name'], ['symbol', 'ticker'], ['confidence']] as const;

/**
 * What a message is: by its own word, else by its channel. A whole pattern on a pattern channel is one even under the
 * word of a kind that goes nowhere, as `type` may mean something else there; and what only lacks a known word is judged
 * by its channel as soon as it has any field of that kind, so that it is read or visibly rejected.
 */
export function recognise(root: JsonObject, channel: Channel | undefined): Recognised {
  const said = wordsOf(root);
  const known = said.map(word => KIND_BY_WORD.get(word)).find(kind => kind !== undefined);
  if (known !== undefined) {
    const pattern = !isRouted(known) && channel?.kind === 'pattern' && isWholePattern(root);
    return { kind: pattern ? 'pattern' : known };
  }
  const [word] = said;
  if (channel === undefined) return { unknown: word ?? 'unknown' };
  if (word === undefined || !isRouted(channel.kind) || hasAny(root, FIELDS[channel.kind])) {
    return { kind: channel.kind };
  }
  return { unknown: word };
}

/** The words a message says about its kind, lower-cased, outermost first. */
export function wordsOf(root: JsonObject): string[] {
  const words: string[] = [];
  for (const level of [root, root.data, root.payload]) {
    if (!isObject(level)) continue;
    for (const key of ['event_type', 'type', 'event']) {
      const value = level[key];
      if (typeof value !== 'string') continue;
      const word = cleanText(value).trim().toLowerCase().slice(0, MAX_KIND_CHARS);
      if (word !== '') words.push(word);
    }
  }
  return words;
}

/** Whether the bridge posts this kind. */
export function isRouted(kind: IngestKind | UnroutedKind): kind is IngestKind {
  return (INGEST_KINDS as readonly string[]).includes(kind);
}

function isWholePattern(root: JsonObject): boolean {
  return WHOLE_PATTERN.every(keys => hasAny(root, keys));
}

/** Looks as deep as the deepest known shape nests. */
function hasAny(object: JsonObject, keys: readonly string[], depth = 2): boolean {
  if (keys.some(key => Object.hasOwn(object, key))) return true;
  return depth > 0 && Object.values(object).some(inner => isObject(inner) && hasAny(inner, keys, depth - 1));
}
