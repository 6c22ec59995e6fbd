/** Something on the page that redraws itself. */
export interface Paintable {
  paint(nowMs: number): void;
}

/**
 * Draws what has changed once per frame, and everything once a second, for the ages and countdowns on the page.
 * Nothing is drawn while the page is hidden.
 */
export class Painter {
  readonly #all = new Set<Paintable>();
  readonly #changed = new Set<Paintable>();
  #isScheduled = false;

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
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      const nowMs = Date.now();
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const paintable of changed) paintable.paint(nowMs);
    });
  }
}
