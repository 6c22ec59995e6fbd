import * as z from 'zod';
import { BACKTEST_FIGURES, type BacktestFigure, MAX_JOB_ID_LENGTH } from './backtests.ts';
import { PROTOCOL_VERSION } from './limits.ts';
import { PRIORITIES, type Priority } from './priority.ts';
import { TIERS, type Topic } from './topics.ts';

/** Kinds that topics carry. More are reserved (indicator, market_tick, …) and come as additions. */
export const EVENT_KINDS = [
  'pattern',
  'outcome',
  'streaming_session',
  'streaming_health',
  'system_health',
  'critical_alert',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Kinds that are for the one user who asked for the backtest: no topic carries them. */
export const BACKTEST_KINDS = ['backtest_progress', 'backtest_result'] as const;
/** All kinds that a bridge posts. */
export const INGEST_KINDS = [...EVENT_KINDS, ...BACKTEST_KINDS] as const;
export type IngestKind = (typeof INGEST_KINDS)[number];

export const MARKET_SESSIONS = ['pre_market', 'regular', 'post_market', 'closed'] as const;
export type MarketSession = (typeof MARKET_SESSIONS)[number];

/** An object as the producer sent it: passed through by reference, so that no key of it is dropped or reordered. */
export const objectSchema = z.custom<Record<string, unknown>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
);
/** ISO 8601 UTC with milliseconds, e.g. `2026-11-20T14:30:00.123Z`. */
const timeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'expected ISO 8601 UTC with milliseconds')
  .refine(text => !Number.isNaN(Date.parse(text)), 'there is no such time');
const epochMsSchema = z.int().min(0).max(8.64e15);
const sentString = z.string().nullable();
const sentNumber = z.number().nullable();
const sentBoolean = z.boolean().nullable();

/** What the bridge knows of every event; the hub adds `seq`, the rest of `hops`, and what routing decides. */
const commonShape = {
  v: z.literal(PROTOCOL_VERSION),
  /** Content id: the same thing from two channels or two bridges has the same. */
  id: z.string().min(1).max(128),
  detected_at: timeSchema,
  /** `naive`: no zone was given, read as UTC. `received`: no time was given, so this is when the bridge got it. */
  time_origin: z.enum(['zoned', 'epoch', 'naive', 'received']),
  source: z.string().max(200),
  channel: z.string().min(1).max(200),
  shape: z.string().min(1).max(50),
  flow_id: sentString,
  producer_id: sentString,
  data: objectSchema,
  context: objectSchema.nullable(),
};
const bridgeHopsSchema = z.object({ published_at_ms: epochMsSchema.optional(), bridge_at_ms: epochMsSchema });
const hopsSchema = bridgeHopsSchema.extend({ edge_at_ms: epochMsSchema, hub_at_ms: epochMsSchema });

const patternName = z.string().min(1).max(100);
const symbol = z.string().min(1).max(20);

const patternShape = {
  kind: z.literal('pattern'),
  tier: z.enum(TIERS),
  tier_origin: z.enum(['explicit', 'timeframe', 'default']),
  pattern_type: patternName,
  symbol,
  /** 0..1 at three decimals. */
  confidence: z.number().min(0).max(1),
  priority: z.enum(PRIORITIES),
  timeframe: sentString,
  direction: sentString,
  price: sentNumber,
  volume: sentNumber,
  levels: z.array(z.unknown()).nullable(),
  expires_at: timeSchema.nullable(),
  market_context: objectSchema.nullable(),
  real_time: z.boolean(),
  /** These three only on combos, when sent. */
  daily_context: objectSchema.nullable(),
  intraday_trigger: objectSchema.nullable(),
  correlation_strength: sentNumber,
  tags: z.array(z.string()),
};
const outcomeShape = {
  kind: z.literal('outcome'),
  pattern_type: patternName,
  symbol,
  /** The producer's id of the detection this is about, as text. */
  detection_id: sentString,
  /** When that detection was made; `detected_at` is when its outcome was calculated. */
  detection_at: timeSchema.nullable(),
  outcome_1d: sentNumber,
  outcome_5d: sentNumber,
  outcome_30d: sentNumber,
  success_1d: sentBoolean,
  success_5d: sentBoolean,
  success_30d: sentBoolean,
};
const streamingSessionShape = {
  kind: z.literal('streaming_session'),
  session_id: sentString,
  state: z.enum(['started', 'stopped']),
  universe: sentString,
  symbol_count: sentNumber,
};
const streamingHealthShape = { kind: z.literal('streaming_health'), session_id: sentString, status: sentString };
const systemHealthShape = { kind: z.literal('system_health'), status: sentString };
const criticalAlertShape = {
  kind: z.literal('critical_alert'),
  priority: z.literal('critical'),
  /** As sent: the producer also announces recoveries here, with `info`. */
  severity: sentString,
  message: sentString,
  component: sentString,
};
/** The id of a backtest, as text. */
const jobId = z.string().min(1).max(MAX_JOB_ID_LENGTH);
const backtestProgressShape = {
  kind: z.literal('backtest_progress'),
  job_id: jobId,
  /** 0..1 */
  progress: z.number().min(0).max(1).nullable(),
  status: sentString,
  current_symbol: sentString,
  processed_symbols: sentNumber,
  estimated_completion: timeSchema.nullable(),
};
const backtestResultShape = {
  kind: z.literal('backtest_result'),
  job_id: jobId,
  status: sentString,
  /** What the producer says in words, of a failure above all. */
  message: sentString,
  ...Object.fromEntries(BACKTEST_FIGURES.map(name => [name, sentNumber])),
  processing_time_seconds: sentNumber,
} as BacktestResultShape;
type BacktestResultShape = {
  kind: z.ZodLiteral<'backtest_result'>;
  job_id: typeof jobId;
  status: typeof sentString;
  message: typeof sentString;
  processing_time_seconds: typeof sentNumber;
} & Record<BacktestFigure, typeof sentNumber>;

const asIngested = { ...commonShape, hops: bridgeHopsSchema };
const sentMarketSession = { market_session: z.enum(MARKET_SESSIONS).nullable() };

/** An event as the bridge posts it. `market_session` is what the producer sent, or null. */
export const ingestEventSchema = z.discriminatedUnion('kind', [
  z.looseObject({ ...asIngested, ...patternShape, ...sentMarketSession }),
  z.looseObject({ ...asIngested, ...outcomeShape }),
  z.looseObject({ ...asIngested, ...streamingSessionShape }),
  z.looseObject({ ...asIngested, ...streamingHealthShape }),
  z.looseObject({ ...asIngested, ...systemHealthShape }),
  z.looseObject({ ...asIngested, ...criticalAlertShape }),
  z.looseObject({ ...asIngested, ...backtestProgressShape }),
  z.looseObject({ ...asIngested, ...backtestResultShape }),
]);

const onTape = { ...commonShape, seq: z.int().min(1), hops: hopsSchema };
const knownMarketSession = {
  market_session: z.enum(MARKET_SESSIONS),
  session_origin: z.enum(['sent', 'calendar']),
};
const outcomeEventSchema = z.looseObject({ ...onTape, ...outcomeShape });
const streamingSessionEventSchema = z.looseObject({ ...onTape, ...streamingSessionShape });
const streamingHealthEventSchema = z.looseObject({ ...onTape, ...streamingHealthShape });
const systemHealthEventSchema = z.looseObject({ ...onTape, ...systemHealthShape });
const criticalAlertEventSchema = z.looseObject({ ...onTape, ...criticalAlertShape });
export const patternEventSchema = z.discriminatedUnion(
  'tier',
  TIERS.map(tier =>
    z.looseObject({
      ...onTape,
      ...patternShape,
      ...knownMarketSession,
      tier: z.literal(tier),
      real_time: z.literal(tier === 'intraday'),
    }),
  ) as [PatternSchema<'daily'>, PatternSchema<'intraday'>, PatternSchema<'combo'>],
);
type PatternSchema<T extends string> = z.ZodObject<
  typeof onTape &
    Omit<typeof patternShape, 'tier' | 'real_time'> &
    typeof knownMarketSession & { tier: z.ZodLiteral<T>; real_time: z.ZodLiteral<boolean> },
  z.core.$loose
>;

/** An event as it stands on a tape and reaches clients. */
export const eventSchema = z.discriminatedUnion('kind', [
  patternEventSchema,
  outcomeEventSchema,
  streamingSessionEventSchema,
  streamingHealthEventSchema,
  systemHealthEventSchema,
  criticalAlertEventSchema,
]);

/** `z.looseObject` types carry an index signature; code reads named fields only. */
type Named<T> = T extends unknown ? { [K in keyof T as string extends K ? never : K]: T[K] } : never;

export type IngestEvent = Named<z.infer<typeof ingestEventSchema>>;
/** What is for one user alone. */
export type BacktestEvent = Extract<IngestEvent, { kind: (typeof BACKTEST_KINDS)[number] }>;
/** What a topic's tape is for. */
export type TopicEvent = Exclude<IngestEvent, BacktestEvent>;
export type IngestPattern = Extract<IngestEvent, { kind: 'pattern' }>;
export type Event = Named<z.infer<typeof eventSchema>>;
export type PatternEvent = Extract<Event, { kind: 'pattern' }>;
export type OutcomeEvent = Extract<Event, { kind: 'outcome' }>;

/**
 * The topics whose hubs take an event: outcomes go to all tiers, as any of them may know the detection, and the hub of
 * `system` knows whose backtest is whose.
 */
export function topicsOf(event: IngestEvent): readonly Topic[] {
  if (event.kind === 'pattern') return [event.tier];
  if (event.kind === 'outcome') return TIERS;
  return ['system'];
}

export function isOfBacktest(event: IngestEvent): event is BacktestEvent {
  return (BACKTEST_KINDS as readonly string[]).includes(event.kind);
}

/** How urgent an event is. Only patterns and critical alerts say so themselves. */
export function priorityOf(event: IngestEvent | Event): Priority {
  return 'priority' in event ? event.priority : 'medium';
}
