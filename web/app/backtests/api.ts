import type { Backtest, Backtests } from '../../../shared/api/backtests.ts';
import type { BacktestRequest } from '../../../shared/requests/backtests.ts';
import { client } from '../connection.ts';

/** The server said no: what a problem document says of it. */
export class BacktestRefused extends Error {
  override readonly name = 'BacktestRefused';
  /** `backtests_unavailable`, `too_many_backtests`, … */
  readonly title: string;
  readonly field: string | null;

  constructor(title: string, message: string, field: string | null) {
    super(message);
    this.title = title;
    this.field = field;
  }
}

/** @throws BacktestRefused, or what `fetch` throws */
export function getBacktests(signal?: AbortSignal): Promise<Backtests> {
  return ask('', signal ? { signal } : {});
}

/**
 * Asks for a backtest; again under the same key it is the same one. Throws like `getBacktests`.
 * @param key new for each backtest
 */
export async function postBacktest(request: BacktestRequest, key: string): Promise<Backtest> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return (await ask<{ job: Backtest }>('', { method: 'POST', headers, body: JSON.stringify(request) })).job;
}

/** Has one stopped, or taken from the list. Throws like `getBacktests`. */
export async function deleteBacktest(jobId: string): Promise<void> {
  await ask(`/${encodeURIComponent(jobId)}`, { method: 'DELETE' });
}

async function ask<T>(path: string, request: NonNullable<Parameters<typeof client.request>[1]>): Promise<T> {
  const answer = await client.request(`/api/backtests${path}`, request);
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string; field?: string };
  const message = problem.detail ?? `the server answered ${answer.status}`;
  throw new BacktestRefused(problem.title ?? '', message, problem.field ?? null);
}
