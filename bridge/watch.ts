import type { IngestEvent } from '../shared/events.ts';
import type { Reject } from '../shared/ingest-protocol.ts';
import type { Topic } from '../shared/topics.ts';
import { type ChannelCounts, PerChannel } from './channel-counts.ts';
import type { LaneAnswer } from './lane.ts';
import { type Log, LogLimit } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Outcome, RawMessage } from './normalise/normalise.ts';
import { serverTimeOf, takenOf } from './outbox/answer.ts';
import type { GivenUp } from './outbox/lane.ts';
import { WorkerClock } from './worker-clock.ts';

/** What a bridge has seen since it started. */
export interface WatchCounts {
  messages: number;
  lastMessageAtMs: number | null;
  /** Of the channels on which something came: the producer's own sign of life. */
  channels: Record<string, ChannelCounts>;
  rejected: number;
  /** How far the Worker's clock is ahead of ours; null before its first answer. */
  clockOffsetMs: number | null;
}

/** Counts, measures and logs what a bridge does; changes nothing. */
export class Watch {
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #logLimit = new LogLimit();
  readonly channels = new PerChannel();
  #messages = 0;
  #rejected = 0;
  #dropped = 0;
  lastMessageAtMs: number | null = null;
  clockOffsetMs: number | null = null;
  readonly #workerClock = new WorkerClock();
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
      lastMessageAtMs: this.lastMessageAtMs,
      channels: this.channels.heard(),
      rejected: this.#rejected,
      clockOffsetMs: this.clockOffsetMs,
    };
  }

  noteMessage({ channel, receivedAtMs }: Omit<RawMessage, 'raw'>, outcomes: readonly Outcome[], tookMs: number): void {
    this.#messages++;
    this.lastMessageAtMs = receivedAtMs;
    this.channels.noteMessage(channel, outcomes, receivedAtMs);
    this.#metrics.messages.inc({ channel });
    this.#metrics.parseSeconds.observe(tookMs / 1_000);
    for (const outcome of outcomes) {
      if ('event' in outcome) this.#noteEvent(channel, outcome.event);
      else if ('reject' in outcome) this.#noteReject(outcome.reject, receivedAtMs);
      else if ('probe' in outcome) this.#metrics.probes.inc();
      else this.#metrics.notRouted.inc({ channel });
    }
  }

  /** How far the Worker's clock is ahead at least; null before its first answer. */
  workerAheadMs(nowMs: number): number | null {
    return this.#workerClock.aheadMs(nowMs);
  }

  /** The edge refused something for good. */
  noteGivenUp(topic: Topic, givenUp: GivenUp, nowMs: number): void {
    this.givenUpAtMs[givenUp.what] = nowMs;
    if (givenUp.what === 'event') {
      this.channels.noteReject(givenUp.reject.channel);
      this.#noteReject(givenUp.reject, nowMs);
    }
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
    if (serverAtMs !== null) {
      this.clockOffsetMs = serverAtMs - (sentAtMs + nowMs) / 2;
      this.#workerClock.note(serverAtMs, nowMs);
    }
    if (verdict.verdict === 'taken') {
      if (batch.oldestMs !== null) this.#metrics.waitSeconds.observe({ topic }, (nowMs - batch.oldestMs) / 1_000);
      const tookMs = nowMs - sentAtMs;
      this.#log.debug(
        { topic, batch: batch.id, events: batch.events, ...takenOf(result, topic), tookMs },
        'batch taken',
      );
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

  #noteEvent(channel: string, event: IngestEvent): void {
    this.#metrics.events.inc({ channel, kind: event.kind, ...(event.kind === 'pattern' && { tier: event.tier }) });
    const { published_at_ms, bridge_at_ms } = event.hops;
    if (published_at_ms === undefined) return;
    this.#metrics.redisLagSeconds.observe({ channel }, Math.max(0, bridge_at_ms - published_at_ms) / 1_000);
  }

  #noteReject({ channel, reason, sample }: Reject, nowMs: number): void {
    this.#rejected++;
    this.#metrics.rejects.inc({ channel, reason });
    const heldBack = this.#logLimit.pass(`reject ${channel} ${reason}`, nowMs);
    if (heldBack === null) return;
    this.#log.warn({ channel, reason, heldBack, sample: sample.slice(0, 200) }, 'message rejected');
  }
}
