import type { TopicEvent } from '../../shared/events.ts';
import { readCommon, readText, rejected } from './common.ts';
import { wordsOf } from './kinds.ts';
import { leftovers } from './leftovers.ts';
import { findLevels, isNumber, type Levels, look, pathOf } from './levels.ts';
import { canonicalJson } from './text.ts';
import { readDetected, tellsWith } from './times.ts';
import { isObject, type JsonObject, type Outcome, type ReadContext } from './types.ts';

type SystemEvent = Exclude<TopicEvent, { kind: 'pattern' | 'outcome' }>;
export type SystemKind = SystemEvent['kind'];
/** What an event of these kinds has beyond the fields of every event. */
type Own = OwnOf<SystemEvent>;
type OwnOf<E> = E extends SystemEvent ? Omit<E, keyof ReturnType<typeof readCommon> | 'id' | 'data'> : never;

/** How the messages of one kind are read. */
interface Reader {
  /** The key, besides `data` and `payload`, under which the body may stand. */
  wrapper: string;
  /** Which field tells the value of which key. */
  fields: readonly (readonly [key: string, field: string])[];
  /** Null when it cannot be said what happened. */
  read: (levels: Levels, context: ReadContext) => { own: Own; times: readonly string[] } | null;
}

/** The health of the producer, its streaming sessions and its critical alerts. */
export function readSystem(context: ReadContext, root: JsonObject, kind: SystemKind): Outcome[] {
  const reader = READERS[kind];
  const wrappers = [reader.wrapper, 'data', 'payload'];
  const hasField = (value: JsonObject) => reader.fields.some(([key]) => Object.hasOwn(value, key));
  const levels = findLevels(root, wrappers, [hasField]);
  const [body] = levels;
  const broken = !hasField(body.value) && wrappers.some(key => Object.hasOwn(root, key) && !isObject(root[key]));
  const found = broken ? null : reader.read(levels, context);
  if (found === null) return [rejected(context, 'bad_shape')];

  const { message, deps } = context;
  const detected = readDetected(levels, found.times, message.receivedAtMs);
  const common = readCommon(context, levels, detected, SHAPES.get(pathOf(levels)[0]) ?? 'wrapped');
  const time = detected.origin === 'received' ? null : detected.ms;
  const event: SystemEvent = {
    ...common,
    ...found.own,
    id: deps.hash(JSON.stringify([kind, time, canonicalJson(body.value)])),
    data: {},
  };
  const fields = new Map([...COMMON_FIELDS, ...reader.fields]);
  const times = { detected: detected.ms, published: common.hops.published_at_ms };
  event.data = leftovers(levels, tellsWith(event, fields, times));
  return [{ event }];
}

const SHAPES: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'flat'],
  ['data', 'nested'],
  ['payload', 'payload'],
]);
const COMMON_FIELDS = [
  ['flow_id', 'flow_id'],
  ['source', 'source'],
  ['event_id', 'producer_id'],
  ['detection_id', 'producer_id'],
] as const;

const STARTED_KEYS = ['started_at', 'start_time', 'timestamp'] as const;
const STOPPED_KEYS = ['stopped_at', 'stop_time', 'ended_at', 'end_time', 'timestamp'] as const;
const MEASURED_KEYS = ['timestamp'] as const;

const READERS: Record<SystemKind, Reader> = {
  streaming_session: {
    wrapper: 'session',
    fields: [
      ['session_id', 'session_id'],
      ['universe', 'universe'],
      ['symbol_universe_key', 'universe'],
      ['symbol_count', 'symbol_count'],
    ],
    read: (levels, context) => {
      const state = readState(levels, context);
      if (state === null) return null;
      return {
        own: {
          kind: 'streaming_session',
          session_id: readText(levels, ['session_id']),
          state,
          universe: readText(levels, ['universe', 'symbol_universe_key']),
          symbol_count: look(levels, ['symbol_count'], isNumber),
        },
        times: state === 'started' ? STARTED_KEYS : STOPPED_KEYS,
      };
    },
  },
  streaming_health: {
    wrapper: 'health',
    fields: [
      ['session_id', 'session_id'],
      ['status', 'status'],
      ['health_status', 'status'],
    ],
    read: levels => ({
      own: {
        kind: 'streaming_health',
        session_id: readText(levels, ['session_id']),
        status: readText(levels, ['status', 'health_status']),
      },
      times: MEASURED_KEYS,
    }),
  },
  system_health: {
    wrapper: 'health',
    fields: [['status', 'status']],
    read: levels => ({ own: { kind: 'system_health', status: readText(levels, ['status']) }, times: MEASURED_KEYS }),
  },
  critical_alert: {
    wrapper: 'alert',
    fields: [
      ['severity', 'severity'],
      ['message', 'message'],
      ['component', 'component'],
    ],
    read: levels => ({
      own: {
        kind: 'critical_alert',
        priority: 'critical',
        severity: readText(levels, ['severity']),
        message: readText(levels, ['message']),
        component: readText(levels, ['component']),
      },
      times: MEASURED_KEYS,
    }),
  },
};

const STATES: ReadonlyMap<string, 'started' | 'stopped'> = new Map([
  ...['started', 'active', 'running'].map(word => [word, 'started'] as const),
  ...['stopped', 'ended', 'completed', 'finished'].map(word => [word, 'stopped'] as const),
]);

/** Whether a session started or stopped: by the message's own word, else by the channel, else by its `status`. */
function readState(levels: Levels, { message, deps }: ReadContext): 'started' | 'stopped' | null {
  const root = levels[levels.length - 1]!.value;
  for (const word of wordsOf(root)) {
    const state = STATES.get(word.slice(word.lastIndexOf('_') + 1));
    if (state) return state;
  }
  const ofChannel = deps.channels[message.channel]?.state;
  return ofChannel ?? STATES.get(readText(levels, ['status'])?.trim().toLowerCase() ?? '') ?? null;
}
