const LEAST_PAUSE_MS = 10_000;

/** What is said, or how it is worded once its turn has come; an empty text is not said. */
export type Sentence = string | (() => string);

/** Tells screen readers what matters: politely, at most one sentence each 10 s; at once only what must interrupt. */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;
  readonly #waiting = new Map<string, Sentence>();
  readonly #alarms = new Map<string, string>();
  #isPausing = false;
  #isAlarming = false;

  /**
   * @param polite an element with `aria-live="polite"`
   * @param assertive an element with `aria-live="assertive"`
   */
  constructor(polite: HTMLElement, assertive: HTMLElement) {
    this.#polite = polite;
    this.#assertive = assertive;
  }

  /** When its turn comes, in one sentence with what others say meanwhile; of each subject only the last is said. */
  say(subject: string, sentence: Sentence): void {
    this.#waiting.set(subject, sentence);
    if (!this.#isPausing) this.#speak();
  }

  /** Now. For a lost connection only. Subjects that say the same at the same time say it together. */
  alarm(subject: string, words: string): void {
    this.#alarms.set(subject, words);
    if (this.#isAlarming) return;
    this.#isAlarming = true;
    queueMicrotask(() => this.#interrupt());
  }

  #speak(): void {
    const sentences = [...this.#waiting.values()].map(sentence =>
      typeof sentence === 'string' ? sentence : sentence(),
    );
    this.#waiting.clear();
    const spoken = sentences.filter(sentence => sentence !== '');
    this.#isPausing = spoken.length > 0;
    if (!this.#isPausing) return;
    this.#polite.textContent = spoken.join('; ');
    setTimeout(() => this.#speak(), LEAST_PAUSE_MS);
  }

  #interrupt(): void {
    const byWords = Map.groupBy(this.#alarms, ([, words]) => words);
    const sentences = [...byWords].map(
      ([words, alarms]) => `${alarms.map(([subject]) => subject).join(', ')}: ${words}`,
    );
    this.#assertive.textContent = sentences.join('; ');
    this.#alarms.clear();
    this.#isAlarming = false;
  }
}
