/** Median and 95th percentile, in milliseconds. */
export interface Spread {
  p50: number;
  p95: number;
}

/** Where the time goes between detection and paint. null = nothing measured in the window. */
export interface Latency {
  /** Samples in the window. */
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

/** Latency over the last 60 s, of live events whose producer gave a time with a zone. */
export class LatencyWindow {
  latency(_nowMs: number): Latency {
    return { n: 0, pipeline: null, edge: null, network: null, paint: null, total: null, uncertain: true };
  }
}
