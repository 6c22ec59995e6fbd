import { describe, expect, it } from 'vitest';
import { OperationsWindow, spanOf } from '../../../../web/app/operations/window.ts';
import { answer, BOUNDS_MS, cumulative, NOW_MS, noReports } from './answers.ts';

function windowOf(...answers: ReturnType<typeof answer>[]): OperationsWindow {
  const window = new OperationsWindow();
  for (const each of answers) window.add(each);
  return window;
}
const batches = (window: OperationsWindow) => window.perMinute(({ counts }) => counts.batches);

describe('the window over what hubs have done', () => {
  it('knows nothing of one answer alone, whatever it counts since the beginning', () => {
    const window = windowOf(answer({ counts: { batches: 900 }, fell: { plan_ms: [900] } }));
    expect(batches(window)).toBeNull();
    expect(window.span('plan_ms')).toBeNull();
    expect(window.lengthMs).toBe(0);
  });

  it('tells rates by the difference, over all hubs, and of the last minute alone', () => {
    const at = (s: number, count: number) => answer({ atMs: NOW_MS + s * 1_000, counts: { batches: count } });
    // Four hubs count the same.
    expect(batches(windowOf(at(0, 10), at(30, 20)))).toBe(4 * 20);
    const window = windowOf(at(0, 0), at(30, 1_000), at(90, 1_030));
    expect(window.lengthMs).toBe(60_000);
    expect(batches(window)).toBe(4 * 30);
  });

  it('tells percentiles of what fell in between', () => {
    const before = answer({ fell: { plan_ms: [1_000, 0, 0, 0, 0, 50] } });
    const after = answer({ atMs: NOW_MS + 2_000, fell: { plan_ms: [1_010, 9, 0, 0, 0, 51] } });
    expect(windowOf(before, after).span('plan_ms')).toEqual({ n: 20, p50: 1, p95: 5, p95AtLeast: 1 });
  });

  it('leaves out a hub that began a new tape, or does not answer, and begins anew when the clock was set back', () => {
    const first = answer({ counts: { batches: 100 } });
    const renewed = answer({ atMs: NOW_MS + 2_000, hub: { epoch: 'two' }, counts: { batches: 1 } });
    expect(batches(windowOf(first, renewed))).toBeNull();
    const lost = answer({ atMs: NOW_MS + 60_000, lost: ['daily', 'combo', 'system'], counts: { batches: 107 } });
    expect(batches(windowOf(first, lost))).toBe(7);
    const back = answer({ atMs: NOW_MS - 1, counts: { batches: 101 } });
    expect(batches(windowOf(first, back))).toBeNull();
  });

  it('tells of browsers what they reported in between', () => {
    const reported = { ...noReports(), reports: 1, paint_ms: cumulative([0, 0, 4]) };
    const window = windowOf(answer(), answer({ atMs: NOW_MS + 2_000, browsers: reported }));
    expect(window.browserSpan('paint_ms')).toMatchObject({ n: 4, p95: 25 });
    expect(window.browserSpan('receipt_ms')).toBeNull();
    expect(windowOf(answer({ browsers: null })).browserSpan('paint_ms')).toBeNull();
  });
});

it('says of durations above every bound that they are, and of none nothing', () => {
  expect(spanOf(BOUNDS_MS, cumulative([]).cumulative)).toBeNull();
  const { cumulative: counts } = cumulative([1, 0, 0, 0, 0, 0, 3]);
  expect(spanOf(BOUNDS_MS, counts)).toEqual({
    n: 4,
    p50: Number.POSITIVE_INFINITY,
    p95: Number.POSITIVE_INFINITY,
    p95AtLeast: 1_000,
  });
});
