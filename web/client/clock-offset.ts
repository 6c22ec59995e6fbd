/** How many of the newest measurements count: at one heartbeat each 15 s, the last two minutes. */
const KEPT = 8;

/** How far this clock is ahead of the server's, and how sure that is. */
export interface ClockOffset {
  /** Local time minus server time; may be negative. */
  offsetMs: number;
  /** The smallest round trip measured; the offset is wrong by half of it at most. */
  roundTripMs: number;
}

/**
 * Estimates the offset between two clocks from frames that say when they were sent: arrival - sending - half the
 * smallest round trip. Of the newest measurements the smallest counts, because a delay on the way can only add.
 */
export class ClockEstimate {
  readonly #delays: number[] = [];
  readonly #roundTrips: number[] = [];

  /** A frame that was sent at `serverAtMs` arrived at `arrivedAtMs`. */
  frame(arrivedAtMs: number, serverAtMs: number): void {
    keep(this.#delays, arrivedAtMs - serverAtMs);
  }

  /** A ping was answered. One that took less than no time (the clock was set meanwhile) tells nothing. */
  roundTrip(ms: number): void {
    if (ms >= 0) keep(this.#roundTrips, ms);
  }

  /** null until a frame with a time and an answered ping have come in. */
  get offset(): ClockOffset | null {
    if (this.#delays.length === 0 || this.#roundTrips.length === 0) return null;
    const roundTripMs = Math.min(...this.#roundTrips);
    return { offsetMs: Math.min(...this.#delays) - roundTripMs / 2, roundTripMs };
  }
}

function keep(list: number[], value: number): void {
  list.push(value);
  if (list.length > KEPT) list.shift();
}
