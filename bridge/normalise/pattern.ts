import type { IngestPattern, MarketSession } from '../../shared/events.ts';
import { priorityFor } from '../../shared/tier-policy.ts';
import { NAME_KEYS, readCommon, readSubject, readText, rejected, SYMBOL_KEYS } from './common.ts';
import { readConfidence } from './confidence.ts';
import { leftovers } from './leftovers.ts';
import { findLevels, isArray, isNumber, isText, joinLevels, type Levels, look, pathOf } from './levels.ts';
import { canonicalJson, cleanText } from './text.ts';
import { type ReadTier, readTier } from './tiers.ts';
import { isoTime, readDetected, readFirstTime, tellsWith } from './times.ts';
import { isObject, type JsonObject, type Outcome, type ReadContext } from './types.ts';

const WRAPPERS = ['data', 'pattern_data', 'detection', 'payload'] as const;
const DETECTED_KEYS = ['detection_timestamp', 'detected_at', 'bar_timestamp', 'timestamp'] as const;
const EXPIRY_KEYS = ['expires_at', 'expiration_date', 'expiration'] as const;
/** What the items of one message may come to together, each with its copy of the message around it. */
const MAX_BATCH_CHARS = 8 * 1024 * 1024;

/** The patterns of a message: one, or one for each item of a batch, in their order. A bad item rejects itself alone. */
export function readPatterns(context: ReadContext, root: JsonObject): Outcome[] {
  const list = findLevels(root, WRAPPERS, [holdsPatterns]);
  if (holdsPatterns(list[0].value)) return readBatch(context, list);
  const levels = bodyOf(root);
  if (isPart(levels[0].value)) return [readPattern(context, levels, shapeOf(levels), context.message.raw)];
  const anyList = findLevels(root, WRAPPERS, [holdsList]);
  if (holdsList(anyList[0].value)) return readBatch(context, anyList);
  const broken = [...WRAPPERS, 'patterns'].some(key => Object.hasOwn(root, key) && !isObject(root[key]));
  return [rejected(context, broken ? 'bad_shape' : 'missing_pattern')];
}

function readBatch(context: ReadContext, list: Levels): Outcome[] {
  const items = list[0].value.patterns as unknown[];
  if (items.length === 0) return [{ notRouted: 'empty_batch' }];
  const samples = items.map(item => JSON.stringify(item));
  const around = context.message.raw.length - samples.reduce((chars, sample) => chars + sample.length, 0);
  if (items.length * around > MAX_BATCH_CHARS) return [rejected(context, 'too_large')];
  return items.map((item, i) =>
    isObject(item)
      ? readPattern(context, joinLevels(bodyOf(item), list, 'patterns'), 'batch', samples[i]!)
      : rejected(context, 'bad_shape', samples[i]!),
  );
}

function readPattern(context: ReadContext, levels: Levels, shape: string, sample: string): Outcome {
  const { message, deps } = context;
  const subject = readSubject(levels);
  if ('reason' in subject) return rejected(context, subject.reason, sample);
  const confidence = readConfidence(levels);
  if (confidence === null) return rejected(context, 'bad_confidence', sample);

  const tier = readTier(levels, deps.channels[message.channel]?.tier ?? 'daily');
  const combo = tier.tier === 'combo';
  const detected = readDetected(levels, DETECTED_KEYS, message.receivedAtMs);
  const common = readCommon(context, levels, detected, shape);
  const expiry = readFirstTime(levels, EXPIRY_KEYS);
  const timeframe = readText(levels, ['timeframe']);
  const facts = [tier.tier, subject.symbol, subject.pattern_type, timeframe];
  const event: IngestPattern = {
    kind: 'pattern',
    ...common,
    id: deps.hash(
      JSON.stringify(
        detected.origin === 'received'
          ? ['pattern', ...facts, confidence.value, common.producer_id ?? common.flow_id ?? itemText(levels)]
          : ['pattern', ...facts, detected.ms, confidence.value],
      ),
    ),
    tier: tier.tier,
    tier_origin: tier.origin,
    ...subject,
    confidence: confidence.value,
    priority: priorityFor(deps.policy[tier.tier], confidence.value),
    timeframe,
    direction: readText(levels, ['direction']),
    price: look(levels, ['price', 'current_price'], isNumber),
    volume: look(levels, ['volume'], isNumber),
    levels: look(levels, ['levels'], isArray),
    expires_at: expiry === null ? null : isoTime(expiry),
    market_session: readMarketSession(levels),
    market_context: look(levels, ['market_context'], isObject),
    real_time: tier.tier === 'intraday',
    daily_context: combo ? look(levels, ['daily_context'], isObject) : null,
    intraday_trigger: combo ? look(levels, ['intraday_trigger'], isObject) : null,
    correlation_strength: combo ? look(levels, ['correlation_strength'], isNumber) : null,
    tags: tagsOf(levels, tier, confidence),
    data: {},
  };
  const times = {
    detected: detected.ms,
    published: common.hops.published_at_ms,
    others: { expires_at: expiry, expiration_date: expiry, expiration: expiry },
  };
  event.data = leftovers(levels, tellsWith(event, FIELDS, times));
  return { event };
}

/** Which field tells the value of which key. */
const FIELDS: ReadonlyMap<string, keyof IngestPattern> = new Map([
  ...NAME_KEYS.map(key => [key, 'pattern_type'] as const),
  ...SYMBOL_KEYS.map(key => [key, 'symbol'] as const),
  ['price', 'price'],
  ['current_price', 'price'],
  ['event_id', 'producer_id'],
  ['detection_id', 'producer_id'],
  ...(
    [
      'confidence',
      'tier',
      'timeframe',
      'direction',
      'volume',
      'levels',
      'market_session',
      'market_context',
      'daily_context',
      'intraday_trigger',
      'correlation_strength',
      'flow_id',
      'source',
    ] as const
  ).map(key => [key, key] as const),
]);

/** A message without name or symbol anywhere falls back to its root. */
function bodyOf(value: JsonObject): Levels {
  return findLevels(value, WRAPPERS, [isWhole, isPart]);
}

function isWhole(value: JsonObject): boolean {
  return NAME_KEYS.some(key => value[key] != null) && SYMBOL_KEYS.some(key => value[key] != null);
}

function isPart(value: JsonObject): boolean {
  return [...NAME_KEYS, ...SYMBOL_KEYS].some(key => value[key] != null);
}

function holdsList(value: JsonObject): boolean {
  return Array.isArray(value.patterns);
}

function holdsPatterns(value: JsonObject): boolean {
  return Array.isArray(value.patterns) && value.patterns.some(item => isObject(item) && isPart(bodyOf(item)[0].value));
}

function shapeOf(levels: Levels): string {
  const [first, second] = pathOf(levels);
  switch (first) {
    case 'data':
      return second === 'data' ? 'double' : 'nested';
    case 'pattern_data':
      return 'wrapped';
    case 'detection':
      return 'streaming';
    case 'payload':
      return 'payload';
    default:
      return shapeOfFlat(levels[0].value);
  }
}

function shapeOfFlat(root: JsonObject): string {
  if (root.pattern_name != null) return 'versioned';
  return root.symbol == null && root.ticker != null ? 'ticker' : 'flat';
}

function itemText(levels: Levels): string {
  return canonicalJson(levels[0].value);
}

const SESSION_WORDS: ReadonlyMap<string, MarketSession> = new Map([
  ...['pre_market', 'premarket', 'pre'].map(word => [word, 'pre_market'] as const),
  ...['regular', 'regular_hours', 'market_hours', 'rth', 'open'].map(word => [word, 'regular'] as const),
  ...['post_market', 'postmarket', 'post', 'after_hours', 'afterhours', 'after_market', 'after'].map(
    word => [word, 'post_market'] as const,
  ),
  ['closed', 'closed'],
]);

function readMarketSession(levels: Levels): MarketSession | null {
  const word = look(levels, ['market_session', 'market_status'], isText);
  return (
    (word &&
      SESSION_WORDS.get(
        word
          .trim()
          .toLowerCase()
          .replace(/[\s-]+/g, '_'),
      )) ||
    null
  );
}

function tagsOf(levels: Levels, tier: ReadTier, confidence: { value: number; scaled: boolean }): string[] {
  const tags = new Set<string>();
  if (confidence.value >= 0.8) tags.add('high_confidence');
  if (tier.tier === 'combo') tags.add('multi_timeframe');
  if (confidence.scaled) tags.add('confidence_scaled');
  for (const word of tier.words) tags.add(`tier:${word}`);
  for (const tag of look(levels, ['tags'], isArray) ?? []) if (isText(tag)) tags.add(cleanText(tag));
  return [...tags];
}
