/**
 * Tells screen readers what matters: politely, at most one sentence each 10 s; at once only what must interrupt.
 * @param polite an element with `aria-live="polite"`
 * @param assertive an element with `aria-live="assertive"`
 */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;

  constructor(polite: HTMLElement, assertive: HTMLElement) {
    this.#polite = polite;
    this.#assertive = assertive;
  }

  /** In time; of each subject only the last is said. */
  say(_subject: string, words: string): void {
    this.#polite.textContent = words;
  }

  /** Now. For a lost connection only. */
  alarm(words: string): void {
    this.#assertive.textContent = words;
  }
}
