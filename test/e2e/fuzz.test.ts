import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENTRANCES } from '../chaos/fuzz.ts';
import { Stack } from '../support/stack.ts';

/** At each entrance. */
const CASES = 500;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

it.each(Object.entries(ENTRANCES))(
  '%s: whatever comes in is refused or taken, and who comes after is served',
  async (_, fuzz) => {
    await fuzz(stack, CASES, Math.floor(Math.random() * 2 ** 31));
    expect(stack.bridge.process.exitCode).toBe(null);
  },
);
