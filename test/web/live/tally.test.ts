import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSimulator } from '../../../web/live/marks.ts';
import { Rows } from '../../../web/live/rows.ts';
import type { HiddenBy } from '../../../web/live/store.ts';
import { isEvent } from '../../../web/live/store.ts';
import { EPOCH, pattern } from './support.ts';

const REASONS: HiddenBy[] = ['', 'local', 'muted', 'unrelated'];

describe('the tally of what is kept', () => {
  it('is what counting everything would tell, whatever came, went and was hidden', () => {
    const step = fc.oneof(
      fc.record({
        add: fc.integer({ min: 1, max: 60 }),
        thousandths: fc.integer({ min: 0, max: 1_000 }),
        isSimulated: fc.boolean(),
      }),
      fc.record({ hideBy: fc.array(fc.constantFrom(...REASONS), { minLength: 4, maxLength: 4 }) }),
      fc.record({ retainBelow: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ removeBelow: fc.integer({ min: 1, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const rows = new Rows({ tier: 'daily', capacity: 12, isInView: () => false });
        for (const each of steps) {
          if ('add' in each) {
            const source = each.isSimulated ? 'tickstock_simulator' : 'TickStockPL';
            const event = pattern(each.add, {
              confidence: each.thousandths / 1_000,
              symbol: `S${each.add % 5}`,
              source,
            });
            rows.add(EPOCH, event, { isNews: true });
          } else if ('hideBy' in each) rows.setHider(({ seq }) => each.hideBy[seq % 4]!);
          else if ('retainBelow' in each) rows.retain(({ confidence }) => confidence <= each.retainBelow);
          else rows.removeBelow(EPOCH, each.removeBelow);
          const kept = rows.lines.filter(isEvent);
          const confidences = kept.filter(line => line.hiddenBy === '').map(line => line.entry.event.confidence);
          const sorted = confidences.sort((a, b) => a - b);
          expect(rows.medianConfidence).toBe(sorted[Math.ceil(sorted.length / 2) - 1] ?? null);
          expect(rows.isSimulated).toBe(kept.some(({ entry }) => isSimulator(entry.event.source)));
          for (const reason of REASONS) {
            expect(rows.hidden[reason]).toBe(kept.filter(({ hiddenBy }) => hiddenBy === reason).length);
          }
        }
      }),
    );
  });
});
