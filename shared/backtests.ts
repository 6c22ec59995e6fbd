/** Where TickStockPL takes jobs from: all that is ever published here. */
export const JOB_CHANNELS = { submit: 'tickstock.jobs.backtest', cancel: 'tickstock.jobs.cancel' } as const;

/** What the producer says of a backtest in numbers: `win_rate`, `roi` and `max_drawdown` as shares. */
export const BACKTEST_FIGURES = [
  'win_rate',
  'total_trades',
  'winning_trades',
  'roi',
  'sharpe_ratio',
  'max_drawdown',
  'duration_days',
] as const;
export type BacktestFigure = (typeof BACKTEST_FIGURES)[number];

/**
 * Where a backtest stands: not handed over; handed over, and nothing heard of it; at work; asked to stop; and what the
 * producer says that came of it.
 */
export const BACKTEST_STATES = [
  'unsent',
  'queued',
  'running',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
] as const;
export type BacktestState = (typeof BACKTEST_STATES)[number];

/** `backtest_<epoch seconds>_<8 hex digits>` are ours; another's may be of any form. */
export const MAX_JOB_ID_LENGTH = 100;

export const BACKTEST_LIMITS = {
  /** Kept of one user; past that the oldest that have ended go. */
  max_jobs: 100,
  /** Of one user that are queued, running or asked to stop. */
  max_running: 5,
  max_symbols: 50,
  max_patterns: 50,
  /** Of a curve; one with more points is thinned. */
  max_curve_points: 120,
} as const;

/** A backtest that has not ended and of which nothing was heard for so long is not to be called running. */
export const BACKTEST_SILENT_MS = 5 * 60_000;
/** One that was asked to stop, and has not for so long, may be taken from the list. */
export const CANCEL_PATIENCE_MS = 60_000;

/** Whether the producer has said the last of it. */
export function hasEnded(state: BacktestState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** Whether it counts against `max_running`. */
export function isUnderWay(state: BacktestState): boolean {
  return state === 'queued' || state === 'running' || state === 'cancelling';
}

/** A parameter of a backtest: its least and greatest value, and what it is when nobody says. */
export interface ParameterRange {
  min: number;
  max: number;
  default: number;
  /** Whether null means that there is none. */
  isOptional?: boolean;
}

/** Money in dollars, everything else as a share: 0.05 is 5 %. */
export const BACKTEST_PARAMETERS = {
  initial_capital: { min: 1, max: 1_000_000_000, default: 100_000 },
  commission_rate: { min: 0, max: 0.1, default: 0.001 },
  slippage_rate: { min: 0, max: 0.1, default: 0.0005 },
  max_position_size: { min: 0.001, max: 1, default: 0.1 },
  stop_loss_pct: { min: 0.001, max: 1, default: 0.05, isOptional: true },
  take_profit_pct: { min: 0.001, max: 10, default: 0.1, isOptional: true },
} as const satisfies Record<string, ParameterRange>;
export type BacktestParameter = keyof typeof BACKTEST_PARAMETERS;
