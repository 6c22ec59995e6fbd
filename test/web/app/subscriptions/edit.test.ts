import { describe, expect, it } from 'vitest';
import { SESSION_LIMITS } from '../../../../shared/limits.ts';
import { readPastedSymbols } from '../../../../web/app/filter/symbol-paste.ts';
import { defaultFilters } from '../../../../web/app/state/filters.ts';
import { refusalOfName, withDraft, withoutSubscription, withPaused } from '../../../../web/app/subscriptions/edit.ts';
import { excessWords, usageLines, usageOf } from '../../../../web/app/subscriptions/limits.ts';
import { rateOf } from '../../../../web/app/subscriptions/rate-words.ts';

const { subscriptions: base } = defaultFilters();
const watch = { name: ' Watch ', filter: { symbols: ['NVDA'] } };

describe('subscriptions', () => {
  it('are added, changed, paused and deleted; the main one stays', () => {
    const added = withDraft(base, null, watch);
    expect(added[1]).toEqual({ id: 'n-Watch', name: 'Watch', filter: { symbols: ['NVDA'] }, isPaused: false });
    const renamed = withDraft(added, 'n-Watch', { name: 'Chips', filter: {} });
    expect(renamed[1]).toEqual({ id: 'n-Watch', name: 'Chips', filter: {}, isPaused: false });
    expect(withDraft(renamed, null, watch)[2]!.id).toBe('n-Watch-2');
    expect(withPaused(added, 'n-Watch', true).map(({ isPaused }) => isPaused)).toEqual([false, true]);
    expect(withoutSubscription(added, 'n-Watch')).toEqual(base);
    expect(withoutSubscription(added, 'main')).toEqual(added);
  });

  it.each([
    ['', null, /needs a name/],
    ['n'.repeat(41), null, /at most 40/],
    ['Main', null, /already/],
    [' Main ', 'main', null],
    ['Other', null, null],
  ])('%j as a name of %j is refused with %s', (name, id, words) => {
    const refusal = refusalOfName(name, id, base);
    if (words === null) expect(refusal).toBeNull();
    else expect(refusal).toMatch(words);
  });

  it('use up the server’s limits unless they are paused', () => {
    const all = withDraft(base, null, { name: 'w', filter: { symbols: ['A', 'B'] } });
    const usage = usageOf('daily', all);
    expect(usage).toEqual({
      subscriptions: 2,
      values: 4,
      bytes:
        JSON.stringify({ kinds: ['pattern'], confidence_min: 0.6 }).length +
        JSON.stringify({ kinds: ['pattern'], symbols: ['A', 'B'] }).length,
    });
    expect(usageOf('daily', withPaused(all, 'n-w', true))).toEqual(usageOf('daily', base));
    expect(excessWords(usage, SESSION_LIMITS)).toBeNull();
    expect(usageLines(usage, SESSION_LIMITS).map(({ limit }) => limit)).toEqual([32, 1_000, 15_000]);
  });

  it('say which limit they pass', () => {
    const symbols = Array.from({ length: 1_000 }, (_, n) => `S${n}`);
    const over = usageOf('daily', withDraft(base, null, { name: 'w', filter: { symbols } }));
    expect(excessWords(over, SESSION_LIMITS)).toBe('1,002 listed values, the server takes at most 1,000');
    const long = Array.from({ length: 900 }, (_, n) => `SYMBOL.NUMBER.${n}.É`);
    const large = usageOf('daily', withDraft([], null, { name: 'w', filter: { symbols: long } }));
    expect(excessWords(large, SESSION_LIMITS)).toMatch(/bytes, the server takes at most 15,000/);
  });
});

describe('a pasted list of symbols', () => {
  it('is read whatever parts it', () => {
    const text = 'aapl, "NVDA"\nTSLA;brk.b\tNASDAQ:MSFT | $SPY (QQQ) ^VIX ES=F';
    expect(readPastedSymbols(text)).toEqual({
      symbols: ['AAPL', 'NVDA', 'TSLA', 'BRK.B', 'MSFT', 'SPY', 'QQQ', '^VIX', 'ES=F'],
      duplicates: [],
      impossible: [],
    });
  });

  it('is told what it has twice, and what is no symbol', () => {
    expect(readPastedSymbols('A a B C%C waytoolongforanysymbolatall', ['B'])).toEqual({
      symbols: ['A'],
      duplicates: ['A', 'B'],
      impossible: ['C%C', 'waytoolongforanysymbolatall'],
    });
    expect(readPastedSymbols(' ,; \n')).toEqual({ symbols: [], duplicates: [], impossible: [] });
  });
});

describe('what a subscription brings', () => {
  const count = {
    tier: 'daily' as const,
    filter: {},
    minutes: 60,
    matching: 412,
    total: 1_204,
    per_minute: 6.87,
    since: '2026-11-20T14:00:00.000Z',
    complete: true,
  };
  it.each([
    [count, 'about 6.9 a minute (0.11/s), 412 of 1,204 in the last hour'],
    [{ ...count, minutes: 5, per_minute: 1_200 }, 'about 1,200 a minute (20/s), 412 of 1,204 in the last 5 minutes'],
    [{ ...count, complete: false, per_minute: 0.1 }, 'about 0.1 a minute (under 0.01/s), 412 of 1,204 since 14:00 UTC'],
    [{ ...count, matching: 0, per_minute: 0 }, 'about 0 a minute (0/s), 0 of 1,204 in the last hour'],
  ])('is told by its count', (counted, words) => {
    expect(rateOf(counted, null)).toBe(words);
  });

  it('is told to be unknown', () => {
    expect(rateOf(null, null)).toBe('Counting…');
    expect(rateOf(count, 'no network')).toBe('Not known how much it brings: no network');
  });
});
