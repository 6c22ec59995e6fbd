import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { ClockOffset } from '../client/client.ts';
import { Glow } from './glow.ts';
import type { Journey } from './latency.ts';
import { patternName } from './pattern-names.ts';
import { Rate } from './rate.ts';
import type { EventLine } from './store.ts';
import { percentOf } from './words.ts';

/** From more new rows than this in each of so many seconds on, nobody can read a stream. */
const FLOOD = { perSecond: 8, seconds: 3 };
const RATE_SECONDS = 5;

export interface NewsParts {
  tier: Tier;
  title: string;
  /** Says something when its turn has come; how it is worded is asked then. */
  say(subject: string, sentence: () => string): void;
}

/** What becomes of live events besides their rows: how many come, what glows, what is said. Times are epoch milliseconds. */
export class News {
  readonly glow = new Glow();
  /** Events that came in while the column was not visible. */
  unseen = 0;
  readonly #parts: NewsParts;
  readonly #rate = new Rate();
  #unsaid: { count: number; strongest: PatternEvent | null } = { count: 0, strongest: null };

  constructor(parts: NewsParts) {
    this.#parts = parts;
  }

  /** Live events that are shown, each with the key of its row. */
  take(events: readonly { key: string; event: PatternEvent }[], nowMs: number): void {
    this.#rate.add(nowMs, events.length);
    const perSecond = this.#rate.over(1, nowMs) / 2;
    for (const { key, event } of events) {
      this.glow.fired(key, perSecond, nowMs);
      this.#unsaid.count++;
      if (event.confidence > (this.#unsaid.strongest?.confidence ?? -1)) this.#unsaid.strongest = event;
    }
    this.#parts.say(this.#parts.tier, () => this.#sentence());
  }

  perMinute(nowMs: number): number {
    return this.#rate.over(60, nowMs);
  }

  perSecond(nowMs: number): number {
    return this.#rate.over(RATE_SECONDS, nowMs) / RATE_SECONDS;
  }

  /** Whether more come, and have come for some time, than anybody can read as a stream. */
  isFlood(nowMs: number): boolean {
    return this.#rate.exceeded(FLOOD.perSecond, FLOOD.seconds, nowMs);
  }

  /** `Intraday 14 new; NVDA VWAP Break 92`, of all since it was said last. */
  #sentence(): string {
    const { count, strongest } = this.#unsaid;
    this.#unsaid = { count: 0, strongest: null };
    if (!strongest) return '';
    const name = `${strongest.symbol} ${patternName(strongest.pattern_type)} ${percentOf(strongest.confidence)}`;
    return `${this.#parts.title} ${count} new; ${name}`;
  }
}

/** The ways of the events whose time can be trusted. */
export function journeysOf(lines: readonly EventLine[], receivedAtMs: number, offset: ClockOffset | null): Journey[] {
  return lines.filter(isTimed).map(({ entry }) => ({
    detectedAtMs: entry.detectedAtMs,
    bridgeAtMs: entry.event.hops.bridge_at_ms,
    hubAtMs: entry.event.hops.hub_at_ms,
    receivedAtMs,
    offset,
  }));
}

function isTimed({ entry }: EventLine): boolean {
  return entry.event.time_origin === 'zoned' || entry.event.time_origin === 'epoch';
}
