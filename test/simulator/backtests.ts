import * as z from 'zod';
import { JOB_CHANNELS } from '../../shared/backtests.ts';
import { stableHash } from '../../shared/partition.ts';
import { type Message, message, SOURCE } from './detection.ts';
import { createRandom } from './random.ts';
import { SYMBOLS } from './symbols.ts';
import { isoUtc } from './times.ts';

/** Answers jobs as the producer does: at a rhythm, with failures, and stopping when it is asked to. */
export interface Backtests {
  /** What came in on a channel of jobs; anything else is left alone, as the producer would. */
  take(channel: string, raw: string, atMs: number): void;
  /** What is to be published by now. */
  until(atMs: number): Message[];
}

interface Job {
  id: string;
  symbols: readonly string[];
  days: number;
  startedMs: number;
  /** How many messages have told of it. */
  told: number;
  /** Decided by what was asked for, so that the same fails again. */
  failsAt: { step: number; why: string } | null;
  chance: number;
}

const STEP_MS = 300;
/** So that a backtest of one symbol can be watched too. */
const LEAST_STEPS = 8;
/** One in so many fails for no fault of who asked. */
const FAILS_ONE_IN = 10;
const TROUBLES = ['Worker process ran out of memory', 'Database connection lost while loading bars'];

const jobSchema = z.object({
  job_id: z.string(),
  symbols: z.array(z.string()).min(1),
  patterns: z.array(z.string()),
  start_date: z.string(),
  end_date: z.string(),
});
const cancelSchema = z.object({ job_id: z.string() });

export function createBacktests(): Backtests {
  const jobs = new Map<string, Job>();
  const due: Message[] = [];

  return {
    take(channel, raw, atMs) {
      const sent = parse(raw);
      const asked = channel === JOB_CHANNELS.submit ? jobSchema.safeParse(sent).data : undefined;
      if (asked && !jobs.has(asked.job_id)) jobs.set(asked.job_id, begin(asked, atMs));
      const cancelled = channel === JOB_CHANNELS.cancel ? cancelSchema.safeParse(sent).data : undefined;
      const job = cancelled && jobs.get(cancelled.job_id);
      if (!job) return;
      jobs.delete(job.id);
      due.push(result(job, 'cancelled', atMs, {}));
    },
    until(atMs) {
      const messages = due.splice(0);
      for (const job of jobs.values()) {
        while (jobs.has(job.id) && job.startedMs + (job.told + 1) * STEP_MS <= atMs) {
          job.told++;
          const told = step(job, job.startedMs + job.told * STEP_MS);
          messages.push(told);
          if (told.truth.is === 'backtest_result') jobs.delete(job.id);
        }
      }
      return messages;
    },
  };
}

function begin(asked: z.infer<typeof jobSchema>, atMs: number): Job {
  const { job_id: id, ...request } = asked;
  const chance = stableHash(JSON.stringify(request));
  const unknown = asked.symbols.findIndex(symbol => !SYMBOLS.includes(symbol));
  const days = 1 + (Date.parse(asked.end_date) - Date.parse(asked.start_date)) / 86_400_000;
  let failsAt: Job['failsAt'] = null;
  if (unknown >= 0) failsAt = { step: 1 + unknown, why: `No historical data for symbol ${asked.symbols[unknown]}` };
  else if (chance % FAILS_ONE_IN === 0) failsAt = { step: 3, why: TROUBLES[chance % TROUBLES.length]! };
  return { id, symbols: asked.symbols, days, startedMs: atMs, told: 0, failsAt, chance };
}

function step(job: Job, atMs: number): Message {
  const steps = Math.max(LEAST_STEPS, job.symbols.length);
  if (job.told === job.failsAt?.step) return result(job, 'failed', atMs, { error: job.failsAt.why });
  if (job.told > steps) return result(job, 'completed', atMs, { results: figures(job) });
  const processed_symbols = Math.floor((job.symbols.length * job.told) / steps);
  return message('tickstock.events.backtesting.progress', 'backtest_progress', {
    event_type: 'backtest_progress',
    source: SOURCE,
    job_id: job.id,
    progress: Math.round((1_000 * job.told) / steps) / 1_000,
    status: 'processing',
    current_symbol: job.symbols[Math.min(processed_symbols, job.symbols.length - 1)],
    processed_symbols,
    estimated_completion: isoUtc(job.startedMs + (steps + 1) * STEP_MS),
  });
}

function result(job: Job, status: string, atMs: number, more: object): Message {
  return message('tickstock.events.backtesting.results', 'backtest_result', {
    event_type: 'backtest_result',
    source: SOURCE,
    job_id: job.id,
    status,
    ...more,
    processing_time_seconds: Math.round((atMs - job.startedMs) / 100) / 10,
  });
}

function figures({ chance, days }: Job): object {
  const random = createRandom(chance);
  const total_trades = 40 + random.below(200);
  const winning_trades = Math.round(total_trades * random.between(0.4, 0.65));
  return {
    win_rate: Math.round((1_000 * winning_trades) / total_trades) / 1_000,
    total_trades,
    winning_trades,
    roi: Math.round(random.between(-80, 240)) / 1_000,
    sharpe_ratio: Math.round(random.between(20, 220)) / 100,
    max_drawdown: Math.round(random.between(20, 200)) / 1_000,
    duration_days: days,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
