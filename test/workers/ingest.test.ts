import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { app } from '../../workers/app.ts';
import type { Env } from '../../workers/env.ts';
import { connect } from './support/client.ts';
import { common, pattern } from './support/events.ts';
import { ingestBatch, post, sign } from './support/ingest.ts';

afterEach(reset);

type Secrets = [string, string, string];

const outcome = () => ({
  ...common(),
  kind: 'outcome' as const,
  pattern_type: 'Doji',
  symbol: 'AAPL',
  detection_id: 'd-1',
  detection_at: null,
  outcome_1d: 1,
  outcome_5d: null,
  outcome_30d: null,
  success_1d: true,
  success_5d: null,
  success_30d: null,
});

describe('POST /ingest', () => {
  it('hands a lane’s batch to its topic and answers what became of it', async () => {
    const event = pattern();
    const response = await post(ingestBatch({ topic: 'daily', events: [event, event, pattern()] }));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ topics: { daily: { accepted: 2, duplicates: 1, head: 2 } } });
  });

  it('routes a batch without a topic by its events; coverage and heartbeat go to every hub', async () => {
    const events = [pattern({ tier: 'combo', producer_id: 'd-1' }), pattern(), outcome()];
    const { topics } = await (await post(ingestBatch({ events }))).json<{ topics: object }>();
    expect(topics).toEqual({
      daily: { accepted: 1, duplicates: 0, head: 1 },
      intraday: { accepted: 0, duplicates: 0, head: 0 },
      combo: { accepted: 2, duplicates: 0, head: 2 },
    });
    const everywhere = await post(ingestBatch({ covers: { from_ms: 0, to_ms: 1 } }));
    expect(Object.keys((await everywhere.json<{ topics: object }>()).topics)).toEqual([
      'daily',
      'intraday',
      'combo',
      'system',
    ]);
  });

  it('takes a batch once: the same again is all duplicates and has no effect', async () => {
    const batch = ingestBatch({ topic: 'daily', events: [pattern(), pattern()] });
    await post(batch);
    const client = await connect('daily');
    const again = await post({ ...batch, events: [...batch.events, pattern()] });
    expect(await again.json()).toMatchObject({ topics: { daily: { accepted: 0, duplicates: 3, head: 2 } } });
    expect(client.of('hello')[0]!.head).toBe(2);
  });

  it('delivers to a socket what was posted', async () => {
    const client = await connect('intraday');
    await client.subscribe({ id: 's' });
    await post(
      ingestBatch({ topic: 'intraday', events: [pattern({ tier: 'intraday', real_time: true, symbol: 'NVDA' })] }),
    );
    const frame = await client.next('events');
    expect(frame.events).toMatchObject([{ seq: 1, symbol: 'NVDA', tier: 'intraday' }]);
  });

  const body = JSON.stringify(ingestBatch({ topic: 'daily', events: [pattern()] }));
  const refused: [name: string, signature: () => Promise<string | null>, title: string][] = [
    ['no signature', async () => null, 'bad_signature'],
    ['a malformed signature', async () => 'v1=abc', 'bad_signature'],
    ['another secret', () => sign(body, Date.now(), 'x'.repeat(40)), 'bad_signature'],
    ['another body’s signature', () => sign('{}'), 'bad_signature'],
    ['a signature of ten minutes ago', () => sign(body, Date.now() - 600_000), 'clock_skew'],
    ['a clock ten minutes ahead', () => sign(body, Date.now() + 600_000), 'clock_skew'],
  ];
  for (const [name, signature, title] of refused) {
    it(`refuses ${name} with 401 ${title}`, async () => {
      const response = await post(body, await signature());
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 401, title });
      expect((await connect('daily')).of('hello')[0]!.head).toBe(0);
    });
  }

  it('takes the previous secret too while one is being changed, and neither an older one nor an empty one', async () => {
    const [next, previous, older] = ['next', 'previous', 'older'].map(name => `${name}-`.padEnd(40, 's')) as Secrets;
    const changing = { ...env, INGEST_SECRET: next, INGEST_SECRET_PREVIOUS: previous };
    const changed = { ...changing, INGEST_SECRET_PREVIOUS: '' };
    const statusOf = async (edgeEnv: Env, secret: string) => {
      const headers = { [SIGNATURE_HEADER]: await sign(body, Date.now(), secret) };
      return (await app.request('http://edge.test/ingest', { method: 'POST', body, headers }, edgeEnv)).status;
    };
    expect([await statusOf(changing, next), await statusOf(changing, previous)]).toEqual([200, 200]);
    expect(await statusOf(changing, older)).toBe(401);
    expect([await statusOf(changed, next), await statusOf(changed, previous)]).toEqual([200, 401]);
  });

  it('refuses a body over 1 MiB with 413', async () => {
    const response = await post('x'.repeat(1024 * 1024 + 1));
    expect(response.status).toBe(413);
  });

  const poison = { ...pattern(), confidence: 2 };
  const wrong: [name: string, body: object | string, field: string | undefined][] = [
    ['what is not JSON', 'not json', undefined],
    ['one poisonous event among good ones', ingestBatch({ events: [pattern(), poison] }), 'events.1.confidence'],
    [
      'an event of an unknown kind',
      ingestBatch({ events: [{ ...pattern(), kind: 'magic' as never }] }),
      'events.0.kind',
    ],
    ['an event of another topic than the lane’s', ingestBatch({ topic: 'combo', events: [pattern()] }), 'events.0'],
    ['501 events', ingestBatch({ events: Array.from({ length: 501 }, () => pattern()) }), 'events'],
    ['an unknown field', { ...ingestBatch(), extra: 1 }, ''],
  ];
  for (const [name, batch, field] of wrong) {
    it(`refuses ${name} with 422 that names the field, and takes nothing of it`, async () => {
      const response = await post(batch);
      expect(response.status).toBe(422);
      const problem = await response.json<{ title: string; field?: string }>();
      expect(problem.title).toBe('schema');
      expect(problem.field).toBe(field);
      expect((await connect('daily')).of('hello')[0]!.head).toBe(0);
      expect((await post(ingestBatch({ topic: 'daily', events: [pattern()] }))).status).toBe(200);
    });
  }

  it('keeps rejects with samples and counts, and what is not routed', async () => {
    const at = new Date().toISOString();
    const reject = { channel: 'tickstock.events.patterns', reason: 'bad_json' as const, sample: '{', at };
    const counts = {
      rejected: [{ channel: 'tickstock.events.patterns', reason: 'bad_json' as const, count: 5 }],
      not_routed: [{ channel: 'tickstock:market:ticks', kind: 'market_tick', count: 850 }],
      probes: 1,
    };
    await post(ingestBatch({ topic: 'system', rejects: [reject], counts }));
    const refusals = await env.HUB.getByName('system').readRefusals({ limit: 10 });
    expect(refusals.rejects).toEqual([reject]);
    expect(refusals.counts).toEqual([{ channel: 'tickstock.events.patterns', reason: 'bad_json', count: 6 }]);
    expect(refusals.not_routed).toEqual([{ channel: 'tickstock:market:ticks', kind: 'market_tick', count: 850 }]);
  });
});
