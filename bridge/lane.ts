import { backoffMs } from '../shared/backoff.ts';
import type { BridgeHeartbeat } from '../shared/ingest-protocol.ts';
import { judge, type PostResult, type Verdict } from './outbox/answer.ts';
import type { Batch, GivenUp, Lane } from './outbox/lane.ts';
import type { Post } from './sink.ts';

const RETRY = { baseMs: 100, maxMs: 10_000 };

/** What came of one try to post a batch. */
export interface LaneAnswer {
  batch: Batch;
  result: PostResult;
  verdict: Verdict;
  sentAtMs: number;
}

export interface LaneOptions {
  lane: Lane;
  post: Post;
  heartbeat: () => BridgeHeartbeat;
  /** How far the Worker's clock is ahead at least; null before its first answer. */
  workerAheadMs: () => number | null;
  /** Hears of every answer. */
  onAnswer: (answer: LaneAnswer) => void;
  /** Hears of what the edge will never take. */
  onGivenUp: (givenUp: GivenUp) => void;
  /** Hears when a batch is out of the way after one or more tries had failed. */
  onRecovered: () => void;
}

/** Posts what a lane has due, one request at a time, for as long as it takes. */
export class LaneRunner {
  readonly #options: LaneOptions;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #wake: () => void = () => {};
  #retry: () => void = () => {};
  #isFinishing = false;
  #failing: { sinceMs: number; why: string } | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Since when, and why, the lane's batch has not been taken; null when all is well. */
  get failing(): { sinceMs: number; why: string } | null {
    return this.#failing;
  }

  /** Something new is due. */
  wake(): void {
    this.#wake();
  }

  /** What failed may work again: tries now instead of later. */
  retry(): void {
    this.#retry();
  }

  /** Ends when nothing is due any more. */
  finish(): Promise<void> {
    this.#isFinishing = true;
    this.wake();
    return this.#done;
  }

  /** Ends now, whatever is due or on its way. */
  abort(): Promise<void> {
    this.#abort.abort();
    return this.finish();
  }

  async #run(): Promise<void> {
    const { lane, heartbeat, workerAheadMs } = this.#options;
    for (let failures = 0; !this.#abort.signal.aborted; ) {
      const batch = lane.next(Date.now(), heartbeat, workerAheadMs());
      if (batch === null) {
        if (this.#isFinishing) return;
        await this.#sleep(lane.beatDueInMs(Date.now()), true);
        continue;
      }
      failures = (await this.#post(batch)) ? 0 : failures + 1;
      if (failures > 0) await this.#sleep(backoffMs(RETRY, failures, Math.random()), false);
    }
  }

  /** Whether the batch is out of the way. */
  async #post(batch: Batch): Promise<boolean> {
    const { lane, post, onAnswer, onGivenUp } = this.#options;
    const sentAtMs = Date.now();
    const result = await post(batch.body, this.#abort.signal);
    if (this.#abort.signal.aborted && 'failure' in result) return false;
    const verdict = judge(result, lane.topic);
    if (verdict.verdict === 'taken') lane.taken();
    if (verdict.verdict === 'refused') {
      const givenUp = lane.refused(new Date().toISOString());
      if (givenUp) onGivenUp(givenUp);
    }
    const isRetry = verdict.verdict === 'retry';
    const hasRecovered = this.#failing !== null && !isRetry;
    this.#failing = isRetry ? { sinceMs: this.#failing?.sinceMs ?? sentAtMs, why: verdict.why } : null;
    onAnswer({ batch, result, verdict, sentAtMs });
    if (hasRecovered) this.#options.onRecovered();
    return !isRetry;
  }

  /** Until the time is over, the lane is aborted, or something new is due if it is idle, else to be tried again. */
  #sleep(ms: number, isIdle: boolean): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer);
        this.#abort.signal.removeEventListener('abort', end);
        this.#wake = () => {};
        this.#retry = () => {};
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#abort.signal.addEventListener('abort', end);
      if (isIdle) this.#wake = end;
      else this.#retry = end;
    });
  }
}
