/** Least time between two paints: a lone change is drawn in the next frame, a stream at 20 frames a second. */
const LEAST_PAUSE_MS = 50;

/** Something on the page that redraws itself. */
export interface Paintable {
  paint(nowMs: number): void;
}

/**
 * Draws what has changed, batched into frames, and everything once a second, for the ages and countdowns on the page.
 * Nothing is drawn while the page is hidden.
 */
export class Painter {
  readonly #all = new Set<Paintable>();
  readonly #changed = new Set<Paintable>();
  #isScheduled = false;
  #paintedAtMs = 0;

  constructor() {
    setInterval(() => {
      if (!document.hidden) for (const paintable of this.#all) this.request(paintable);
    }, 1_000);
  }

  add(paintable: Paintable): void {
    this.#all.add(paintable);
    this.request(paintable);
  }

  request(paintable: Paintable): void {
    this.#changed.add(paintable);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const waitMs = this.#paintedAtMs + LEAST_PAUSE_MS - performance.now();
    if (waitMs <= 0) requestAnimationFrame(() => this.#paint());
    else setTimeout(() => requestAnimationFrame(() => this.#paint()), waitMs);
  }

  #paint(): void {
    this.#isScheduled = false;
    this.#paintedAtMs = performance.now();
    const nowMs = Date.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const paintable of changed) paintable.paint(nowMs);
  }
}
