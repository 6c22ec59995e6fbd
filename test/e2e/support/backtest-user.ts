import type { Backtest } from '../../../shared/api/backtests.ts';
import type { UserMessage } from '../../../shared/user-protocol.ts';
import { eventually } from '../../support/eventually.ts';

export const REQUEST = {
  symbols: ['NVDA', 'AAPL'],
  start_date: '2025-01-01',
  end_date: '2025-12-31',
  patterns: ['Doji'],
};

/** A guest who asks for backtests, and follows them. */
export class BacktestUser {
  readonly #url: string;
  readonly #cookie: string;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async arrive({ url }: { url: string }): Promise<BacktestUser> {
    const response = await fetch(`${url}/api/me`);
    return new BacktestUser(url, response.headers.getSetCookie()[0]!.split(';')[0]!);
  }

  async ask(method: string, path = '', body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.#url}/api/backtests${path}`, {
      method,
      headers: { cookie: this.#cookie, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async submit(changes: object = {}): Promise<Backtest> {
    const { status, body } = await this.ask('POST', '', { ...REQUEST, ...changes });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.job as Backtest;
  }

  async job(jobId: string): Promise<Backtest> {
    return (await this.ask('GET', `/${jobId}`)).body.job as Backtest;
  }

  /** Waits until a backtest is in a state. */
  async until(jobId: string, state: Backtest['state']): Promise<Backtest> {
    let job!: Backtest;
    await eventually(async () => {
      job = await this.job(jobId);
      if (job.state !== state) throw new Error(`${jobId} is ${job.state}: ${JSON.stringify(job)}`);
    });
    return job;
  }

  /** A session of the user's; what it is told, in order. */
  async follow(): Promise<{ told: UserMessage[]; close(): void }> {
    const told: UserMessage[] = [];
    // Node's takes headers, which browsers' do not.
    const options = { protocols: 'tickstock.v1', headers: { cookie: this.#cookie } };
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/ws/me`, options as unknown as string);
    socket.onmessage = ({ data }) => told.push(JSON.parse(data as string));
    await eventually(() => {
      if (told.length === 0) throw new Error('no greeting');
    });
    return { told, close: () => socket.close() };
  }
}
