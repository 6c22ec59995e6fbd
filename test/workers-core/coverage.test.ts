import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { extendCoverage } from '../../workers/core/coverage.ts';

it('the first batch of all shows no gap, since there is nothing it could be a gap in', () => {
  expect(extendCoverage(null, { from_ms: 500, to_ms: 900 }, false)).toEqual({ coveredToMs: 900, gap: null });
});

it.each([
  ['begins before what is covered ends', { from_ms: 50, to_ms: 200 }, 200],
  ['begins where what is covered ends', { from_ms: 100, to_ms: 200 }, 200],
  ["ends before what another bridge's batches cover", { from_ms: 10, to_ms: 60 }, 100],
])('a batch that %s shows no gap', (_, covers, coveredToMs) => {
  expect(extendCoverage(100, covers, true)).toEqual({ coveredToMs, gap: null });
});

it('a known bridge that covers only from later on has lost Redis in between', () => {
  expect(extendCoverage(100, { from_ms: 101, to_ms: 200 }, true)).toEqual({
    coveredToMs: 200,
    gap: { fromMs: 100, toMs: 101, reason: 'redis_disconnected' },
  });
});

it('a bridge that has just started shows that none was there', () => {
  expect(extendCoverage(100, { from_ms: 5_000, to_ms: 5_000 }, false)).toEqual({
    coveredToMs: 5_000,
    gap: { fromMs: 100, toMs: 5_000, reason: 'bridge_absent' },
  });
});

it('the gaps are exactly the moments since the first batch that no batch before covers', () => {
  const covers = fc.tuple(fc.nat(60), fc.nat(15)).map(([from_ms, long]) => ({ from_ms, to_ms: from_ms + long }));
  fc.assert(
    fc.property(fc.array(covers, { minLength: 1, maxLength: 12 }), batches => {
      let coveredToMs: number | null = null;
      let upTo = batches[0]!.to_ms;
      for (const batch of batches) {
        const extended = extendCoverage(coveredToMs, batch, true);
        const isGap = coveredToMs !== null && batch.from_ms > upTo;
        expect(extended.gap && [extended.gap.fromMs, extended.gap.toMs]).toEqual(isGap ? [upTo, batch.from_ms] : null);
        upTo = Math.max(upTo, batch.to_ms);
        coveredToMs = extended.coveredToMs;
        expect(coveredToMs).toBe(upTo);
      }
    }),
  );
});
