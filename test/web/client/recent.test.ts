import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recent } from '../../../web/client/recent.ts';

it('knows a value exactly as long as it is one of the last different ones', () => {
  const values = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), values, (capacity, added) => {
      const recent = new Recent<number>(capacity);
      const expected: number[] = [];
      for (const value of added) {
        const isNew = !expected.includes(value);
        expect(recent.add(value)).toBe(isNew);
        if (isNew) expected.push(value);
        if (expected.length > capacity) expected.shift();
      }
    }),
  );
});

it('knows nothing after it was cleared, and fills up again', () => {
  const recent = new Recent<number>(2);
  for (const value of [1, 2, 3]) recent.add(value);
  recent.clear();
  expect([3, 4, 5, 4, 3].map(value => recent.add(value))).toEqual([true, true, true, false, true]);
});
