import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAN_OUT, hubName, nodeFor, parentOf, partitionOfSymbol, stableHash } from '../../shared/partition.ts';

describe('the tree of a topic', () => {
  it.each([1, 19, 20, 21, 400, 421, 1_000])(
    'reaches each of %d replicas from the root, through nodes of few',
    replicas => {
      const children = new Map<number, number>();
      for (let node = 1; node <= replicas; node++) {
        const parent = parentOf(node)!;
        expect(parent).toBeGreaterThanOrEqual(0);
        expect(parent).toBeLessThan(node);
        children.set(parent, (children.get(parent) ?? 0) + 1);
      }
      expect(Math.max(...children.values())).toBeLessThanOrEqual(FAN_OUT);
    },
  );

  it('is two levels deep with 400 replicas', () => {
    const depthOf = (node: number): number => (node === 0 ? 0 : 1 + depthOf(parentOf(node)!));
    expect(Math.max(...Array.from({ length: 401 }, (_, node) => depthOf(node)))).toBe(2);
  });

  it('has no parent above the root', () => {
    expect(parentOf(0)).toBeNull();
  });

  it('names the root after its topic and replicas by their number', () => {
    expect(hubName('daily', 0)).toBe('daily');
    expect(hubName('system', 3)).toBe('system/3');
  });
});

describe('the partition of a symbol', () => {
  it('is one of them, always the same, and the only one where there is one', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (symbol, partitions) => {
        const partition = partitionOfSymbol(symbol, partitions);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
        expect(partitionOfSymbol(symbol, partitions)).toBe(partition);
        expect(partitionOfSymbol(symbol, 1)).toBe(0);
      }),
    );
  });

  it('has its even share of the symbols', () => {
    const symbols = Array.from({ length: 8_000 }, (_, i) => `S${i.toString(36).toUpperCase()}`);
    const counts = Array<number>(8).fill(0);
    for (const symbol of symbols) counts[partitionOfSymbol(symbol, 8)]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(130);
  });
});

describe('the node of a user', () => {
  it('is the root when there are no replicas', () => {
    expect(nodeFor('anyone', 0)).toBe(0);
  });

  it('is one of the replicas, and always the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 400 }), (userId, replicas) => {
        const node = nodeFor(userId, replicas);
        expect(node).toBeGreaterThanOrEqual(1);
        expect(node).toBeLessThanOrEqual(replicas);
        expect(nodeFor(userId, replicas)).toBe(node);
      }),
    );
  });

  it('spreads users whose ids differ by little evenly', () => {
    const users = 20_000;
    const replicas = 20;
    const counts = Array<number>(replicas + 1).fill(0);
    for (let i = 0; i < users; i++) counts[nodeFor(`user-${i}`, replicas)]!++;
    const expected = users / replicas;
    const chiSquare = counts.slice(1).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: an even spread stays under 43.8 in 999 of 1,000 cases.
    expect(chiSquare).toBeLessThan(43.8);
  });

  // Sockets would move to other objects, and a load balanced group be shared twice, if these numbers changed.
  it.each([
    ['', 2872998923],
    ['user-1', 2005895916],
    ['user-2', 853201105],
    ['Zoë', 1137292642],
  ])('rests on a hash that never changes: %j', (text, hash) => {
    expect(stableHash(text)).toBe(hash);
  });
});
