import type { Reject } from '../shared/ingest-protocol.ts';
import type { Topic } from '../shared/topics.ts';
import type { LaneAnswer } from './lane.ts';
import { type Log, LogLimit } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Outcome, RawMessage } from './normalise/normalise.ts';
import { serverTimeOf } from './outbox/answer.ts';
import type { GivenUp } from './outbox/lane.ts';

/** What a bridge has seen since it started. */
export interface WatchCounts {
  messages: number;
  lastMessageAtMs: number | null;
  /** When a message last came, by channel: the producer's own sign of life. */
  channels: Record<string, { messages: number; lastMessageAtMs: number }>;
  rejected: number;
  /** How far the Worker's clock is ahead of ours; null before its first answer. */
  clockOffsetMs: number | null;
}

/** Counts, measures and logs what a bridge does; changes nothing. */
export class Watch {
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #logLimit = new LogLimit();
  readonly #channels = new Map<string, { messages: number; lastMessageAtMs: number }>();
  #messages = 0;
  #lastMessageAtMs: number | null = null;
  #rejected = 0;
  #dropped = 0;
  clockOffsetMs: number | null = null;
  /** When an event was last given up because too many waited. */
  droppedAtMs: number | null = null;
  /** When the edge last refused one of them for good. */
  readonly givenUpAtMs: Partial<Record<GivenUp['what'], number>> = {};

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics;
    this.#log = log;
  }

  counts(): WatchCounts {
    return {
      messages: this.#messages,
      lastMessageAtMs: this.#lastMessageAtMs,
      channels: Object.fromEntries(this.#channels),
      rejected: this.#rejected,
      clockOffsetMs: this.clockOffsetMs,
    };
  }

  noteMessage({ channel, receivedAtMs }: Omit<RawMessage, 'raw'>, outcomes: readonly Outcome[], tookMs: number): void {
    this.#messages++;
    this.#lastMessageAtMs = receivedAtMs;
    this.#channels.set(channel, {
      messages: (this.#channels.get(channel)?.messages ?? 0) + 1,
      lastMessageAtMs: receivedAtMs,
    });
    this.#metrics.messages.inc({ channel });
    this.#metrics.parseSeconds.observe(tookMs / 1_000);
    for (const outcome of outcomes) {
      if ('event' in outcome) this.#metrics.events.inc({ kind: outcome.event.kind });
      else if ('reject' in outcome) this.#noteReject(outcome.reject, receivedAtMs);
      else if ('probe' in outcome) this.#metrics.probes.inc();
      else this.#metrics.notRouted.inc({ channel });
    }
  }

  /** The edge refused something for good. */
  noteGivenUp(topic: Topic, givenUp: GivenUp, nowMs: number): void {
    this.givenUpAtMs[givenUp.what] = nowMs;
    if (givenUp.what === 'event') this.#noteReject(givenUp.reject, nowMs);
    if (givenUp.what === 'gap') {
      this.#log.error({ topic, gaps: givenUp.gaps }, 'the Worker refuses a gap: its clients are not told of it');
    }
  }

  /** So many events have been given up by now. */
  noteDropped(dropped: number, nowMs: number): void {
    if (dropped === this.#dropped) return;
    this.#metrics.dropped.inc(dropped - this.#dropped);
    this.#dropped = dropped;
    this.droppedAtMs = nowMs;
    if (this.#logLimit.pass('dropped', nowMs) !== null) {
      this.#log.error({ dropped }, 'too many events wait: the oldest are given up');
    }
  }

  noteAnswer(topic: Topic, { batch, result, verdict, sentAtMs }: LaneAnswer, nowMs: number): void {
    this.#metrics.batches.inc({ topic, verdict: verdict.verdict });
    this.#metrics.postSeconds.observe({ topic }, (nowMs - sentAtMs) / 1_000);
    const serverAtMs = serverTimeOf(result);
    if (serverAtMs !== null) this.clockOffsetMs = serverAtMs - (sentAtMs + nowMs) / 2;
    if (verdict.verdict === 'taken') {
      if (batch.oldestMs !== null) this.#metrics.waitSeconds.observe({ topic }, (nowMs - batch.oldestMs) / 1_000);
      return;
    }
    const isUnauthorized = 'status' in result && result.status === 401;
    if (isUnauthorized) this.#metrics.unauthorized.inc({ topic });
    const heldBack = this.#logLimit.pass(`${topic} ${verdict.verdict} ${isUnauthorized}`, nowMs);
    if (heldBack === null) return;
    const facts = { topic, batch: batch.id, events: batch.events, why: verdict.why, heldBack };
    if (isUnauthorized)
      this.#log.error(facts, 'the Worker refuses our signature: compare INGEST_SECRET and the clocks');
    else this.#log.warn(facts, verdict.verdict === 'retry' ? 'batch not taken, trying again' : 'batch refused');
  }

  #noteReject({ channel, reason, sample }: Reject, nowMs: number): void {
    this.#rejected++;
    this.#metrics.rejects.inc({ channel, reason });
    const heldBack = this.#logLimit.pass(`reject ${channel} ${reason}`, nowMs);
    if (heldBack === null) return;
    this.#log.warn({ channel, reason, heldBack, sample: sample.slice(0, 200) }, 'message rejected');
  }
}
