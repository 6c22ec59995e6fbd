import { backoffMs } from '../../shared/backoff.ts';
import type { BacktestDelivery } from '../core/backtest-job.ts';
import type { Backtests } from './backtests.ts';
import type { Counters } from './counters.ts';

const MAX_USERS_AT_ONCE = 20;
const RETRY = { baseMs: 200, maxMs: 10_000 };

interface Parts {
  backtests: Backtests;
  counters: Counters;
  /**
   * Hands deliveries to a user's object.
   * @returns how many of them are of backtests that the user has no more; null = it gave no answer
   */
  send: (userId: string, deliveries: BacktestDelivery[]) => Promise<number | null>;
}

/**
 * Brings what waits to the users' objects, each as often as it takes. Has a timer only while something waits that could not
 * be brought; after a restart it begins with the next batch, which a bridge's heartbeat is.
 */
export class Deliveries {
  readonly #parts: Parts;
  #isRunning = false;
  #wake: () => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Something may wait. */
  begin(): void {
    this.#wake();
    if (this.#isRunning) return;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { backtests } = this.#parts;
    this.#isRunning = true;
    try {
      for (let failures = 0; ; ) {
        const waiting = backtests.pending(MAX_USERS_AT_ONCE);
        if (waiting.length === 0) return;
        const isBrought = await Promise.all(waiting.map(each => this.#bring(each)));
        failures = isBrought.every(Boolean) ? 0 : failures + 1;
        if (failures > 0) await this.#sleep(backoffMs(RETRY, failures, Math.random()));
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #bring({ userId, numbers, deliveries }: ReturnType<Backtests['pending']>[number]): Promise<boolean> {
    const { backtests, counters, send } = this.#parts;
    const unmatched = await send(userId, deliveries);
    if (unmatched === null) return false;
    counters.counts.unmatched_backtests += unmatched;
    backtests.delivered(numbers);
    return true;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
