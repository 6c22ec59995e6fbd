import * as z from 'zod';
import {
  BACKTEST_FIGURES,
  BACKTEST_PARAMETERS,
  BACKTEST_STATES,
  type BacktestFigure,
  type BacktestParameter,
  MAX_JOB_ID_LENGTH,
} from '../backtests.ts';
import { GAP_REASONS } from '../codes.ts';
import { backtestRequestSchema } from '../requests/backtests.ts';

const time = z.iso.datetime({ precision: 3 });
const sentNumber = z.number().nullable();
const sentText = z.string().nullable();

/** A backtest as its user sees it. What the producer has not said is null. */
export const backtestSchema = z.object({
  job_id: z.string().max(MAX_JOB_ID_LENGTH),
  state: z.enum(BACKTEST_STATES),
  created_at: time,
  symbols: z.array(z.string()),
  start_date: z.string(),
  end_date: z.string(),
  patterns: z.array(z.string()),
  parameters: z.object(
    Object.fromEntries(Object.keys(BACKTEST_PARAMETERS).map(name => [name, sentNumber])) as Record<
      BacktestParameter,
      typeof sentNumber
    >,
  ),
  /** How many listened on Redis when it was handed over, as Redis counts; null before. */
  receivers: z.int().nullable(),
  /** When its producer was last heard of it. */
  heard_at: time.nullable(),
  /** 0..1 */
  progress: sentNumber,
  /** The producer's own word for how it stands. */
  status: sentText,
  current_symbol: sentText,
  processed_symbols: sentNumber,
  estimated_completion: time.nullable(),
  cancel_requested_at: time.nullable(),
  ended_at: time.nullable(),
  results: z
    .object(
      Object.fromEntries(BACKTEST_FIGURES.map(name => [name, sentNumber])) as Record<BacktestFigure, typeof sentNumber>,
    )
    .nullable(),
  /** Worth over time, when the producer sends it: of `points` evenly so many as are here. */
  equity_curve: z.object({ points: z.int(), values: z.array(z.number()) }).nullable(),
  processing_time_seconds: sentNumber,
  /** What the producer says in words, of a failure above all. */
  message: sentText,
  /** The last time of which messages may never have arrived, while it was under way. */
  missed: z.object({ from: time, to: time, reason: z.enum(GAP_REASONS) }).nullable(),
});
export type Backtest = z.infer<typeof backtestSchema>;

/** `GET /api/backtests`: the newest first. */
export const backtestsSchema = z.object({ jobs: z.array(backtestSchema), max_running: z.int() });
export type Backtests = z.infer<typeof backtestsSchema>;

/** `POST /api/backtests`, `GET /api/backtests/{id}`, and `DELETE` of one that is under way. */
export const backtestAnswerSchema = z.object({ job: backtestSchema });
export type BacktestAnswer = z.infer<typeof backtestAnswerSchema>;

/** `DELETE /api/backtests/{id}` of one that is taken from the list. */
export const backtestRemovedSchema = z.object({ removed: z.string() });
export type BacktestRemoved = z.infer<typeof backtestRemovedSchema>;

/** What is published on `tickstock.jobs.backtest`. */
export const backtestJobSchema = z.object({
  type: z.literal('backtest_job'),
  job_id: z.string(),
  user_id: z.string(),
  ...backtestRequestSchema.shape,
  /** Epoch seconds. */
  timestamp: z.number(),
  source: z.literal('tickstock_appv2'),
});
export type BacktestJob = z.infer<typeof backtestJobSchema>;
