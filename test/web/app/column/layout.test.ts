import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS, type Tier } from '../../../../shared/topics.ts';
import { gridTracks, LEAST_COLUMN_PX, leftPercent, moveLine, shownTiers } from '../../../../web/app/column/layout.ts';

const none = () => false;
const only =
  (...collapsed: Tier[]) =>
  (tier: Tier) =>
    collapsed.includes(tier);

describe('the columns that are drawn', () => {
  it('are all three where there is room', () => {
    expect(shownTiers('desktop', ['combo', 'daily', 'intraday'], none)).toEqual(TIERS);
  });
  it('are the two used last on a tablet, in their usual order', () => {
    expect(shownTiers('tablet', ['combo', 'daily', 'intraday'], none)).toEqual(['daily', 'combo']);
  });
  it('is the one used last on a phone', () => {
    expect(shownTiers('phone', ['intraday', 'daily', 'combo'], none)).toEqual(['intraday']);
  });
  it('are not those that are collapsed', () => {
    expect(shownTiers('desktop', TIERS, only('intraday'))).toEqual(['daily', 'combo']);
    expect(shownTiers('tablet', TIERS, only('daily'))).toEqual(['intraday', 'combo']);
  });
  it('can be a collapsed one on a phone, which has no rails', () => {
    expect(shownTiers('phone', TIERS, only('daily'))).toEqual(['daily']);
  });
  it('are never none', () => {
    expect(shownTiers('desktop', ['combo', 'daily', 'intraday'], only(...TIERS))).toEqual(['combo']);
  });
});

describe('moving the line between two columns', () => {
  it('gives one what it takes from the other', () => {
    expect(moveLine([1, 1], 1_000, 100)).toEqual([1.2, 0.8]);
  });
  it('stops where a column would become too narrow', () => {
    const [left] = moveLine([1, 1], 1_000, -900);
    expect((left / 2) * 1_000).toBeCloseTo(LEAST_COLUMN_PX);
    expect(moveLine([1, 1], 1_000, Number.POSITIVE_INFINITY)[1]).toBeCloseTo((LEAST_COLUMN_PX / 1_000) * 2);
  });
  it('shares equally what has no room for two', () => {
    expect(moveLine([1.5, 0.5], 400, 30)).toEqual([1, 1]);
  });
  it('changes nothing where nothing is drawn', () => {
    expect(moveLine([1, 2], 0, 100)).toEqual([1, 2]);
  });
  it('keeps the sum, and both wide enough, wherever it is moved', () => {
    const share = fc.double({ min: 0.2, max: 5, noNaN: true });
    const by = fc.integer({ min: -5_000, max: 5_000 });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 4_000 }), by, (left, right, widthPx, byPx) => {
        const moved = moveLine([left, right], widthPx, byPx);
        const leastPx = Math.min(LEAST_COLUMN_PX, widthPx / 2);
        expect(moved[0] + moved[1]).toBeCloseTo(left + right);
        for (const each of moved) expect((each / (left + right)) * widthPx).toBeGreaterThanOrEqual(leastPx - 1e-6);
      }),
    );
  });
  it('can be told in percent', () => {
    expect(leftPercent([1, 1])).toBe(50);
    expect(leftPercent([1, 3])).toBe(25);
  });
});

describe('the grid', () => {
  it('has a track for each column and each line, and rails for what is not drawn', () => {
    const share = (tier: Tier) => (tier === 'daily' ? 1.5 : 1);
    expect(gridTracks(TIERS, share)).toBe('minmax(0, 1.5fr) 8px minmax(0, 1fr) 8px minmax(0, 1fr)');
    expect(gridTracks(['daily'], share)).toBe('minmax(0, 1.5fr) 8px 40px 8px 40px');
  });
});
