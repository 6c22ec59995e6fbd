/** Median and 95th percentile, in milliseconds. */
export interface Spread {
  p50: number;
  p95: number;
}

/** Where the time goes between detection and paint. null = nothing measured in the window. */
export interface Latency {
  /** Events in the window. */
  n: number;
  /** Detected to bridge. */
  pipeline: Spread | null;
  /** Bridge to hub. */
  edge: Spread | null;
  /** Hub to receipt here, by the measured offset of the clocks. */
  network: Spread | null;
  /** Receipt to paint. */
  paint: Spread | null;
  /** Detected to paint. */
  total: Spread | null;
  /** Whether the offset of the clocks is not known to 25 ms, so that `network` and `total` are rough. */
  uncertain: boolean;
}

/** The way of one event to here. All but `receivedAtMs` are times of other clocks; epoch milliseconds. */
export interface Journey {
  detectedAtMs: number;
  bridgeAtMs: number;
  hubAtMs: number;
  /** By this clock. */
  receivedAtMs: number;
  /** How far this clock is ahead of the server's; null = not measured yet. */
  offset: { offsetMs: number; roundTripMs: number } | null;
}

/** Some events' latency, for who wants more than a summary. Milliseconds. */
export interface Sample {
  receipt: number[];
  paint: number[];
  roundTripMs: number | null;
}

const WINDOW_MS = 60_000;
/** Of more events a minute the newest count. */
const CAPACITY = 8_192;
/** An offset measured over a longer round trip is wrong by up to half of it. */
const MAX_SURE_ROUND_TRIP_MS = 50;
/** What is kept of each: `delay` and `whole` are network and total with the offset of the clocks in them. */
const KEPT = ['atMs', 'pipeline', 'edge', 'delay', 'paint', 'whole'] as const;

/** Latency over the last 60 s, of live events whose producer gave a time with a zone. */
export class LatencyWindow {
  readonly #kept = Object.fromEntries(KEPT.map(name => [name, new Float64Array(CAPACITY)])) as Record<
    (typeof KEPT)[number],
    Float64Array
  >;
  #added = 0;
  #offset: Journey['offset'] = null;

  /** An event is on the screen at `paintedAtMs`, by the clock of `receivedAtMs`. */
  add({ detectedAtMs, bridgeAtMs, hubAtMs, receivedAtMs, offset }: Journey, paintedAtMs: number): void {
    const slot = this.#added++ % CAPACITY;
    this.#offset = offset;
    this.#kept.atMs[slot] = paintedAtMs;
    this.#kept.pipeline[slot] = bridgeAtMs - detectedAtMs;
    this.#kept.edge[slot] = hubAtMs - bridgeAtMs;
    this.#kept.delay[slot] = receivedAtMs - hubAtMs;
    this.#kept.paint[slot] = paintedAtMs - receivedAtMs;
    this.#kept.whole[slot] = paintedAtMs - detectedAtMs;
  }

  /** All hops, for who looks into it. */
  latency(nowMs: number): Latency {
    const delays = this.#sorted('delay', nowMs);
    const lessMs = this.#offsetMs(delays[0]);
    return {
      n: delays.length,
      pipeline: spreadOf(this.#sorted('pipeline', nowMs)),
      edge: spreadOf(this.#sorted('edge', nowMs)),
      network: spreadOf(delays, lessMs),
      paint: spreadOf(this.#sorted('paint', nowMs)),
      ...this.total(nowMs),
    };
  }

  /**
   * Of the newest `most` events that were painted after `sinceMs`: hub to receipt and receipt to paint. Receipt is empty
   * while the offset of the clocks is not measured, and may be wrong by half of `roundTripMs`. null = there were none.
   */
  sample(sinceMs: number, nowMs: number, most: number): Sample | null {
    const newest = (name: (typeof KEPT)[number]) => this.#newest(name, sinceMs, most);
    const paint = newest('paint');
    if (paint.length === 0) return null;
    const lessMs = this.#offsetMs(this.#sorted('delay', nowMs)[0]);
    const receipt = this.#offset === null ? [] : newest('delay').map(delayMs => delayMs - lessMs);
    return { receipt, paint, roundTripMs: this.#offset?.roundTripMs ?? null };
  }

  /** From detection to paint alone, for who asks each second. */
  total(nowMs: number): Pick<Latency, 'total' | 'uncertain'> {
    let leastDelayMs: number | undefined;
    for (const delayMs of this.#since('delay', nowMs)) {
      if (leastDelayMs === undefined || delayMs < leastDelayMs) leastDelayMs = delayMs;
    }
    return {
      total: spreadOf(this.#sorted('whole', nowMs), this.#offsetMs(leastDelayMs)),
      uncertain: this.#offset === null || this.#offset.roundTripMs > MAX_SURE_ROUND_TRIP_MS,
    };
  }

  /** Nothing arrives before it was sent: the quickest event bounds the offset, however it was measured. */
  #offsetMs(leastDelayMs = 0): number {
    return Math.min(this.#offset?.offsetMs ?? Number.POSITIVE_INFINITY, leastDelayMs);
  }

  #sorted(name: (typeof KEPT)[number], nowMs: number): Float64Array {
    return this.#since(name, nowMs).sort();
  }

  #newest(name: (typeof KEPT)[number], sinceMs: number, most: number): number[] {
    const found: number[] = [];
    const least = Math.max(0, this.#added - Math.min(most, CAPACITY));
    for (let at = this.#added - 1; at >= least; at--) {
      if (this.#kept.atMs[at % CAPACITY]! <= sinceMs) break;
      found.push(this.#kept[name][at % CAPACITY]!);
    }
    return found;
  }

  /** The values of the window, in no order. */
  #since(name: (typeof KEPT)[number], nowMs: number): Float64Array {
    const { atMs } = this.#kept;
    const values = this.#kept[name];
    const count = Math.min(this.#added, CAPACITY);
    const found = new Float64Array(count);
    let n = 0;
    for (let slot = 0; slot < count; slot++) if (nowMs - atMs[slot]! <= WINDOW_MS) found[n++] = values[slot]!;
    return found.subarray(0, n);
  }
}

/** Of sorted values, each less so much; null when there are none. */
function spreadOf(sorted: Float64Array, lessMs = 0): Spread | null {
  if (sorted.length === 0) return null;
  return { p50: percentile(sorted, 0.5) - lessMs, p95: percentile(sorted, 0.95) - lessMs };
}

/** The least value that so large a share of the sorted values does not exceed. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
