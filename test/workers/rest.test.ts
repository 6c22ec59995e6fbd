import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { livenessSchema } from '../../shared/api/health.ts';
import { performanceSchema } from '../../shared/api/performance.ts';
import { tiersHealthSchema } from '../../shared/api/tiers-health.ts';
import { app } from '../../workers/app.ts';
import { batchOf, pattern } from './support/events.ts';
import { type Answer, get as getAs } from './support/get.ts';
import { heartbeat, ingestBatch, post } from './support/ingest.ts';

afterEach(reset);

interface Body extends Record<string, unknown> {
  patterns: { seq: number; symbol: string }[];
  metadata: Record<string, unknown>;
  field: string;
  detail: string;
  status: string;
  tiers: Record<string, Record<string, unknown>>;
  hubs: Record<string, Record<string, unknown>>;
  rejects: { channel: string }[];
}

const get = (path: string) => getAs<Body>(path);
const seqsOf = ({ body }: Answer<Body>) => body.patterns.map(({ seq }) => seq);

describe('GET /api/patterns/{tier}', () => {
  it('gives the newest first, from the tier’s default confidence up, and says what it did', async () => {
    await env.HUB.getByName('daily').publish(
      batchOf([pattern({ confidence: 0.6 }), pattern({ confidence: 0.599 }), pattern({ symbol: 'MSFT' })]),
    );
    const answer = await get('/api/patterns/daily');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(seqsOf(answer)).toEqual([3, 1]);
    expect(answer.body.metadata).toMatchObject({
      count: 2,
      tier: 'daily',
      confidence_min: 0.6,
      symbols_filter: [],
      next_before_seq: null,
    });
    expect(seqsOf(await get('/api/patterns/daily?confidence_min=0'))).toEqual([3, 2, 1]);
    expect(seqsOf(await get('/api/patterns/daily?symbols=msft,%20ibm'))).toEqual([3]);
    expect(seqsOf(await get('/api/patterns/daily?symbols=msft,aapl&pattern_types=BreakoutBO'))).toEqual([3, 1]);
    expect(seqsOf(await get('/api/patterns/daily?pattern_types=Doji'))).toEqual([]);
  });

  it('can be read to its end page by page, and from a position on', async () => {
    await env.HUB.getByName('daily').publish(batchOf(Array.from({ length: 120 }, () => pattern())));
    const seen: number[] = [];
    let path = '/api/patterns/daily?limit=50';
    for (let pages = 0; pages < 5; pages++) {
      const answer = await get(path);
      seen.push(...seqsOf(answer));
      if (answer.body.metadata.next_before_seq === null) break;
      path = `/api/patterns/daily?limit=50&before_seq=${answer.body.metadata.next_before_seq}`;
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => 120 - i));
    expect(seqsOf(await get('/api/patterns/daily?after_seq=118'))).toEqual([120, 119]);
    expect(seqsOf(await get('/api/patterns/daily?after_seq=100&before_seq=103'))).toEqual([102, 101]);
    expect(seqsOf(await get('/api/patterns/daily?before_seq=1'))).toEqual([]);
  });

  it('does not look at more than 20,000 rows, and says where to read on', async () => {
    const hub = env.HUB.getByName('daily');
    await hub.publish(batchOf([pattern({ pattern_type: 'Rare', symbol: 'RARE' })]));
    for (let i = 0; i < 41; i++) await hub.publish(batchOf(Array.from({ length: 500 }, () => pattern())));
    const first = await get('/api/patterns/daily?pattern_types=Rare');
    expect(first.body.metadata).toMatchObject({ count: 0, next_before_seq: 502 });
    expect(seqsOf(await get('/api/patterns/daily?pattern_types=Rare&before_seq=502'))).toEqual([1]);
    expect(seqsOf(await get('/api/patterns/daily?symbols=RARE'))).toEqual([1]);
  }, 30_000);

  it('names the gaps in the time of its page, and leaves none out from page to page', async () => {
    const hub = env.HUB.getByName('daily');
    const nowMs = Date.now();
    const at = (minutes: number) => nowMs + minutes * 60_000;
    const gap = (from: number, to: number) => ({
      from_ms: at(from),
      to_ms: at(to),
      reason: 'outbox_overflow' as const,
    });
    // Events came in at minutes 1 to 6; the gaps are told late, after the last of them.
    await hub.publish(batchOf(Array.from({ length: 6 }, () => pattern())));
    await runInDurableObject(hub, (_, { storage }) => {
      storage.sql.exec('UPDATE tape SET received_at_ms = ? + seq * 60000', nowMs);
    });
    const gaps = [gap(0, 0.5), gap(2.2, 2.4), gap(3.5, 4.5), gap(6.5, 7)];
    await hub.publish(batchOf([], { gaps, sent_at_ms: at(9), edge_at_ms: at(9) }));
    const told = async (query: string) => {
      const { body } = await get(`/api/patterns/daily?confidence_min=0&limit=2${query}`);
      return (body.metadata.gaps as { seq: number }[]).map(({ seq }) => seq);
    };
    expect((await get('/api/patterns/daily')).body.metadata.gaps).toEqual(
      gaps
        .map(({ from_ms, to_ms, reason }, i) => ({
          seq: 7 + i,
          from: new Date(from_ms).toISOString(),
          to: new Date(to_ms).toISOString(),
          reason,
        }))
        .reverse(),
    );
    expect(await told('')).toEqual([10]);
    expect(await told('&before_seq=5')).toEqual([9]);
    expect(await told('&before_seq=3')).toEqual([8, 7]);
    expect(await told('&after_seq=4')).toEqual([10, 9]);
    const { tiers } = (await get('/api/patterns/tiers/health')).body;
    expect(tiers.daily).toMatchObject({ gaps_24h: 4, last_gap: { seq: 10, reason: 'outbox_overflow' } });
    expect(tiers.combo).toMatchObject({ gaps_24h: 0, last_gap: null });
  });

  it('names the newest 50 gaps at most', async () => {
    const gaps = Array.from({ length: 60 }, () => ({ from_ms: 1, to_ms: 2, reason: 'outbox_overflow' as const }));
    await env.HUB.getByName('daily').publish(batchOf([], { gaps }));
    const told = (await get('/api/patterns/daily')).body.metadata.gaps as { seq: number }[];
    expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => 60 - i));
    const { tiers } = (await get('/api/patterns/tiers/health')).body;
    expect(tiers.daily).toMatchObject({ gaps_24h: 0, last_gap: { seq: 60 } });
  });

  for (const [query, field] of [
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=-1', 'limit'],
    ['confidence_min=2', 'confidence_min'],
    ['confidence_min=high', 'confidence_min'],
    ['before_seq=0', 'before_seq'],
    ['before_seq=99999999999999999999', 'before_seq'],
    ['after_seq=x', 'after_seq'],
    ['symbol=AAPL', 'symbol'],
  ] as const) {
    it(`refuses ${query} with 400 naming ${field}`, async () => {
      const answer = await get(`/api/patterns/daily?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body).toMatchObject({ status: 400, field });
      expect(answer.body.detail).toContain(field);
    });
  }

  it('knows no other tier and no other route', async () => {
    for (const path of ['/api/patterns/weekly', '/api/nothing', '/api/patterns/system']) {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });
});

describe('the health routes', () => {
  it('are stale without a bridge, and ok while one beats and is connected', async () => {
    expect((await get('/api/patterns/tiers/health')).body).toMatchObject({
      status: 'stale',
      tiers: { combo: { status: 'stale', reasons: ['no bridge has posted yet'], heartbeat_age_ms: null } },
    });
    await post(ingestBatch({ heartbeat: heartbeat(), events: [pattern()] }));
    const { body } = await get('/api/patterns/tiers/health');
    expect(body).toMatchObject({ status: 'ok', tiers: { daily: { status: 'ok', head: 1, bridges: 1, sessions: 0 } } });
    expect(body.tiers.daily!.last_event_at).toMatch(/Z$/);
    await post(ingestBatch({ heartbeat: heartbeat({ redis_connected: false, reasons: ['redis slow'] }) }));
    expect((await get('/api/patterns/tiers/health')).body.tiers.daily).toMatchObject({
      status: 'degraded',
      reasons: ['redis slow', 'no bridge is connected to Redis'],
    });
  });

  it('count what each hub did', async () => {
    await post(ingestBatch({ topic: 'daily', events: [pattern(), pattern()] }));
    const { body } = await get('/api/websocket/health');
    expect(body.hubs.daily).toMatchObject({ appended: 2, sessions: 0, deliveries: 0, cache: { hits: 1, misses: 1 } });
    expect(Object.keys(body.hubs)).toEqual(['daily', 'intraday', 'combo', 'system']);
    expect((await get('/api/health')).body).toMatchObject({ status: 'ok', protocol: 1, version: null });
    const deployed = { ...env, VERSION: { id: 'a-b', tag: '3f2a91c', timestamp: '' } };
    const response = await app.request('/api/health', {}, deployed);
    expect(livenessSchema.parse(await response.json()).version).toEqual({ id: 'a-b', commit: '3f2a91c' });
  });

  it('tell performance without inventing any: no outcomes, no success rate', async () => {
    await post(
      ingestBatch({ topic: 'daily', events: [pattern(), pattern({ pattern_type: 'Doji', confidence: 0.95 })] }),
    );
    const { body } = await get('/api/patterns/performance');
    performanceSchema.parse(body);
    expect(body.tiers.daily).toMatchObject({
      patterns: 2,
      by_priority: { medium: 2 },
      confidence_distribution: [0, 0, 0, 0, 0, 0, 0, 1, 0, 1],
      success: { '1d': { n: 0, rate: null } },
    });
    expect(body.tiers.combo).toMatchObject({ patterns: 0, detection_to_delivery_ms: { n: 0, p50: null } });
  });

  it('give the newest rejects, by channel and reason if asked', async () => {
    const at = new Date().toISOString();
    const reject = (channel: string, reason: 'bad_json' | 'bad_shape') => ({ channel, reason, sample: '?', at });
    await post(ingestBatch({ topic: 'system', rejects: [reject('a', 'bad_json'), reject('b', 'bad_shape')] }));
    await post(ingestBatch({ topic: 'system', rejects: [reject('tickstock:patterns:streaming', 'bad_json')] }));
    const { tiers } = (await get('/api/patterns/tiers/health')).body;
    expect([tiers.daily!.rejects, tiers.intraday!.rejects]).toEqual([0, 1]);
    tiersHealthSchema.parse((await get('/api/patterns/tiers/health')).body);
    expect((await get('/api/rejects?limit=1')).body.rejects).toMatchObject([
      { channel: 'tickstock:patterns:streaming' },
    ]);
    expect((await get('/api/rejects')).body.rejects.slice(1)).toMatchObject([{ channel: 'b' }, { channel: 'a' }]);
    expect((await get('/api/rejects?channel=a')).body.rejects).toMatchObject([{ channel: 'a' }]);
    expect((await get('/api/rejects?reason=bad_shape&limit=1')).body.rejects).toMatchObject([{ channel: 'b' }]);
    expect((await get('/api/rejects?reason=bad')).body).toMatchObject({ status: 400, field: 'reason' });
  });
});

describe('a Worker that is not configured', () => {
  for (const [name, change, field] of [
    ['without a secret', { INGEST_SECRET: undefined }, 'INGEST_SECRET'],
    ['with a secret under 32 bytes', { INGEST_SECRET: 'short' }, 'INGEST_SECRET'],
    ['open in production', { APP_ENV: 'production' }, 'AUTH_MODE'],
    ['with a policy that is wrong', { TIER_POLICY: '{"daily":{"page_size":0}}' }, 'TIER_POLICY'],
    ['with rules that are wrong', { ROUTER_RULES: '[{"id":"x"}]' }, 'ROUTER_RULES'],
  ] as const) {
    it(`${name} answers 503 that names ${field}`, async () => {
      const response = await app.request('/api/patterns/daily', {}, { ...env, ...change });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ title: 'misconfigured', field });
    });
  }
});
