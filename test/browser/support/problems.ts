import { expect, type Page } from '@playwright/test';

/** What goes wrong in a page without a test asking for it: exceptions, and what is logged as an error. */
export class Problems {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [];

  constructor(page: Page) {
    page.on('pageerror', error => this.#found.push(error.stack ?? error.message));
    page.on('console', message => {
      if (message.type() === 'error') this.#found.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** Announces what the test provokes; it may come any number of times, before or after this call, or not at all. */
  allow(...expected: RegExp[]): void {
    this.#allowed.push(...expected);
  }

  /** Fails unless everything that went wrong was announced. */
  check(): void {
    const unexpected = this.#found.filter(text => !this.#allowed.some(pattern => pattern.test(text)));
    expect(unexpected, 'errors of the page').toEqual([]);
  }
}
