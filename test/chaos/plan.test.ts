import { expect, it } from 'vitest';
import { describePlan, makePlan } from './plan.ts';

it('makes the same plan of the same seed, and another of another', () => {
  expect(makePlan(7)).toEqual(makePlan(7));
  expect(makePlan(8)).not.toEqual({ ...makePlan(7), seed: 8 });
});

it('reaches every fault within the first hundred seeds', () => {
  const kinds = new Set(
    Array.from({ length: 100 }, (_, seed) => makePlan(seed).steps.map(({ fault }) => fault.kind)).flat(),
  );
  expect(kinds.size).toBe(15);
});

it('says in words what it does', () => {
  expect(describePlan(makePlan(3)).split('\n')).toHaveLength(makePlan(3).steps.length + 1);
});
