const LEAST_PAUSE_MS = 10_000;

/** Tells screen readers what matters, in one polite region, at most one sentence each 10 s: of each subject the last. */
export class Announcer {
  readonly #region: HTMLElement;
  readonly #waiting = new Map<string, string>();
  #isPausing = false;

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(subject: string, words: string): void {
    this.#waiting.set(subject, words);
    if (!this.#isPausing) this.#speak();
  }

  #speak(): void {
    this.#isPausing = this.#waiting.size > 0;
    if (!this.#isPausing) return;
    this.#region.textContent = [...this.#waiting].map(([subject, words]) => `${subject}: ${words}`).join('. ');
    this.#waiting.clear();
    setTimeout(() => this.#speak(), LEAST_PAUSE_MS);
  }
}
