import { describe, expect, it } from 'vitest';
import { hopsOf } from '../../shared/hops.ts';

const AT_MS = Date.parse('2026-11-20T14:36:15.250Z');
const event = { detected_at: '2026-11-20T14:36:15.250Z', time_origin: 'zoned' } as const;
const hops = { bridge_at_ms: AT_MS + 9, edge_at_ms: AT_MS + 13, hub_at_ms: AT_MS + 12 };

describe('the way of an event', () => {
  it('has a duration for each step after the first, less than nothing where clocks differ', () => {
    const way = hopsOf({ ...event, hops: { published_at_ms: AT_MS + 4, ...hops } }, AT_MS + 20);
    expect(way.map(({ hop, took_ms }) => [hop, took_ms])).toEqual([
      ['detected', null],
      ['published', 4],
      ['bridge', 5],
      ['edge', 4],
      ['hub', -1],
      ['flush', 8],
    ]);
    expect(way.at(-1)!.at_ms).toBe(AT_MS + 20);
  });

  it('leaves out what is not known', () => {
    const names = (changes: object) => hopsOf({ ...event, hops, ...changes }).map(({ hop }) => hop);
    expect(names({})).toEqual(['detected', 'bridge', 'edge', 'hub']);
    expect(names({ time_origin: 'received' })).toEqual(['bridge', 'edge', 'hub']);
    expect(names({ detected_at: 'never' })).toEqual(['bridge', 'edge', 'hub']);
  });
});
