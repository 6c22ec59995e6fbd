import {
  abortAllDurableObjects,
  evictDurableObject,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeFor, parentOf } from '../../shared/partition.ts';
import type { Env } from '../../workers/env.ts';
import { UPGRADE_HEADER } from '../../workers/hub/admission.ts';
import type { Forwarded } from '../../workers/tree/messages.ts';
import { TopicReplica } from '../../workers/tree/topic-replica.ts';
import { eventually } from '../support/eventually.ts';
import type { TestClient } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { heartbeat } from './support/ingest.ts';
import { bearer, jwtEnv, open, request, tickets } from './support/jwt.ts';

/** Of two levels: 21 and up are below node 1. */
const REPLICAS = 24;
const hubEnv = env as unknown as { HUB_REPLICAS?: string };
const edgeEnv: Env = { ...jwtEnv, HUB_REPLICAS: JSON.stringify({ daily: REPLICAS, system: 2 }) };
const daily = () => env.HUB.getByName('daily');
const replica = (node: number) => env.REPLICA.getByName(`daily/${node}`);

beforeEach(() => {
  hubEnv.HUB_REPLICAS = edgeEnv.HUB_REPLICAS!;
});

afterEach(async () => {
  vi.restoreAllMocks();
  delete hubEnv.HUB_REPLICAS;
  await reset();
});

/** A user whose sockets a node has; others of the same node by number. */
function userOf(node: number, number = 0): string {
  let left = number;
  for (let i = 0; ; i++) if (nodeFor(`user-${i}`, REPLICAS) === node && left-- === 0) return `user-${i}`;
}

async function connectUser(sub: string, topic = 'daily'): Promise<TestClient> {
  const headers = await bearer({ sub, role: 'admin' });
  const { tickets: made } = await tickets([topic], headers, edgeEnv);
  const { client } = await open(topic, made[topic]!, { edgeEnv });
  await client.next('hello');
  return client;
}

/** A subscribed client of a node. */
async function connectAt(node: number, filter: object = {}, number = 0): Promise<TestClient> {
  const client = await connectUser(userOf(node, number));
  await client.subscribe({ id: 'all', filter });
  return client;
}

/** A socket of a user's that asks for nothing. */
async function openAt(node: number, userId: string): Promise<void> {
  const upgrade = { identity: { user_id: userId, guest: false }, subprotocol: null };
  const headers = { upgrade: 'websocket', [UPGRADE_HEADER]: JSON.stringify(upgrade) };
  const { webSocket } = await replica(node).fetch('http://hub/', { headers });
  webSocket!.accept();
}

async function get<T>(path: string): Promise<T> {
  const response = await request(path, { headers: await bearer({ role: 'admin' }) }, edgeEnv);
  expect(response.status, path).toBe(200);
  return response.json();
}

const received = (client: TestClient, count: number) =>
  eventually(() => expect(client.events.length).toBeGreaterThanOrEqual(count));

describe('a topic with replicas', () => {
  it('delivers each event once to each session that asked for it, wherever in the tree that is', async () => {
    const clients = [await connectAt(2), await connectAt(21), await connectAt(21, {}, 1), await connectAt(1)];
    const some = await connectAt(22, { symbols: ['MSFT'] });
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' }), pattern({ symbol: 'MSFT' })]));
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' })]));
    for (const client of clients) {
      await received(client, 3);
      expect(client.liveSeqs).toEqual([1, 2, 3]);
    }
    await received(some, 2);
    expect(some.liveSeqs).toEqual([2, 3]);
    expect(some.of('events').at(-1)!.head).toBe(3);
  });

  it('has each user at one node, and tells a session by its id which that is', async () => {
    const [one, other] = [await connectUser(userOf(21)), await connectUser(userOf(21))];
    expect(one.of('hello')[0]!.session_id).toMatch(/^21\./);
    expect(other.of('hello')[0]!.session_id).toMatch(/^21\./);
  });

  it('greets with position, heartbeat and, on system, the producer’s state', async () => {
    await daily().publish(batchOf([pattern()], { heartbeat: heartbeat({ at_ms: 1 }) }));
    const client = await connectUser(userOf(21));
    expect(client.of('hello')[0]).toMatchObject({ head: 1, oldest: 1 });
    expect(await client.next('heartbeat')).toMatchObject({ head: 1, bridges: 1, bridge_at_ms: 1 });
    await daily().publish(batchOf([], { heartbeat: heartbeat({ at_ms: 2 }), bridge_id: 'second', batch_id: 1 }));
    expect(await client.next('heartbeat', 2)).toMatchObject({ bridges: 2, bridge_at_ms: 2 });
    // To those that come later too, though this node heard of it only in passing.
    const later = await connectUser(userOf(21, 1));
    expect(await later.next('heartbeat')).toMatchObject({ bridges: 2, bridge_at_ms: 2 });
  });

  it('resumes and backfills from the root’s tape, and goes on live', async () => {
    await daily().publish(batchOf(Array.from({ length: 30 }, (_, i) => pattern({ symbol: i % 3 ? 'AAPL' : 'MSFT' }))));
    const client = await connectUser(userOf(21));
    const { epoch } = client.of('hello')[0]!;
    expect(await client.subscribe({ id: 'r', filter: {}, resume: { epoch, seq: 10 } })).toMatchObject({
      recovered: true,
    });
    expect(await client.subscribe({ id: 's', filter: { symbols: ['MSFT'] }, snapshot: 4 })).toMatchObject({
      recovered: null,
    });
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' })]));
    await client.backfilled('r');
    await client.backfilled('s');
    await eventually(() => expect(client.liveSeqs).toEqual([31]));
    expect(client.replaySeqs('r')).toEqual(Array.from({ length: 20 }, (_, i) => 11 + i));
    expect(client.replaySeqs('s')).toEqual([19, 22, 25, 28]);
  });

  it('tells nothing to branches without sessions, and again once somebody comes', async () => {
    const forwarded = await countForwards(2);
    const client = await connectAt(2);
    await daily().publish(batchOf([pattern()]));
    await received(client, 1);
    expect(forwarded.count).toBe(1);
    client.socket.close(1000);
    await eventually(async () => expect((await replica(2).readFigures()).sessions.open).toBe(0));
    // The next one finds that nobody is left; the ones after it are not sent.
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(forwarded.count).toBe(2));
    await eventually(async () => expect((await stats()).active).toBe(0));
    await daily().publish(batchOf([pattern()]));
    const back = await connectAt(2);
    expect(forwarded.count).toBe(2);
    expect(back.of('hello')[0]!.head).toBe(3);
    await daily().publish(batchOf([pattern()]));
    await received(back, 1);
    expect(back.liveSeqs).toEqual([4]);
  });

  it('begins where a session came, whatever had passed while nobody was there, after a sleep too', async () => {
    const first = await connectAt(2);
    await daily().publish(batchOf([pattern()]));
    await received(first, 1);
    first.socket.close(1000);
    await eventually(async () => {
      await daily().publish(batchOf([], { heartbeat: heartbeat() }));
      expect((await stats()).active).toBe(0);
    });
    await daily().publish(batchOf([pattern(), pattern()]));
    const client = await connectAt(2);
    await evictDurableObject(replica(2));
    await daily().publish(batchOf([pattern()]));
    await received(client, 1);
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(client.liveSeqs.at(-1)).toBe(5));
    expect(client.liveSeqs).toEqual([4, 5]);
  });

  it('hands nothing on twice that still waits for its turn at a node while more comes', async () => {
    const client = await connectAt(2);
    // As many sockets as leave each of them little of what all may queue together.
    const user = userOf(2);
    for (let i = 0; i < 250; i++) await openAt(2, user);
    let made = 0;
    const large = () => pattern({ symbol: `S${made++}`, data: { bulk: 'x'.repeat(20_000) } });
    const node = await runInDurableObject(replica(2), instance => instance);
    const told: Forwarded[] = [];
    vi.spyOn(TopicReplica.prototype, 'forward').mockImplementation(message => {
      told.push(message);
      return { sessions: 251, most: 251, left: null };
    });
    for (let i = 0; i < 3; i++) await daily().publish(batchOf(Array.from({ length: 25 }, large)));
    await eventually(() => expect(told.at(-1)?.head).toBe(75));
    vi.restoreAllMocks();
    // All in one turn, in which nothing that waits is sent.
    await runInDurableObject(replica(2), () => {
      for (const message of told) node.forward(message);
      expect(told.length).toBeGreaterThan(1);
    });
    await eventually(() => expect(client.liveSeqs.at(-1)).toBe(75));
    expect(client.liveSeqs).toEqual(Array.from({ length: 75 }, (_, i) => i + 1));
  });

  it('reads from the root what a node missed, before anything newer', async () => {
    const client = await connectAt(21);
    await daily().publish(batchOf([pattern()]));
    await received(client, 1);
    const lost = await loseForwards(21, 2);
    await daily().publish(batchOf([pattern(), pattern()]));
    await eventually(() => expect(lost.count).toBe(2));
    await daily().publish(batchOf([pattern()]));
    await received(client, 4);
    expect(client.liveSeqs).toEqual([1, 2, 3, 4]);
  });

  it('finds with the next heartbeat what it missed, when no event follows', async () => {
    const client = await connectAt(2);
    const lost = await loseForwards(2, 2);
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(lost.count).toBe(2));
    await daily().publish(batchOf([], { heartbeat: heartbeat() }));
    await received(client, 1);
    expect(client.liveSeqs).toEqual([1]);
    expect(await client.next('heartbeat')).toMatchObject({ head: 1 });
  });

  it('goes on exactly after any of its nodes has slept', async () => {
    const clients = [await connectAt(21), await connectAt(1), await connectAt(3)];
    await daily().publish(batchOf([pattern()]));
    for (const client of clients) await received(client, 1);
    for (const node of [1, 3, 21]) await evictDurableObject(replica(node));
    await evictDurableObject(daily());
    await daily().publish(batchOf([pattern()]));
    for (const client of clients) await received(client, 2);
    await evictDurableObject(replica(21));
    clients.push(await connectAt(21, {}, 1));
    await daily().publish(batchOf([pattern()]));
    for (const client of clients.slice(0, 3)) {
      await received(client, 3);
      expect(client.liveSeqs).toEqual([1, 2, 3]);
    }
    await received(clients[3]!, 1);
    expect(clients[3]!.liveSeqs).toEqual([3]);
  });

  it('goes on for those who resume after all of its objects were aborted', async () => {
    const client = await connectAt(21);
    await daily().publish(batchOf([pattern()]));
    await received(client, 1);
    const { epoch } = client.of('hello')[0]!;
    await abortAllDurableObjects();
    await daily().publish(batchOf([pattern()]));
    const again = await connectUser(userOf(21));
    await again.subscribe({ id: 'all', filter: {}, resume: { epoch, seq: 1 } });
    await again.backfilled('all');
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(again.liveSeqs).toEqual([3]));
    expect(again.replaySeqs('all')).toEqual([2]);
  });

  it('passes gaps on, the time before the first bridge too', async () => {
    const client = await connectAt(21);
    const fromMs = Date.now();
    await daily().publish(
      batchOf([], { gaps: [{ from_ms: fromMs - 2_000, to_ms: fromMs - 1_000, reason: 'outbox_overflow' }] }),
    );
    expect(await client.next('gap')).toMatchObject({ seq: 1, reason: 'outbox_overflow' });
  });

  it('sends all of its sessions away, and lets nobody in meanwhile, at nodes that slept neither', async () => {
    const clients = [await connectAt(2), await connectAt(21)];
    expect(await daily().drain(60_000)).toBe(2);
    for (const client of clients) {
      expect(await client.next('draining')).toMatchObject({ retry_after_ms: expect.any(Number) });
      expect(await client.closing()).toMatchObject({ code: 4012 });
    }
    const headers = await bearer({ sub: userOf(5) });
    const { tickets: made } = await tickets(['daily'], headers, edgeEnv);
    await expect(open('daily', made.daily!, { edgeEnv })).rejects.toThrow(/503 .*draining/);
  });

  it('refuses groups, as no object knows all members', async () => {
    const client = await connectUser(userOf(2));
    client.send({ type: 'subscribe', id: 'g', filter: {}, group: 'work' });
    expect(await client.next('error')).toMatchObject({ id: 'g', code: 'bad_message', message: /^group: / });
  });

  it('closes half-open connections at its nodes', async () => {
    const client = await connectAt(2);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    expect(await runDurableObjectAlarm(replica(2))).toBe(true);
    expect(await client.closing()).toMatchObject({ code: 4013 });
  });
});

describe('what is told of a topic with replicas', () => {
  it('sums sessions, deliveries and latencies over the tree, those who left included', async () => {
    const clients = [await connectAt(2), await connectAt(21), await connectAt(1)];
    await daily().publish(batchOf([pattern({ time_origin: 'zoned' })]));
    for (const client of clients) await received(client, 1);
    const before = await stats();
    expect(before).toMatchObject({
      open: 3,
      subscriptions: 3,
      deliveries: 3,
      appended: 1,
      configured: REPLICAS,
      active: 3,
    });
    expect(await get('/api/websocket/health')).toMatchObject({ hubs: { daily: { sessions: 3, deliveries: 3 } } });
    expect(await get('/api/patterns/tiers/health')).toMatchObject({ tiers: { daily: { sessions: 3 } } });
    expect(await get('/api/patterns/performance')).toMatchObject({
      tiers: { daily: { detection_to_delivery_ms: { n: 3 } } },
    });
    for (const client of clients) client.socket.close(1000);
    await eventually(async () => expect((await stats()).open).toBe(0));
    // A branch is told of what it is to be told, until it has said that nobody is left: from the leaves to the root.
    await eventually(async () => {
      await daily().publish(batchOf([pattern()]));
      expect((await stats()).active).toBe(0);
    });
    await abortAllDurableObjects();
    const after = await stats();
    expect(after).toMatchObject({ open: 0, deliveries: 3, connections: 3 });
    expect(after.frames).toBeGreaterThanOrEqual(before.frames);
  });

  it('names replicas that give no answer, with what they had done', async () => {
    const clients = [await connectAt(6), await connectAt(7)];
    await daily().publish(batchOf([pattern()]));
    for (const client of clients) await received(client, 1);
    expect(await stats()).toMatchObject({ open: 2, deliveries: 2, unanswered: 0 });
    vi.spyOn(console, 'error').mockReturnValue();
    const silent = await runInDurableObject(replica(6), instance => instance);
    const { readFigures } = TopicReplica.prototype;
    vi.spyOn(TopicReplica.prototype, 'readFigures').mockImplementation(function (this: TopicReplica) {
      return this === silent ? Promise.reject(new Error('not now')) : readFigures.call(this);
    });
    expect(await stats()).toMatchObject({ open: 1, deliveries: 2, active: 2, unanswered: 1 });
    // Though it does not know any more what that one had done.
    await evictDurableObject(daily());
    expect(await stats()).toMatchObject({ open: 1, deliveries: 1, active: 2, unanswered: 1 });
  });

  it('says when the sessions of a node are left out, as it gives no answer', async () => {
    await connectAt(8);
    await connectAt(9);
    const silent = await runInDurableObject(replica(8), instance => instance);
    const { readSessions } = TopicReplica.prototype;
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(TopicReplica.prototype, 'readSessions').mockImplementation(function (this: TopicReplica, limit) {
      return this === silent ? Promise.reject(new Error('not now')) : readSessions.call(this, limit);
    });
    expect(await get('/api/sessions?topic=daily')).toMatchObject({ total: 1, missing: ['daily'] });
  });

  it('lists the sessions of all nodes, and explains for one of them', async () => {
    const client = await connectAt(21, { symbols: ['MSFT'] });
    await connectAt(2);
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' })]));
    const { total, sessions } = await get<{ total: number; sessions: { session_id: string }[] }>(
      '/api/sessions?topic=daily',
    );
    const { session_id } = client.of('hello')[0]!;
    expect(total).toBe(2);
    expect(sessions.map(session => session.session_id)).toContain(session_id);
    expect(await get(`/api/explain?topic=daily&seq=1&session=${session_id}`)).toMatchObject({
      matches: false,
      session: { session_id, state: 'live', position: { seq: 1 } },
    });
    const none = await request(
      '/api/explain?topic=daily&seq=1&session=900.none',
      { headers: await bearer({ role: 'admin' }) },
      edgeEnv,
    );
    expect(none.status).toBe(404);
  });

  it('traces an event to the sessions of all nodes, and says nothing where that is not known', async () => {
    const clients = [await connectAt(2), await connectAt(21), await connectAt(1, { symbols: ['MSFT'] })];
    await daily().publish(batchOf([pattern({ id: 'traced', symbol: 'AAPL' })]));
    await received(clients[0]!, 1);
    await received(clients[1]!, 1);
    await eventually(async () =>
      expect(await get('/api/trace/traced')).toMatchObject({
        traces: [{ delivery: { matching_sessions: 2, sent_sessions: 2, live_sessions: 3 } }],
      }),
    );
    await evictDurableObject(replica(21));
    expect(await get('/api/trace/traced')).toMatchObject({ traces: [{ delivery: null }] });
  });
});

describe('a change of the number of replicas', () => {
  it('sends away who has another place now, and they resume there without loss', async () => {
    const moved = await connectAt(21);
    await daily().publish(batchOf([pattern()]));
    await received(moved, 1);
    const { epoch } = moved.of('hello')[0]!;
    for (const node of [1, 21]) await evictDurableObject(replica(node));
    await evictDurableObject(daily());
    hubEnv.HUB_REPLICAS = '{}';
    // A heartbeat reaches every node that has somebody.
    await daily().publish(batchOf([pattern()], { heartbeat: heartbeat() }));
    expect(await moved.next('draining')).toMatchObject({ retry_after_ms: expect.any(Number) });
    expect(await moved.closing()).toMatchObject({ code: 4012 });
    const small: Env = { ...edgeEnv, HUB_REPLICAS: '' };
    const headers = await bearer({ sub: userOf(21) });
    const { tickets: made } = await tickets(['daily'], headers, small);
    const { client } = await open('daily', made.daily!, { edgeEnv: small });
    await client.subscribe({ id: 'all', filter: {}, resume: { epoch, seq: 1 } });
    await client.backfilled('all');
    expect(client.replaySeqs('all')).toEqual([2]);
    expect(client.of('hello')[0]!.session_id).not.toMatch(/\./);
  });

  it('refuses who comes to the wrong place, for as long as a Worker and a hub do not agree', async () => {
    const headers = await bearer({ sub: userOf(21) });
    const { tickets: made } = await tickets(['daily'], headers, edgeEnv);
    const few: Env = { ...edgeEnv, HUB_REPLICAS: '{"daily":1}' };
    await expect(open('daily', made.daily!, { edgeEnv: few })).rejects.toThrow(/503 .*draining/);
  });

  it.each(['{"daily":-1}', '{"weekly":1}', 'many', '{"daily":1.5}'])(
    'HUB_REPLICAS=%s is refused by name',
    async text => {
      const response = await request(
        '/api/patterns/daily',
        { headers: await bearer() },
        { ...jwtEnv, HUB_REPLICAS: text },
      );
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('HUB_REPLICAS');
    },
  );
});

it('a node is one of those below its parent, and nobody else’s', async () => {
  expect(parentOf(21)).toBe(1);
  await runInDurableObject(replica(2), async node => {
    await expect(node.join(21, 'x')).rejects.toThrow('node 21 is not below node 2');
  });
  await runInDurableObject(daily(), root => {
    expect(() => root.join(21, 'x')).toThrow('node 21 is not below the root');
  });
});

interface Told {
  sessions: { open: number };
  replicas: { configured: number; active: number; unanswered: number };
  subscriptions: number;
  counts: { deliveries: number; appended: number; connections: number; frames: number };
}

async function stats() {
  const { sessions, replicas, subscriptions, counts } = (await daily().readOperations()) as Told;
  return { ...sessions, ...replicas, subscriptions, ...counts };
}

/** Counts what a node is told. */
async function countForwards(node: number): Promise<{ count: number }> {
  const counted = { count: 0 };
  await watchForwards(node, () => {
    counted.count++;
  });
  return counted;
}

/** The next so many calls do not reach a node. */
async function loseForwards(node: number, times: number): Promise<{ count: number }> {
  const lost = { count: 0 };
  vi.spyOn(console, 'error').mockReturnValue();
  await watchForwards(node, () => {
    if (lost.count === times) return;
    lost.count++;
    throw new Error('lost');
  });
  return lost;
}

async function watchForwards(node: number, watch: () => void): Promise<void> {
  const watched = await runInDurableObject(replica(node), instance => instance);
  const { forward } = TopicReplica.prototype;
  vi.spyOn(TopicReplica.prototype, 'forward').mockImplementation(function (this: TopicReplica, message) {
    if (this === watched) watch();
    return forward.call(this, message);
  });
}
