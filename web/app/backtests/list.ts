import type { Backtest } from '../../../shared/api/backtests.ts';
import type { UserMessage } from '../../../shared/user-protocol.ts';

/** What the server says of the user's backtests. */
export type BacktestMessage = Extract<UserMessage, { type: 'backtests' | 'backtest' | 'backtest_removed' }>;

/** The backtests after what the server says of them, the newest first. */
export function listAfter(list: readonly Backtest[], message: BacktestMessage): readonly Backtest[] {
  switch (message.type) {
    case 'backtests':
      return message.jobs;
    case 'backtest_removed':
      return list.filter(({ job_id }) => job_id !== message.job_id);
    case 'backtest': {
      const isKnown = list.some(({ job_id }) => job_id === message.job.job_id);
      if (!isKnown) return [message.job, ...list];
      return list.map(job => (job.job_id === message.job.job_id ? message.job : job));
    }
  }
}

/** A frame of `/ws/me` that is about backtests, as far as the page relies on it; null = another. Never throws. */
export function readBacktestFrame(data: unknown): BacktestMessage | null {
  const frame = parse(data) as { type?: unknown; jobs?: unknown; job?: unknown; job_id?: unknown } | null;
  const isRead =
    (frame?.type === 'backtests' && Array.isArray(frame.jobs) && frame.jobs.every(isBacktest)) ||
    (frame?.type === 'backtest' && isBacktest(frame.job)) ||
    (frame?.type === 'backtest_removed' && typeof frame.job_id === 'string');
  return isRead ? (frame as BacktestMessage) : null;
}

function isBacktest(value: unknown): boolean {
  const { job_id, state, symbols, patterns } = (value ?? {}) as Record<string, unknown>;
  return typeof job_id === 'string' && typeof state === 'string' && Array.isArray(symbols) && Array.isArray(patterns);
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // `pong`, above all.
    return null;
  }
}
