import { vi } from 'vitest';

/** Waits until a condition holds, with the patience that a busy machine needs. */
export function eventually<T>(condition: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(condition, { timeout: 15_000, interval: 5 });
}
