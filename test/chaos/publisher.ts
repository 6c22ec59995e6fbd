import { Redis } from 'ioredis';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { createRandom, type Random } from '../simulator/random.ts';
import { PATTERN_TYPES, SYMBOLS } from './followers.ts';
import type { Published } from './oracle.ts';

const CHANNEL = 'tickstock.events.patterns';
const DETECTED_FROM_MS = 1_795_000_000_000;

/** What one event is, of all that an oracle asks about. */
interface Detection {
  tier: Tier;
  symbol: string;
  pattern: string;
  confidence: number;
}

/** Stands in for the producer: publishes on a Redis, and records what, when, and whether Redis has taken it. */
export class Publisher {
  readonly published: Published[] = [];
  readonly #random: Random;
  #redis: Redis | null = null;

  constructor(seed: number) {
    this.#random = createRandom(seed ^ 0x5eed);
  }

  /** To a Redis that was just started; what the one before has not answered is not sure to have been published. */
  connect(host: string, port: number): void {
    this.#redis?.disconnect();
    this.#redis = new Redis({ host, port, maxRetriesPerRequest: 0, retryStrategy: () => null });
    this.#redis.on('error', () => undefined);
  }

  disconnect(): void {
    this.#redis?.disconnect();
  }

  /** @param padding bytes that are added to the message */
  publishAny(padding = 0): void {
    const random = this.#random;
    const confidence = Math.round(random.between(0.5, 1) * 1_000) / 1_000;
    const [tier, symbol, pattern] = [random.pick(TIERS), random.pick(SYMBOLS), random.pick(PATTERN_TYPES)];
    this.publish({ tier, symbol, pattern, confidence }, padding);
  }

  publish({ tier, symbol, pattern, confidence }: Detection, padding = 0): Published {
    const number = this.published.length + 1;
    const fromMs = Date.now();
    const event = { number, tier, symbol, patternType: pattern, confidence, fromMs, toMs: fromMs, isSure: false };
    this.published.push(event);
    const message = {
      source: 'chaos',
      timestamp: fromMs / 1_000,
      // What tells one detection from the next; a millisecond may see several.
      detection_timestamp: (DETECTED_FROM_MS + number) / 1_000,
      ...{ tier, symbol, pattern, confidence, number },
      ...(padding > 0 && { padding: 'x'.repeat(padding) }),
    };
    this.#redis!.publish(CHANNEL, JSON.stringify(message))
      .then(() => {
        event.isSure = true;
      })
      .catch(() => undefined)
      .finally(() => {
        event.toMs = Date.now();
      });
    return event;
  }
}
