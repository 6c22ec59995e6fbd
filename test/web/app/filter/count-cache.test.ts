import { describe, expect, it } from 'vitest';
import type { Count } from '../../../../web/app/api.ts';
import { CountCache, FRESH_MS } from '../../../../web/app/filter/count-cache.ts';

interface Request {
  filter: unknown;
  signal: AbortSignal;
  answer(count: Count): void;
  fail(error: Error): void;
}

function harness() {
  const requests: Request[] = [];
  const cache = new CountCache(
    (_tier, filter, _minutes, signal) => new Promise((answer, fail) => requests.push({ filter, signal, answer, fail })),
  );
  const get = (confidence_min: number, nowMs = 0, signal = new AbortController().signal) =>
    cache.get({ tier: 'daily', filter: { confidence_min }, minutes: 60 }, nowMs, signal);
  return { requests, cache, get };
}
const count = { matching: 3 } as Count;

describe('the cache of counts', () => {
  it('asks once for all who want the same at the same time, and then for a while', async () => {
    const { requests, get } = harness();
    const both = [get(0.7), get(0.7000001)];
    expect(requests).toHaveLength(1);
    requests[0]!.answer(count);
    expect(await Promise.all(both)).toEqual([count, count]);
    expect(await get(0.7, FRESH_MS - 1)).toBe(count);
    expect(requests).toHaveLength(1);
    void get(0.7, FRESH_MS);
    expect(requests).toHaveLength(2);
  });

  it('tells tiers, times and filters apart', () => {
    const { requests, cache } = harness();
    const { signal } = new AbortController();
    void cache.get({ tier: 'daily', filter: {}, minutes: 60 }, 0, signal);
    void cache.get({ tier: 'combo', filter: {}, minutes: 60 }, 0, signal);
    void cache.get({ tier: 'combo', filter: {}, minutes: 5 }, 0, signal);
    void cache.get({ tier: 'combo', filter: { symbols: ['A'] }, minutes: 5 }, 0, signal);
    expect(requests).toHaveLength(4);
  });

  it('aborts a question when the last who waits gives up, and asks anew after that', async () => {
    const { requests, get } = harness();
    const first = new AbortController();
    const second = new AbortController();
    const waiting = [get(0.7, 0, first.signal), get(0.7, 0, second.signal)];
    first.abort();
    await expect(waiting[0]).rejects.toThrow();
    expect(requests[0]!.signal.aborted).toBe(false);
    second.abort();
    await expect(waiting[1]).rejects.toThrow();
    expect(requests[0]!.signal.aborted).toBe(true);
    void get(0.7);
    expect(requests).toHaveLength(2);
  });

  it('keeps an answer although those who asked went away after it', async () => {
    const { requests, get } = harness();
    const gone = new AbortController();
    const asked = get(0.7, 0, gone.signal);
    requests[0]!.answer(count);
    await asked;
    gone.abort();
    expect(await get(0.7)).toBe(count);
  });

  it('asks nothing for who has given up already', async () => {
    const { requests, get } = harness();
    await expect(get(0.7, 0, AbortSignal.abort())).rejects.toThrow();
    expect(requests).toHaveLength(0);
  });

  it('does not keep a failure', async () => {
    const { requests, get } = harness();
    const asked = get(0.7);
    requests[0]!.fail(new Error('no network'));
    await expect(asked).rejects.toThrow('no network');
    void get(0.7);
    expect(requests).toHaveLength(2);
  });

  it('forgets the oldest when there are too many', async () => {
    const { requests, get } = harness();
    for (let step = 0; step <= 300; step++) void get(step / 1_000);
    void get(0.3);
    expect(requests).toHaveLength(301);
    void get(0);
    expect(requests).toHaveLength(302);
  });
});
