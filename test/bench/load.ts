import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { DelayCounts } from './delays.ts';
import type { Asking } from './events.ts';
import type { WireName } from './wires.ts';

export type Command =
  | { do: 'connect'; count: number }
  | { do: 'ask'; asking: Asking }
  | { do: 'count' }
  | { do: 'progress'; everyMs: number | null }
  | { do: 'watch'; from: number; count: number }
  | { do: 'storm'; pauseMs: number }
  | { do: 'unwatch'; to: number };

/** What all clients of a process got since it began. */
export interface Counted {
  /** Events, each as often as there were sessions that got it. */
  deliveries: number;
  messages: number;
  /** Of those messages. */
  bytes: number;
  /** From the publishing on Redis to a client. */
  delays: DelayCounts;
}

export interface StormCounts {
  /** Sessions that were told that they missed nothing. */
  recovered: number;
  /** Watched events that sessions never got, or got again. */
  lost: number;
  doubled: number;
}

export type Reply = null | number | Counted | StormCounts;
/** Deliveries so far, told unasked. */
export interface Progress {
  progress: number;
}

/** The clients of one system, in a process of their own. */
export class Load {
  sessions = 0;
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #onReply: ((reply: Reply) => void) | null = null;
  #onProgress: (deliveries: number) => void = () => {};

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit').then(([status, signal]) => {
      throw new Error(`the clients ended with ${signal ?? `status ${status}`}`);
    });
    this.#ended.catch(() => {
      // Told to whoever waits for an answer.
    });
    child.on('message', (message: Progress | { reply: Reply }) => {
      if ('progress' in message) this.#onProgress(message.progress);
      else this.#onReply?.(message.reply);
    });
  }

  static async start(url: string, wire: WireName): Promise<Load> {
    const child = fork(new URL('load-client.ts', import.meta.url), [url, wire]);
    const load = new Load(child);
    await load.#reply();
    return load;
  }

  /** Makes the sessions up to so many. */
  async connect(sessions: number): Promise<void> {
    await this.#tell({ do: 'connect', count: sessions - this.sessions });
    this.sessions = sessions;
  }

  /** Has every session ask for something else than before. */
  async ask(asking: Asking): Promise<void> {
    await this.#tell({ do: 'ask', asking });
  }

  count(): Promise<Counted> {
    return this.#tell({ do: 'count' });
  }

  /** Tells of deliveries, so often, until it is called with null. */
  async progress(everyMs: number | null, onProgress: (deliveries: number) => void = () => {}): Promise<void> {
    this.#onProgress = onProgress;
    await this.#tell({ do: 'progress', everyMs });
  }

  /** From now on looks whom which of these events reaches. */
  async watch(from: number, count: number): Promise<void> {
    await this.#tell({ do: 'watch', from, count });
  }

  /** Cuts all sessions, which come back at once after a pause. @returns milliseconds until the last was back */
  storm(pauseMs: number): Promise<number> {
    return this.#tell({ do: 'storm', pauseMs });
  }

  unwatch(to: number): Promise<StormCounts> {
    return this.#tell({ do: 'unwatch', to });
  }

  close(): void {
    this.#child.kill();
  }

  async #tell<R extends Reply>(command: Command): Promise<R> {
    if (this.#onReply) throw new Error(`${command.do}: the clients are busy`);
    const reply = this.#reply();
    this.#child.send(command);
    return (await reply) as R;
  }

  async #reply(): Promise<Reply> {
    const replied = new Promise<Reply>(resolve => {
      this.#onReply = resolve;
    });
    try {
      return await Promise.race([replied, this.#ended]);
    } finally {
      this.#onReply = null;
    }
  }
}
