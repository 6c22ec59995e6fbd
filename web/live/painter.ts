import { LatencyWindow } from './latency.ts';

/** Something on the page that redraws itself. */
export interface Paintable {
  /** Draws what has changed. `nowMs`: epoch milliseconds, local clock. */
  paint(nowMs: number): void;
  /** A second has passed (also while the page is hidden): for ages, countdowns and what happens by time alone. */
  tick(nowMs: number): void;
}

/** Milliseconds from a message's arrival to after the paint that shows it. */
export interface PaintStats {
  n: number;
  p50: number;
  p95: number;
  max: number;
}

/** Draws what has changed, in one animation frame for all. Nothing is drawn while the page is hidden. */
export class Painter {
  /** Of the last 60 s, over all columns. */
  readonly latency = new LatencyWindow();

  add(_paintable: Paintable): () => void {
    return () => {};
  }

  request(_paintable: Paintable): void {}

  stats(): PaintStats {
    return { n: 0, p50: 0, p95: 0, max: 0 };
  }

  close(): void {}
}
