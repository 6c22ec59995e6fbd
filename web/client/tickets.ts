import { CLOSE_CODES } from '../../shared/codes.ts';
import type { SocketTopic } from '../../shared/topics.ts';
import { detailOf, type Rest } from './rest.ts';

/** The server gives no ticket, and would not the next time either; like a connection that it closes with this code. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

interface Asked {
  resolve(ticket: string): void;
  reject(cause: unknown): void;
}

/** Gets tickets with the bearer token. Those that are asked for in the same tick come with one request. */
export class Tickets {
  readonly #rest: Rest;
  #asked = new Map<SocketTopic, Asked>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /**
   * A ticket for one connection; null while there is no token, with which to go without.
   * @throws TicketRefused, or another error for which it is worth trying again
   */
  async get(topic: SocketTopic): Promise<string | null> {
    if ((await this.#rest.token()) === '') return null;
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) void Promise.resolve().then(() => this.#order());
      this.#asked.set(topic, { resolve, reject });
    });
  }

  async #order(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    const topics = [...asked.keys()];
    try {
      const tickets = await this.#request(topics);
      for (const [topic, { resolve }] of asked) resolve(tickets[topic]!);
    } catch (cause) {
      // One topic that is not allowed is no reason to go without the others.
      const isMixed = topics.length > 1 && cause instanceof TicketRefused && cause.code === CLOSE_CODES.forbidden.code;
      for (const [topic, { resolve, reject }] of asked) {
        if (isMixed) this.#request([topic]).then(tickets => resolve(tickets[topic]!), reject);
        else reject(cause);
      }
    }
  }

  async #request(topics: SocketTopic[]): Promise<Partial<Record<SocketTopic, string>>> {
    const answer = await this.#rest.request('/api/tickets', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topics }),
    });
    if (answer.ok) return ((await answer.json()) as { tickets: Partial<Record<SocketTopic, string>> }).tickets;
    const detail = await detailOf(answer);
    if (answer.status === 401) throw new TicketRefused(CLOSE_CODES.ticket_invalid.code, detail);
    if (answer.status === 403) throw new TicketRefused(CLOSE_CODES.forbidden.code, detail);
    throw new Error(detail);
  }
}
