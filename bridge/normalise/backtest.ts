import { BACKTEST_FIGURES, type BacktestFigure, MAX_JOB_ID_LENGTH } from '../../shared/backtests.ts';
import type { BacktestEvent } from '../../shared/events.ts';
import { readCommon, readId, readText, rejected } from './common.ts';
import { leftovers } from './leftovers.ts';
import { findLevels, isNumber, type Levels, look, pathOf } from './levels.ts';
import { canonicalJson } from './text.ts';
import { isoTime, readDetected, readFirstTime, tellsWith } from './times.ts';
import { isObject, type JsonObject, type Outcome, type ReadContext } from './types.ts';

type BacktestKind = BacktestEvent['kind'];
type Progress = Extract<BacktestEvent, { kind: 'backtest_progress' }>;
type Result = Extract<BacktestEvent, { kind: 'backtest_result' }>;
type Own = { own: OwnOf<Progress>; estimatedMs: number | null } | { own: OwnOf<Result>; estimatedMs: null };
type OwnOf<E extends BacktestEvent> = Omit<E, keyof ReturnType<typeof readCommon> | 'id' | 'data' | 'job_id'>;

const WRAPPERS = ['results', 'result', 'data', 'payload'] as const;
const PROGRESS_KEYS = ['progress', 'current_symbol', 'processed_symbols', 'estimated_completion'] as const;
const MESSAGE_KEYS = ['error', 'error_message', 'message', 'reason'] as const;

/** How far a backtest is, or what came of it. */
export function readBacktest(context: ReadContext, root: JsonObject, kind: BacktestKind): Outcome[] {
  const { message, deps } = context;
  const keys: readonly string[] = kind === 'backtest_progress' ? PROGRESS_KEYS : BACKTEST_FIGURES;
  const has = (names: readonly string[]) => (value: JsonObject) => names.some(name => Object.hasOwn(value, name));
  const levels = findLevels(root, WRAPPERS, [has(keys), has(['job_id'])]);
  const jobId = readId(levels, ['job_id'])?.trim();
  if (!jobId) {
    const isBroken = ['data', 'payload'].some(key => root[key] !== undefined && !isObject(root[key]));
    return [rejected(context, isBroken ? 'bad_shape' : 'missing_job_id')];
  }
  if (jobId.length > MAX_JOB_ID_LENGTH) return [rejected(context, 'bad_shape')];

  const detected = readDetected(levels, ['timestamp'], message.receivedAtMs);
  const common = readCommon(context, levels, detected, SHAPES.get(pathOf(levels)[0]) ?? 'flat');
  const { own, estimatedMs } = kind === 'backtest_progress' ? readProgress(levels) : readResult(levels);
  const time = detected.origin === 'received' ? null : detected.ms;
  const event = {
    ...common,
    ...own,
    job_id: jobId,
    id: deps.hash(JSON.stringify([kind, jobId, time, canonicalJson(own), canonicalJson(levels[0].value)])),
    data: {},
  } as BacktestEvent;
  const times = {
    detected: detected.ms,
    published: common.hops.published_at_ms,
    others: { estimated_completion: estimatedMs },
  };
  event.data = leftovers(levels, tellsWith(event, FIELDS, times));
  return [{ event }];
}

const SHAPES: ReadonlyMap<string | undefined, string> = new Map([
  ['data', 'nested'],
  ['payload', 'payload'],
]);

function readProgress(levels: Levels): Own {
  const estimatedMs = readFirstTime(levels, ['estimated_completion']);
  return {
    own: {
      kind: 'backtest_progress',
      progress: readShare(look(levels, ['progress'], isNumber)),
      status: readText(levels, ['status']),
      current_symbol: readText(levels, ['current_symbol']),
      processed_symbols: look(levels, ['processed_symbols'], isNumber),
      estimated_completion: estimatedMs === null ? null : isoTime(estimatedMs),
    },
    estimatedMs,
  };
}

function readResult(levels: Levels): Own {
  const figures = BACKTEST_FIGURES.map(name => [name, look(levels, [name], isNumber)] as const);
  return {
    own: {
      kind: 'backtest_result',
      status: readText(levels, ['status']),
      message: readText(levels, MESSAGE_KEYS),
      ...(Object.fromEntries(figures) as Record<BacktestFigure, number | null>),
      processing_time_seconds: look(levels, ['processing_time_seconds'], isNumber),
    },
    estimatedMs: null,
  };
}

/** 0..1; over 1 up to 100 is a percentage; null when it is neither. */
function readShare(sent: number | null): number | null {
  if (sent === null || sent < 0 || sent > 100) return null;
  return sent > 1 ? sent / 100 : sent;
}

const FIELDS: ReadonlyMap<string, string> = new Map([
  ...['job_id', 'status', 'progress', 'current_symbol', 'processed_symbols', 'processing_time_seconds'].map(
    key => [key, key] as const,
  ),
  ...BACKTEST_FIGURES.map(key => [key, key] as const),
  ...MESSAGE_KEYS.map(key => [key, 'message'] as const),
  ['flow_id', 'flow_id'],
  ['source', 'source'],
  ['event_id', 'producer_id'],
]);
