import { createDelayLine } from './delay-line.ts';
import type { Message, TimedMessage } from './detection.ts';
import { malformed } from './malformed.ts';
import { createMarketMessages } from './market-messages.ts';
import { createOutcomes } from './outcomes.ts';
import { createPatterns } from './patterns.ts';
import { createPrices } from './prices.ts';
import { createProducerMessages } from './producer-messages.ts';
import { createRandom } from './random.ts';
import { DAY_MS, rhythm } from './rhythm.ts';

export interface StreamOptions {
  /** The same seed, rate and start give the same messages, to the byte. */
  seed: number;
  /**
   * Patterns a second, averaged over a market day of ten minutes (see `rhythm`); the parts of a batch count each. Copies,
   * outcomes, market data and what the producer says of itself come besides.
   */
  patternsPerSecond: number;
  /** When it begins, epoch milliseconds. */
  startMs: number;
}

/** What TickStockPL would publish on Redis, without end. */
export interface Stream {
  /** Everything from the last call, or the start, up to and including `atMs`: in order of time. */
  until(atMs: number): TimedMessage[];
  /** Leaves out what was due before `atMs`: after a pause nobody wants its patterns all at once. */
  skipTo(atMs: number): void;
}

/** A source of messages and when it wants to publish next. */
interface Track {
  dueMs: number;
  publish(atMs: number): Message[];
  /** When it wants to publish again. */
  nextMs(atMs: number): number;
}

const COPY_DELAY_MS = 4;
const MAX_COPIES_WAITING = 10_000;
const MALFORMED_SHARE = 0.004;
const MAX_INDICATORS_PER_SECOND = 50;

export function createStream({ seed, patternsPerSecond, startMs }: StreamOptions): Stream {
  const random = createRandom(seed);
  const prices = createPrices(random);
  const producer = createProducerMessages(random, startMs);
  const market = createMarketMessages(random, prices);
  const patterns = createPatterns(random, prices, producer.sessionId);
  const outcomes = createOutcomes(random);
  const copies = createDelayLine<Message>(COPY_DELAY_MS, MAX_COPIES_WAITING);
  let carried = 0;
  let malformedTurn = 0;

  const tracks: Track[] = [
    every(DAY_MS, 0, atMs => [...producer.newSession(atMs), producer.probe()]),
    {
      dueMs: startMs,
      publish(atMs) {
        const message = patterns.next(atMs);
        const copy = patterns.copyOf(message);
        if (copy) copies.put(copy, atMs);
        outcomes.follow(message.truth.detections, atMs);
        carried = message.truth.detections.length;
        return [message];
      },
      nextMs(atMs) {
        const perMs = (patternsPerSecond * rhythm(atMs - startMs)) / 1_000;
        return atMs + Array.from({ length: carried }, random.wait).reduce((sum, wait) => sum + wait, 0) / perMs;
      },
    },
    atRate(patternsPerSecond * MALFORMED_SHARE, atMs => malformed(malformedTurn++, atMs)),
    atRate(Math.min(patternsPerSecond, MAX_INDICATORS_PER_SECOND), market.indicator),
    atRate(1 / 7, market.indicatorAlert),
    atRate(2, market.tick),
    every(500, 100, atMs => [market.price(atMs)]),
    every(5_000, 1_500, atMs => [market.summary(atMs)]),
    every(5_000, 1_000, atMs => [producer.streamingHealth(atMs)]),
    every(10_000, 500, atMs => [producer.systemHealth(atMs)]),
    every(30_000, 20_000, atMs => [producer.criticalAlert(atMs)]),
  ];

  return {
    until(atMs) {
      const messages: TimedMessage[] = [];
      for (;;) {
        const track = tracks.reduce((first, other) => (other.dueMs < first.dueMs ? other : first));
        const delayed = [copies.dueMs(), outcomes.dueMs()] as const;
        const dueMs = Math.min(track.dueMs, ...delayed);
        if (dueMs > atMs) return messages;
        messages.push(...publish(track, delayed, Math.floor(dueMs)));
      }
    },
    skipTo(atMs) {
      for (const track of tracks) track.dueMs = Math.max(track.dueMs, atMs);
    },
  };

  function publish(track: Track, [copyMs, outcomeMs]: readonly [number, number], atMs: number): TimedMessage[] {
    if (copyMs <= Math.min(track.dueMs, outcomeMs)) return [{ ...copies.take(), atMs }];
    if (outcomeMs <= track.dueMs) return [{ ...outcomes.next(atMs), atMs }];
    const messages = track.publish(atMs);
    track.dueMs = track.nextMs(track.dueMs);
    return messages.map(message => ({ ...message, atMs }));
  }

  function every(periodMs: number, offsetMs: number, write: (atMs: number) => Message[]): Track {
    return { dueMs: startMs + offsetMs, publish: write, nextMs: atMs => atMs + periodMs };
  }

  function atRate(perSecond: number, write: (atMs: number) => Message): Track {
    const wait = () => (1_000 * random.wait()) / perSecond;
    return { dueMs: startMs + wait(), publish: atMs => [write(atMs)], nextMs: atMs => atMs + wait() };
  }
}
