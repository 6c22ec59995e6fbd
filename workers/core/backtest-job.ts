import type { Backtest } from '../../shared/api/backtests.ts';
import { BACKTEST_FIGURES, type BacktestState, CANCEL_PATIENCE_MS, hasEnded } from '../../shared/backtests.ts';
import type { GapReason } from '../../shared/codes.ts';
import type { BacktestEvent } from '../../shared/events.ts';
import type { BacktestRequest } from '../../shared/requests/backtests.ts';
import { readCurve } from './equity-curve.ts';

/** A backtest as it is kept. */
export interface KeptBacktest extends Backtest {
  /** Content ids of the newest of what was taken in: the same comes again from another bridge or channel. */
  seen: string[];
}

/** What the hub of `system` hands on: what the producer says of a backtest, or a time in which it may have said more. */
export type BacktestDelivery =
  | BacktestEvent
  | { kind: 'gap'; job_id: string; from: string; to: string; reason: GapReason };

/** Ids that are remembered. */
const MAX_SEEN = 32;
/** Longer words of the producer's are cut. */
const MAX_MESSAGE_CHARS = 1_000;
const MAX_STATUS_CHARS = 100;
/** That the same was said again is written down no more often than this. */
const HEARD_STEP_MS = 10_000;

export function newBacktest(jobId: string, request: BacktestRequest, nowMs: number): KeptBacktest {
  return {
    job_id: jobId,
    state: 'unsent',
    created_at: iso(nowMs),
    ...request,
    receivers: null,
    heard_at: null,
    progress: null,
    status: null,
    current_symbol: null,
    processed_symbols: null,
    estimated_completion: null,
    cancel_requested_at: null,
    ended_at: null,
    results: null,
    equity_curve: null,
    processing_time_seconds: null,
    message: null,
    missed: null,
    seen: [],
  };
}

/**
 * What a backtest is after a delivery; null = as before. What comes twice, or late, changes nothing: a progress never goes
 * back, and none undoes a result.
 */
export function advanced(job: KeptBacktest, delivery: BacktestDelivery): KeptBacktest | null {
  switch (delivery.kind) {
    case 'backtest_progress':
      return withProgress(job, delivery);
    case 'backtest_result':
      return withResult(job, delivery);
    case 'gap':
      return withGap(job, delivery);
  }
}

/** Handed over to so many that listened; what was heard of it meanwhile stands. */
export function sent(job: KeptBacktest, receivers: number): KeptBacktest {
  return { ...job, receivers, state: job.state === 'unsent' ? 'queued' : job.state };
}

export function cancelling(job: KeptBacktest, nowMs: number): KeptBacktest {
  if (hasEnded(job.state)) return job;
  return { ...job, state: 'cancelling', cancel_requested_at: job.cancel_requested_at ?? iso(nowMs) };
}

/**
 * Whether one may be taken from the list, rather than asked to stop: it was never handed over, has ended, was handed to
 * nobody, or was asked to stop a minute ago and has not.
 */
export function isRemovable(job: Backtest, nowMs: number): boolean {
  if (job.state === 'unsent' || hasEnded(job.state)) return true;
  if (job.receivers === 0 && job.heard_at === null) return true;
  return job.cancel_requested_at !== null && nowMs - Date.parse(job.cancel_requested_at) >= CANCEL_PATIENCE_MS;
}

/** What its user is shown. */
export function shown({ seen: _, ...job }: KeptBacktest): Backtest {
  return job;
}

type Progress = Extract<BacktestEvent, { kind: 'backtest_progress' }>;
type Result = Extract<BacktestEvent, { kind: 'backtest_result' }>;

function withProgress(job: KeptBacktest, event: Progress): KeptBacktest | null {
  if (hasEnded(job.state)) return null;
  const heard_at = laterOf(job.heard_at, iso(event.hops.bridge_at_ms));
  if (job.seen.includes(event.id) || isBehind(job, event)) return heardAgain(job, heard_at);
  const state = endOf(event.status);
  return {
    ...job,
    heard_at,
    state: state ?? (job.state === 'cancelling' ? 'cancelling' : 'running'),
    progress: event.progress ?? job.progress,
    status: cut(event.status, MAX_STATUS_CHARS),
    current_symbol: cut(event.current_symbol, MAX_STATUS_CHARS),
    processed_symbols: event.processed_symbols ?? job.processed_symbols,
    estimated_completion: event.estimated_completion,
    ended_at: state === null ? null : saidAt(event),
    seen: remembered(job.seen, event.id),
  };
}

function withResult(job: KeptBacktest, event: Result): KeptBacktest | null {
  if (job.seen.includes(event.id)) return null;
  const figures = BACKTEST_FIGURES.map(name => [name, event[name]] as const);
  const hasFigures = figures.some(([, value]) => value !== null);
  return {
    ...job,
    heard_at: laterOf(job.heard_at, iso(event.hops.bridge_at_ms)),
    state: endOf(event.status) ?? (hasFigures ? 'completed' : 'failed'),
    status: cut(event.status, MAX_STATUS_CHARS),
    ended_at: saidAt(event),
    results: hasFigures ? (Object.fromEntries(figures) as NonNullable<Backtest['results']>) : null,
    equity_curve: readCurve(event.data.equity_curve),
    processing_time_seconds: event.processing_time_seconds,
    message: cut(event.message, MAX_MESSAGE_CHARS),
    seen: remembered(job.seen, event.id),
  };
}

function withGap(job: KeptBacktest, { from, to, reason }: Extract<BacktestDelivery, { kind: 'gap' }>) {
  if (hasEnded(job.state) || (job.missed !== null && job.missed.to >= to)) return null;
  return { ...job, missed: { from, to, reason } };
}

/** Without a number to go by, what comes later is further. */
function isBehind(job: KeptBacktest, { progress, processed_symbols }: Progress): boolean {
  if (progress !== null && job.progress !== null && progress !== job.progress) return progress < job.progress;
  return processed_symbols !== null && job.processed_symbols !== null && processed_symbols < job.processed_symbols;
}

function heardAgain(job: KeptBacktest, heardAt: string): KeptBacktest | null {
  const steppedMs = Date.parse(heardAt) - Date.parse(job.heard_at ?? job.created_at);
  return steppedMs < HEARD_STEP_MS ? null : { ...job, heard_at: heardAt };
}

const ENDS: ReadonlyMap<string, BacktestState> = new Map([
  ...['completed', 'complete', 'success', 'succeeded', 'finished', 'done'].map(word => [word, 'completed'] as const),
  ...['failed', 'failure', 'error', 'timeout', 'rejected'].map(word => [word, 'failed'] as const),
  ...['cancelled', 'canceled', 'aborted', 'stopped'].map(word => [word, 'cancelled'] as const),
]);

function endOf(status: string | null): BacktestState | null {
  return ENDS.get(status?.trim().toLowerCase() ?? '') ?? null;
}

function saidAt(event: BacktestEvent): string {
  return event.time_origin === 'received' ? iso(event.hops.bridge_at_ms) : event.detected_at;
}

function remembered(seen: readonly string[], id: string): string[] {
  return [...seen, id].slice(-MAX_SEEN);
}

function laterOf(before: string | null, at: string): string {
  return before !== null && before > at ? before : at;
}

function cut(text: string | null, maxChars: number): string | null {
  return text === null ? null : text.slice(0, maxChars).toWellFormed();
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
