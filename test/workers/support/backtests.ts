import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Backtest } from '../../../shared/api/backtests.ts';
import { BACKTEST_FIGURES } from '../../../shared/backtests.ts';
import type { BacktestEvent } from '../../../shared/events.ts';
import { app } from '../../../workers/app.ts';
import type { Env } from '../../../workers/env.ts';
import { common } from './events.ts';
import type { Guest } from './guest.ts';

export const REST_URL = 'http://redis-rest.test';
const TOKEN = 'redis-rest-token';
/** The test's environment with a Redis that takes jobs. */
export const jobsEnv: Env = { ...env, UPSTASH_REDIS_REST_URL: REST_URL, UPSTASH_REDIS_REST_TOKEN: TOKEN };

export const request = {
  symbols: ['NVDA', 'AAPL'],
  start_date: '2025-01-01',
  end_date: '2025-06-30',
  patterns: ['Doji'],
  parameters: { stop_loss_pct: null },
};

/** Stands in for Redis at the other end of the network: keeps what is published, and answers as `answer` says. */
export class StandInRedis {
  readonly published: { channel: string; message: Record<string, unknown> }[] = [];
  answer: () => Response | Promise<Response> = () => Response.json({ result: 1 });

  constructor() {
    const real = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (!String(input).startsWith(REST_URL)) return real(input, init);
      const headers = new Headers(init?.headers);
      if (headers.get('authorization') !== `Bearer ${TOKEN}`) return new Response(null, { status: 401 });
      const [command, channel, message] = JSON.parse(String(init?.body)) as string[];
      if (command !== 'publish') throw new Error(`not a command of ours: ${command}`);
      this.published.push({ channel: channel!, message: JSON.parse(message!) });
      return this.answer();
    });
  }
}

interface Answer {
  job: Backtest;
  jobs: Backtest[];
  title: string;
  field?: string;
  detail: string;
  removed?: string;
}

/** What `/api/backtests` answers to a guest. */
export async function ask(
  guest: Guest,
  method: string,
  path = '',
  { body, key, edgeEnv = jobsEnv }: { body?: unknown; key?: string; edgeEnv?: Env } = {},
): Promise<{ status: number; body: Answer; headers: Headers }> {
  const response = await app.request(
    `http://edge.test/api/backtests${path}`,
    {
      method,
      headers: { cookie: guest.cookie, ...(key !== undefined && { 'idempotency-key': key }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    },
    edgeEnv,
  );
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Asks for a backtest. */
export async function submit(guest: Guest, changes: object = {}): Promise<Backtest> {
  const { status, body } = await ask(guest, 'POST', '', { body: { ...request, ...changes } });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.job;
}

export function progressOf(jobId: string, progress: number, changes: object = {}): BacktestEvent {
  return {
    ...common(),
    time_origin: 'received',
    kind: 'backtest_progress',
    job_id: jobId,
    progress,
    status: 'processing',
    current_symbol: 'NVDA',
    processed_symbols: null,
    estimated_completion: null,
    ...changes,
  } as BacktestEvent;
}

export function resultOf(jobId: string, changes: object = {}): BacktestEvent {
  return {
    ...common(),
    kind: 'backtest_result',
    job_id: jobId,
    status: 'completed',
    message: null,
    ...Object.fromEntries(BACKTEST_FIGURES.map(name => [name, 0.5])),
    processing_time_seconds: 2,
    ...changes,
  } as BacktestEvent;
}
