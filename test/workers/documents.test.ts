import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../workers/app.ts';
import { TOPIC_FRAMES, USER_FRAMES } from '../../workers/documents/frames.ts';
import { ROUTES } from '../../workers/documents/routes.ts';
import { documentedAnswers } from '../support/documented-answers.ts';
import { ask, request as backtest, StandInRedis, submit } from './support/backtests.ts';
import { connect } from './support/client.ts';
import { seenAnswers } from './support/documented.ts';
import { batchOf, pattern } from './support/events.ts';
import { Guest } from './support/guest.ts';
import { heartbeat, ingestBatch, post, sign } from './support/ingest.ts';
import { bearer, request } from './support/jwt.ts';
import { seenFrames } from './support/raw-client.ts';
import { connectUser } from './support/user-client.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

/** A request for each route, with what it takes to be answered well. */
const ASKED: Record<string, (path: string) => Promise<unknown>> = {
  'get /api/patterns/{tier}': () => get('/api/patterns/daily?symbols=AAPL,IBM&limit=5'),
  'get /api/patterns/{tier}/count': () => get('/api/patterns/combo/count?minutes=5&symbols=IBM'),
  'get /api/explain': () => get('/api/explain?topic=daily&seq=1&symbols=IBM'),
  'get /api/trace/{id}': async () => {
    const event = pattern();
    await env.HUB.getByName('daily').publish(batchOf([event]));
    await get(`/api/trace/${event.id}`);
  },
  'get /ws/{topic}': () => connect('daily'),
  'get /api/me/{kind}': () => asGuest('GET', '/mutes'),
  'put /api/me/{kind}': () => asGuest('PUT', '/mutes', { mutes: ['IBM'] }),
  'delete /api/me/{kind}': () => asGuest('DELETE', '/mutes'),
  'get /api/me/subscriptions/{id}': async () => {
    const guest = await Guest.arrive();
    await guest.ask('PUT', '/subscriptions/a', SUBSCRIPTION);
    await guest.ask('GET', '/subscriptions/a');
  },
  'put /api/me/subscriptions/{id}': () => asGuest('PUT', '/subscriptions/a', SUBSCRIPTION),
  'delete /api/me/subscriptions/{id}': () => asGuest('DELETE', '/subscriptions/a'),
  'get /api/backtests': async () => ask(await Guest.arrive(), 'GET'),
  'post /api/backtests': async () => ask(await Guest.arrive(), 'POST', '', { body: backtest }),
  'get /api/backtests/{id}': async () => {
    const guest = await Guest.arrive();
    await ask(guest, 'GET', `/${(await submit(guest)).job_id}`);
  },
  'delete /api/backtests/{id}': async () => {
    const guest = await Guest.arrive();
    await ask(guest, 'DELETE', `/${(await submit(guest)).job_id}`);
  },
  'post /api/beacon': async () => {
    const body = JSON.stringify({ receipt_ms: [4.5], paint_ms: [12], uncertainty_ms: 0.4 });
    await exports.default.fetch('http://edge.test/api/beacon', { method: 'POST', body });
  },
  'post /api/tickets': async () => {
    const body = JSON.stringify({ topics: ['daily', 'me'] });
    await request('/api/tickets', { method: 'POST', headers: await bearer(), body });
  },
  'post /api/admin/drain': async () => {
    const headers = { 'x-tickstock-signature': await sign('') };
    await exports.default.fetch('http://edge.test/api/admin/drain', { method: 'POST', headers });
  },
  'post /ingest': () => post(ingestBatch({ events: [pattern()] })),
};

const SUBSCRIPTION = { name: 'Mine', topics: ['daily'], filter: { symbols: ['IBM'] }, enabled: true };

async function get(path: string): Promise<void> {
  await (await exports.default.fetch(`http://edge.test${path}`)).text();
}

async function asGuest(method: string, path: string, body?: unknown): Promise<void> {
  await (await Guest.arrive()).ask(method, path, body);
}

describe('the documents', () => {
  it('have every route of the Worker, and no other', () => {
    const routes = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it('say of every route how it answers when all is well', async () => {
    new StandInRedis();
    await env.HUB.getByName('daily').publish(batchOf([pattern(), pattern({ symbol: 'IBM' })]));
    // The documents themselves are files of the page, which this Worker is without.
    const routes = ROUTES.filter(({ tag }) => tag !== 'Documents');
    for (const { method, path } of routes) await (ASKED[`${method} ${path}`] ?? get)(path);
    const names = routes.map(({ method, path, answer }) => {
      return `${method} ${path} ${'status' in answer ? answer.status : 200}`;
    });
    expect(documentedAnswers).toEqual(expect.arrayContaining(names));
    expect([...seenAnswers].filter(name => names.includes(name)).toSorted()).toEqual(names.toSorted());
  });

  it('have every frame that the Worker sends, and none that it does not', async () => {
    await getEveryTopicFrame();
    await getEveryUserFrame();
    const named = (channel: string, frames: typeof TOPIC_FRAMES) =>
      frames.filter(({ sentBy }) => sentBy === 'server').map(({ name }) => `${channel} ${name}`);
    expect([...seenFrames].toSorted()).toEqual(
      [...named('topic', TOPIC_FRAMES), ...named('me', USER_FRAMES)].toSorted(),
    );
  });
});

async function getEveryTopicFrame(): Promise<void> {
  const hub = env.HUB.getByName('daily');
  await hub.publish(batchOf([pattern()]));
  const client = await connect('daily');
  await client.subscribe({ id: 'all', snapshot: 10 });
  await client.backfilled('all');
  const gaps = [{ from_ms: 1, to_ms: 2, reason: 'outbox_overflow' as const }];
  await hub.publish(batchOf([pattern()], { heartbeat: heartbeat(), gaps }));
  await client.next('gap');
  await client.next('heartbeat');
  await client.next('events', 2);
  client.send('ping');
  client.send({ type: 'unsubscribe', id: 'all' });
  client.send({ type: 'unsubscribe', id: 'all' });
  await client.next('unsubscribed');
  await client.next('error');
  await hub.drain(1_000);
  await client.next('draining');
  await client.closing();
}

async function getEveryUserFrame(): Promise<void> {
  const guest = await Guest.arrive();
  const client = await connectUser(guest.cookie);
  const redis = new StandInRedis();
  redis.answer = () => Response.json({ result: 0 });
  const { job_id } = await submit(guest);
  await ask(guest, 'DELETE', `/${job_id}`);
  await client.next('backtest_removed');
  client.send({ type: 'backtests' });
  await client.next('backtests');
  await client.change({ kind: 'mutes', id: 'IBM', value: true });
  client.send({ type: 'change', id: 'wrong', changes: [] });
  client.send('ping');
  await client.next('error');
}
