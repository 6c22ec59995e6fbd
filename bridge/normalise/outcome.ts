import type { IngestEvent, OutcomeEvent } from '../../shared/events.ts';
import { NAME_KEYS, readCommon, readId, readSubject, rejected, SYMBOL_KEYS } from './common.ts';
import { leftovers } from './leftovers.ts';
import { findLevels, isBoolean, isNumber, look } from './levels.ts';
import { isoTime, readDetected, readFirstTime, tellsWith } from './times.ts';
import { isObject, type JsonObject, type Outcome, type ReadContext } from './types.ts';

type IngestOutcome = Extract<IngestEvent, { kind: 'outcome' }>;

const WRAPPERS = ['data', 'outcome', 'payload'] as const;
const VALUES = ['outcome_1d', 'outcome_5d', 'outcome_30d'] as const satisfies (keyof OutcomeEvent)[];
const SUCCESSES = ['success_1d', 'success_5d', 'success_30d'] as const satisfies (keyof OutcomeEvent)[];

/** What became of a pattern that the producer detected earlier. */
export function readOutcome(context: ReadContext, root: JsonObject): Outcome[] {
  const { message, deps } = context;
  const levels = findLevels(root, WRAPPERS, [hasName]);
  if (!hasName(levels[0].value) && WRAPPERS.some(key => Object.hasOwn(root, key) && !isObject(root[key]))) {
    return [rejected(context, 'bad_shape')];
  }
  const subject = readSubject(levels);
  if ('reason' in subject) return [rejected(context, subject.reason)];

  const detected = readDetected(levels, ['outcome_calculated_at', 'timestamp'], message.receivedAtMs);
  const common = readCommon(context, levels, detected, 'outcome');
  const detection_id = readId(levels, ['detection_id']);
  const detection = readFirstTime(levels, ['detection_timestamp']);
  const [outcome_1d, outcome_5d, outcome_30d] = VALUES.map(key => look(levels, [key], isNumber));
  const [success_1d, success_5d, success_30d] = SUCCESSES.map(key => look(levels, [key], isBoolean));
  const results = {
    outcome_1d: outcome_1d!,
    outcome_5d: outcome_5d!,
    outcome_30d: outcome_30d!,
    success_1d: success_1d!,
    success_5d: success_5d!,
    success_30d: success_30d!,
  };
  const calculated = detected.origin === 'received' ? null : detected.ms;
  const event: IngestOutcome = {
    kind: 'outcome',
    ...common,
    id: deps.hash(
      JSON.stringify([
        'outcome',
        detection_id,
        subject.pattern_type,
        subject.symbol,
        detection,
        ...Object.values(results),
        calculated,
      ]),
    ),
    ...subject,
    detection_id,
    detection_at: detection === null ? null : isoTime(detection),
    ...results,
    data: {},
  };
  const times = {
    detected: detected.ms,
    published: common.hops.published_at_ms,
    others: { detection_timestamp: detection },
  };
  event.data = leftovers(levels, tellsWith(event, FIELDS, times));
  return [{ event }];
}

const FIELDS: ReadonlyMap<string, keyof IngestOutcome> = new Map([
  ...NAME_KEYS.map(key => [key, 'pattern_type'] as const),
  ...SYMBOL_KEYS.map(key => [key, 'symbol'] as const),
  ...([...VALUES, ...SUCCESSES, 'detection_id', 'flow_id', 'source'] as const).map(key => [key, key] as const),
  ['event_id', 'producer_id'],
]);

function hasName(value: JsonObject): boolean {
  return NAME_KEYS.some(key => value[key] != null);
}
