import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Backtest } from '../../../shared/api/backtests.ts';
import { hasEnded } from '../../../shared/backtests.ts';
import { isAwake } from '../connection.ts';
import { announcer } from '../page-state.ts';
import { userConnection } from '../user/user-connection.ts';
import { readUserFrame } from '../user/user-frames.ts';
import { BacktestRefused, getBacktests } from './api.ts';
import { someWords } from './backtest-words.ts';
import { type BacktestMessage, listAfter, readBacktestFrame } from './list.ts';

const list = signal<readonly Backtest[] | null>(null);
const refusal = signal<string | null>(null);
const connected = signal(false);

/** The user's backtests, the newest first; null = not known yet. */
export const backtests: ReadonlySignal<readonly Backtest[] | null> = list;
/** Why there are none to be had on this server; null = there are, or it is not known. */
export const unavailable: ReadonlySignal<string | null> = refusal;
/** Whether what is shown is told of as it changes. */
export const isFollowed: ReadonlySignal<boolean> = connected;

/** Follows the user's backtests over a connection of this window's own, while somebody looks. @returns ends it */
export function followBacktests(): () => void {
  const stop = effect(() => {
    if (!isAwake.value) return;
    return connect();
  });
  return () => {
    stop();
    list.value = null;
    refusal.value = null;
  };
}

function connect(): () => void {
  const ended = new AbortController();
  getBacktests(ended.signal).then(
    () => {
      refusal.value = null;
    },
    error => {
      // Anything else shows in that no list comes.
      if (error instanceof BacktestRefused && error.title === 'backtests_unavailable') refusal.value = error.message;
    },
  );
  const connection = userConnection({
    onFrame: data => {
      const message = readBacktestFrame(data);
      if (message) take(message);
      else if (readUserFrame(data)?.type === 'hello') {
        connection.ready();
        connection.send(JSON.stringify({ type: 'backtests' }));
      }
    },
    onState: ({ name }) => {
      connected.value = name === 'ready';
    },
  });
  const dial = () => connection.dialNow();
  addEventListener('online', dial);
  dial();
  return () => {
    ended.abort();
    removeEventListener('online', dial);
    connection.close();
  };
}

function take(message: BacktestMessage): void {
  const before = list.peek();
  // What comes before the list is in it too.
  if (before === null && message.type !== 'backtests') return;
  list.value = listAfter(before ?? [], message);
  if (message.type !== 'backtest') return;
  const { job } = message;
  const was = before?.find(({ job_id }) => job_id === job.job_id);
  if (was && !hasEnded(was.state) && hasEnded(job.state)) {
    announcer.say('Backtests', `${someWords(job.symbols)}: ${job.state}`);
  }
}
