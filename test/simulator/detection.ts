import type { RejectReason } from '../../shared/codes.ts';
import type { Tier } from '../../shared/topics.ts';

/** One thing that the producer says happened: what a message carries, whatever its shape. */
export interface Detection {
  /** null when the message does not carry one. */
  eventId: string | null;
  tier: Tier;
  pattern: string;
  symbol: string;
  /** 0..1 at three decimals. */
  confidence: number;
  detectedMs: number;
  /** null when the message does not say. */
  timeframe: string | null;
  direction: string;
  price: number;
  volume: number;
  /** Of a combo: the earlier detections that it builds on. */
  builtOn: { daily: Detection; intraday: Detection; correlation: number } | null;
}

/** The shapes a pattern is published in. */
export type PatternShape =
  | 'flat'
  | 'nested'
  | 'double'
  | 'wrapped'
  | 'versioned'
  | 'ticker'
  | 'streaming'
  | 'streaming_flat'
  | 'batch'
  | 'payload';

/** What a message is, for tests: the reader of the raw text must come to the same. */
export interface Truth {
  /** A pattern's shape, or what else it is: `outcome`, `probe`, `malformed`, `system_health`, `market_tick`, … */
  is: PatternShape | 'outcome' | 'probe' | 'malformed' | (string & {});
  /** The patterns in it, in order; of an outcome, the one it is about. */
  detections: readonly Detection[];
  /** Why a reader refuses it, or items of it. */
  rejects: readonly RejectReason[];
  /** A second publication of what was published before. */
  copy: boolean;
}

/** A message for a Redis channel. */
export interface Message {
  channel: string;
  raw: string;
  truth: Truth;
}

/** A message and when it is published (epoch milliseconds). */
export interface TimedMessage extends Message {
  atMs: number;
}

/** How every message names its producer, so that nobody takes it for the real one. */
export const SOURCE = 'tickstock_simulator';

/** A message about anything but patterns. */
export function message(channel: string, is: string, body: object): Message {
  return { channel, raw: JSON.stringify(body), truth: { is, detections: [], rejects: [], copy: false } };
}
