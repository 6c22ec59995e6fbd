import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, FAN_OUT, hubName, nodeFor, parentOf, stableHash } from '../../shared/partition.ts';

const replicaCounts = fc.integer({ min: 0, max: 9_000 });

describe('the tree of a topic', () => {
  it('names a node as the child of its parent, and a parent as the one that has the child', () => {
    fc.assert(
      fc.property(replicaCounts, fc.nat(), (replicas, pick) => {
        const node = pick % (replicas + 1);
        for (const child of childrenOf(node, replicas)) expect(parentOf(child)).toBe(node);
        const parent = parentOf(node);
        if (parent !== null) expect(childrenOf(parent, replicas)).toContain(node);
      }),
    );
  });

  it.each([0, 1, 19, 20, 21, 400, 421, 1_000])('reaches each of %d replicas once from the root', replicas => {
    const reached: number[] = [];
    const queue = [0];
    while (queue.length > 0) {
      const children = childrenOf(queue.shift()!, replicas);
      expect(children.length).toBeLessThanOrEqual(FAN_OUT);
      reached.push(...children);
      queue.push(...children);
    }
    expect(reached.toSorted((a, b) => a - b)).toEqual(Array.from({ length: replicas }, (_, i) => i + 1));
  });

  it('has no parent above the root', () => {
    expect(parentOf(0)).toBeNull();
  });

  it('names the root after its topic and replicas by their number', () => {
    expect(hubName('daily', 0)).toBe('daily');
    expect(hubName('system', 3)).toBe('system/3');
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
