import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What the sender is to publish: patterns (a message may carry several), and how fast. */
export interface Order {
  perSecond: number;
  count: number;
}

export interface Sent {
  /** Patterns; the last message may have carried more than were left to send. */
  sent: number;
  ms: number;
}

/** The sender's process. */
export class Feed {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(redisUrl: string): Promise<Feed> {
    const child = fork(new URL('sender.ts', import.meta.url), [redisUrl]);
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (message !== 'ready') throw new Error(`the sender ended with ${message}`);
    return new Feed(child);
  }

  /** Publishes, and resolves when all is out. One order at a time. */
  async send(order: Order): Promise<Sent> {
    this.#child.send(order);
    const [sent, signal] = await Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')]);
    if (typeof sent !== 'object' || sent === null) throw new Error(`the sender ended (${signal ?? sent})`);
    return sent as Sent;
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
