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

const WINDOW_MS = 60_000;
/** Of more events a minute the newest count. */
const CAPACITY = 8_192;
/** An offset measured over a longer round trip is wrong by up to half of it. */
const MAX_SURE_ROUND_TRIP_MS = 50;
const PARTS = ['pipeline', 'edge', 'network', 'paint', 'total'] as const;

/** Latency over the last 60 s, of live events whose producer gave a time with a zone. */
export class LatencyWindow {
  readonly #atMs = new Float64Array(CAPACITY);
  readonly #parts = Object.fromEntries(PARTS.map(part => [part, new Float64Array(CAPACITY)])) as Record<
    (typeof PARTS)[number],
    Float64Array
  >;
  #added = 0;
  #isUncertain = true;

  /** An event is on the screen at `paintedAtMs`, by the clock of `receivedAtMs`. */
  add({ detectedAtMs, bridgeAtMs, hubAtMs, receivedAtMs, offset }: Journey, paintedAtMs: number): void {
    const slot = this.#added++ % CAPACITY;
    const offsetMs = offset?.offsetMs ?? 0;
    this.#isUncertain = offset === null || offset.roundTripMs > MAX_SURE_ROUND_TRIP_MS;
    this.#atMs[slot] = paintedAtMs;
    this.#parts.pipeline[slot] = bridgeAtMs - detectedAtMs;
    this.#parts.edge[slot] = hubAtMs - bridgeAtMs;
    this.#parts.network[slot] = offset === null ? Number.NaN : receivedAtMs - offsetMs - hubAtMs;
    this.#parts.paint[slot] = paintedAtMs - receivedAtMs;
    this.#parts.total[slot] = paintedAtMs - offsetMs - detectedAtMs;
  }

  latency(nowMs: number): Latency {
    const slots: number[] = [];
    for (let slot = 0; slot < Math.min(this.#added, CAPACITY); slot++) {
      if (nowMs - this.#atMs[slot]! <= WINDOW_MS) slots.push(slot);
    }
    const spreads = PARTS.map(part => [part, spreadOf(slots.map(slot => this.#parts[part][slot]!))]);
    return { n: slots.length, ...Object.fromEntries(spreads), uncertain: this.#isUncertain };
  }
}

/** Values that are not known count for nothing; null when none is left. */
function spreadOf(values: number[]): Spread | null {
  const sorted = Float64Array.from(values.filter(value => !Number.isNaN(value))).sort();
  return sorted.length === 0 ? null : { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

/** The least value that so large a share of the sorted values does not exceed. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
