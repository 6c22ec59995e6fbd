import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LruCache } from '../../workers/core/lru-cache.ts';

it('returns what was put in, and undefined for what was not', () => {
  const cache = new LruCache<string>({ maxEntries: 2, ttlMs: 100 });
  cache.set('a', 'one', 0);
  expect(cache.get('a', 0)).toBe('one');
  expect(cache.get('b', 0)).toBeUndefined();
});

it('makes room by dropping the entry that was used longest ago', () => {
  const cache = new LruCache<number>({ maxEntries: 2, ttlMs: 100 });
  cache.set('a', 1, 0);
  cache.set('b', 2, 0);
  cache.get('a', 1);
  cache.set('c', 3, 2);
  expect([cache.get('a', 3), cache.get('b', 3), cache.get('c', 3)]).toEqual([1, undefined, 3]);
});

it('drops nobody else when an entry is put in again', () => {
  const cache = new LruCache<number>({ maxEntries: 2, ttlMs: 100 });
  cache.set('a', 1, 0);
  cache.set('b', 2, 0);
  cache.set('a', 3, 0);
  expect([cache.get('a', 1), cache.get('b', 1), cache.size]).toEqual([3, 2, 2]);
});

it('forgets an entry when its time is over, counted from when it was put in and not from its last use', () => {
  const cache = new LruCache<number>({ maxEntries: 2, ttlMs: 100 });
  cache.set('a', 1, 1_000);
  expect(cache.get('a', 1_099)).toBe(1);
  expect(cache.get('a', 1_100)).toBeUndefined();
  expect(cache.size).toBe(0);
});

it('is empty after clear', () => {
  const cache = new LruCache<number>({ maxEntries: 2, ttlMs: 100 });
  cache.set('a', 1, 0);
  cache.clear();
  expect([cache.size, cache.get('a', 0)]).toEqual([0, undefined]);
});

it('equals a list kept in order of use, and never holds more than it may', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), afterMs: fc.nat(40), isSet: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const cache = new LruCache<number>({ maxEntries: 3, ttlMs: 100 });
      let model: { key: string; value: number; untilMs: number }[] = [];
      let nowMs = 0;
      steps.forEach(({ key, afterMs, isSet }, value) => {
        nowMs += afterMs;
        const found = model.find(entry => entry.key === key);
        const others = model.filter(entry => entry.key !== key);
        if (isSet) {
          cache.set(key, value, nowMs);
          model = [...others, { key, value, untilMs: nowMs + 100 }].slice(-3);
        } else {
          const kept = found && found.untilMs > nowMs ? found : undefined;
          expect(cache.get(key, nowMs)).toBe(kept?.value);
          model = kept ? [...others, kept] : others;
        }
        expect(cache.size).toBe(model.length);
      });
    }),
  );
});
