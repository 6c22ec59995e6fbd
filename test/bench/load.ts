import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a load client measured since it was last asked: milliseconds, sorted. */
export interface LoadReport {
  deliveries: number;
  frames: number;
  /** From the producer's publishing on Redis to the client's receipt. */
  fromPublish: number[];
  /** From the append on the hub's tape to the client's receipt. */
  fromHub: number[];
}

/** A process with `count` WebSocket clients, all subscribed to everything on a topic. */
export class Load {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async connect(url: string, count: number): Promise<Load> {
    const child = fork(new URL('load-client.ts', import.meta.url), [String(count), url.replace(/^http/, 'ws')]);
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (message !== 'connected') throw new Error(`the load client ended with ${message}`);
    return new Load(child);
  }

  reset(): void {
    this.#child.send('reset');
  }

  async report(): Promise<LoadReport> {
    this.#child.send('report');
    const [report] = await once(this.#child, 'message');
    return report as LoadReport;
  }

  close(): void {
    this.#child.kill();
  }
}
