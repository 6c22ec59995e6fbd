import { describe, expect, it } from 'vitest';
import { isOverfull, readerState } from '../../workers/core/slow-reader.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('while the hub has room', () => {
  it.each([
    [0, 'keeps_up'],
    [256 * KIB, 'keeps_up'],
    [256 * KIB + 1, 'thinned'],
    [MIB, 'thinned'],
    [MIB + 1, 'too_slow'],
  ])('a reader with %i bytes unread: %s', (bytes, state) => {
    expect(readerState(bytes, 32 * MIB)).toBe(state);
  });
});

describe('while the hub is overfull both limits are a quarter', () => {
  it.each([
    [64 * KIB, 'keeps_up'],
    [64 * KIB + 1, 'thinned'],
    [256 * KIB, 'thinned'],
    [256 * KIB + 1, 'too_slow'],
  ])('a reader with %i bytes unread: %s', (bytes, state) => {
    expect(readerState(bytes, 32 * MIB + 1)).toBe(state);
  });
});

it('a hub is overfull above 32 MiB unread in all', () => {
  expect([0, 32 * MIB, 32 * MIB + 1].map(isOverfull)).toEqual([false, false, true]);
});
