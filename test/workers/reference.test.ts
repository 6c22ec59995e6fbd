import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { symbolsSchema, universesSchema } from '../../shared/api/reference.ts';
import { REFERENCE_KEY } from '../../shared/reference.ts';
import { app } from '../../workers/app.ts';
import { batchOf, pattern } from './support/events.ts';

afterEach(reset);

const FILE = {
  symbols: [
    { symbol: 'AAPL', name: 'Apple Inc.', sector: 'Information Technology' },
    { symbol: 'SPY', name: 'SPDR S&P 500 ETF Trust', sector: null },
  ],
  universes: [{ name: 'tech', symbols: ['AAPL', 'NVDA'] }],
};

/** The Worker with a namespace that no test before has read. */
async function withReference(file: unknown) {
  await env.REFERENCE!.put(REFERENCE_KEY, JSON.stringify(file));
  const namespace = { get: env.REFERENCE!.get.bind(env.REFERENCE!) };
  return (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers }, { ...env, REFERENCE: namespace as KVNamespace });
}

describe('reference data', () => {
  it('are merged with what was seen: neither hides the other, and what is not known is null', async () => {
    await env.HUB.getByName('daily').publish(batchOf([pattern({ symbol: 'AAPL' }), pattern({ symbol: 'TSLA' })]));
    const get = await withReference(FILE);
    const { symbols } = symbolsSchema.parse(await (await get('/api/symbols')).json());
    const seen = { tiers: ['daily'], last_seen_at: expect.any(String) };
    expect(symbols).toEqual([
      { symbol: 'AAPL', name: 'Apple Inc.', sector: 'Information Technology', ...seen },
      { symbol: 'SPY', name: 'SPDR S&P 500 ETF Trust', sector: null, tiers: [], last_seen_at: null },
      { symbol: 'TSLA', name: null, sector: null, ...seen },
    ]);
    const universes = universesSchema.parse(await (await get('/api/universes')).json());
    expect(universes).toEqual({ universes: FILE.universes });
  });

  it('let a read and a count ask for universes, together with symbols', async () => {
    const symbols = ['AAPL', 'NVDA', 'TSLA', 'XOM'];
    await env.HUB.getByName('daily').publish(batchOf(symbols.map(symbol => pattern({ symbol }))));
    const get = await withReference(FILE);
    const read = async (query: string) => {
      const body = (await (await get(`/api/patterns/daily?${query}`)).json()) as { patterns: { symbol: string }[] };
      return body.patterns.map(({ symbol }) => symbol);
    };
    expect(await read('universes=tech')).toEqual(['NVDA', 'AAPL']);
    expect(await read('universes=TECH&symbols=tsla')).toEqual(['TSLA', 'NVDA', 'AAPL']);
    const count = await get('/api/patterns/daily/count?universes=tech&exclude_symbols=AAPL');
    expect(await count.json()).toMatchObject({ matching: 1, filter: { symbols: ['AAPL', 'NVDA'] } });
  });

  it('without the universe asked for refuse it by name', async () => {
    const get = await withReference(FILE);
    for (const path of ['/api/patterns/daily', '/api/patterns/daily/count']) {
      const answer = await get(`${path}?universes=tech,moon`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ field: 'universes', detail: expect.stringContaining('"moon"') });
    }
  });

  it('that were put there and are no good are told as such, not taken for none', async () => {
    const get = await withReference({ symbols: 'none' });
    expect((await get('/api/universes')).status).toBe(503);
  });
});

describe('what changes seldom', () => {
  it.each(['/api/symbols', '/api/universes', '/api/pattern-types', '/api/market/calendar'])(
    '%s is not sent again to who has it',
    async path => {
      const get = await withReference(FILE);
      const first = await get(path);
      const tag = first.headers.get('etag')!;
      expect(first.headers.get('cache-control')).toMatch(/^private/);
      const second = await get(path, { 'if-none-match': tag });
      expect([second.status, await second.text(), second.headers.get('etag')]).toEqual([304, '', tag]);
      expect(second.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      expect(second.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    },
  );

  it('is sent again when it has changed', async () => {
    const tag = (await (await withReference(FILE))('/api/universes')).headers.get('etag')!;
    const get = await withReference({ ...FILE, universes: [] });
    expect((await get('/api/universes', { 'if-none-match': tag })).status).toBe(200);
  });
});
