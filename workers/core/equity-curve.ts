import type { Backtest } from '../../shared/api/backtests.ts';
import { BACKTEST_LIMITS } from '../../shared/backtests.ts';

const VALUE_KEYS = ['equity', 'value', 'balance'] as const;

/**
 * A curve as a producer may send it: numbers, or `[time, number]`, or `{"date":…,"equity":…}`, in order of time. Thinned
 * evenly, its ends kept. Null when it is none, or any of its points is unreadable: what is drawn was sent.
 */
export function readCurve(sent: unknown): Backtest['equity_curve'] {
  if (!Array.isArray(sent) || sent.length < 2) return null;
  const values = sent.map(readPoint);
  if (values.some(value => value === null)) return null;
  return { points: values.length, values: thinned(values as number[], BACKTEST_LIMITS.max_curve_points) };
}

function readPoint(point: unknown): number | null {
  if (typeof point === 'number') return Number.isFinite(point) ? point : null;
  if (Array.isArray(point)) return point.length === 2 && typeof point[1] === 'number' ? readPoint(point[1]) : null;
  if (typeof point !== 'object' || point === null) return null;
  const value = VALUE_KEYS.map(key => (point as Record<string, unknown>)[key]).find(each => typeof each === 'number');
  return value === undefined ? null : readPoint(value);
}

function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]!);
}
