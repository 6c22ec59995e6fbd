import { type Journey, LatencyWindow, percentile } from './latency.ts';
import { Watched } from './watched.ts';

/** Something on the page that redraws itself. */
export interface Paintable {
  /** Draws what has changed. `nowMs`: epoch milliseconds, local clock. */
  paint(nowMs: number): void;
  /** A second has passed (also while the page is hidden): for ages, countdowns and what happens by time alone. */
  tick(nowMs: number): void;
}

/** Milliseconds from a message's arrival to after the paint that shows it, of the last 60 s. */
export interface PaintStats {
  n: number;
  p50: number;
  p95: number;
  max: number;
}

const WINDOW_MS = 60_000;
/** Of more messages the newest count. */
const MEASURED = 8_192;

/** A message that changed something to be drawn. */
interface Received {
  /** By `performance.now`. */
  atMs: number;
  journeys: readonly Journey[];
}

/**
 * Draws what has changed, in one animation frame for all, and measures how long that takes from a message's arrival to
 * after the paint. Nothing is drawn while the page is hidden; what has changed meanwhile is drawn once on return.
 */
export class Painter {
  /** Of the last 60 s, over all columns. */
  readonly latency = new LatencyWindow();
  readonly #all = new Set<Paintable>();
  readonly #changed = new Set<Paintable>();
  readonly #afterPaint = new MessageChannel();
  readonly #closed = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #measuredMs = new Float64Array(MEASURED);
  readonly #measuredAtMs = new Float64Array(MEASURED);
  #measured = 0;
  #frame: number | null = null;
  /** Come in since the last paint, and drawn by a paint that has not reached the screen. */
  #received: Received[] = [];
  #drawn: Received[] = [];
  readonly #watched = new Watched(!document.hidden, Date.now());

  constructor() {
    this.#timer = setInterval(() => this.#tick(), 1_000);
    this.#afterPaint.port1.onmessage = () => this.#painted();
    const { signal } = this.#closed;
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal });
  }

  /** Since when the page can be seen and the machine is awake (epoch milliseconds); null while it cannot. */
  get visibleSinceMs(): number | null {
    return this.#watched.sinceMs;
  }

  /** @returns a function that takes it away again */
  add(paintable: Paintable): () => void {
    this.#all.add(paintable);
    this.request(paintable);
    return () => {
      this.#all.delete(paintable);
      this.#changed.delete(paintable);
    };
  }

  /** Has it drawn in the next frame. */
  request(paintable: Paintable): void {
    this.#changed.add(paintable);
    if (this.#frame === null && !document.hidden) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /**
   * A message came in at `receivedAtMs` (epoch milliseconds) whose events the next paint shows.
   * @param journeys of the events whose latency is to be told
   */
  received(receivedAtMs: number, journeys: readonly Journey[]): void {
    if (document.hidden) return;
    this.#received.push({ atMs: performance.now() - (Date.now() - receivedAtMs), journeys });
  }

  stats(): PaintStats {
    const sinceMs = performance.now() - WINDOW_MS;
    const sorted = this.#measuredMs
      .subarray(0, Math.min(this.#measured, MEASURED))
      .filter((_, slot) => this.#measuredAtMs[slot]! >= sinceMs)
      .sort();
    const n = sorted.length;
    if (n === 0) return { n, p50: 0, p95: 0, max: 0 };
    return { n, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), max: sorted[n - 1]! };
  }

  close(): void {
    this.#closed.abort();
    clearInterval(this.#timer);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#afterPaint.port1.close();
  }

  #tick(): void {
    const nowMs = Date.now();
    this.#watched.tick(nowMs);
    for (const paintable of this.#all) paintable.tick(nowMs);
  }

  #paint(): void {
    this.#frame = null;
    const nowMs = Date.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#drawn.push(...this.#received);
    this.#received = [];
    for (const paintable of changed) paintable.paint(nowMs);
    // A message sent within a frame is handled after that frame is painted.
    if (this.#drawn.length > 0) this.#afterPaint.port2.postMessage(null);
  }

  #painted(): void {
    const nowMs = performance.now();
    for (const { atMs, journeys } of this.#drawn) {
      const slot = this.#measured++ % MEASURED;
      this.#measuredMs[slot] = nowMs - atMs;
      this.#measuredAtMs[slot] = nowMs;
      for (const journey of journeys) this.latency.add(journey, journey.receivedAtMs + nowMs - atMs);
    }
    this.#drawn = [];
  }

  #visibilityChanged(): void {
    if (document.hidden) {
      this.#watched.hidden();
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
      this.#frame = null;
      this.#received = [];
      this.#drawn = [];
      return;
    }
    this.#watched.shown(Date.now());
    for (const paintable of this.#all) this.request(paintable);
  }
}
