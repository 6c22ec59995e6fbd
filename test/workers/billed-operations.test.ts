import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import { nodeFor } from '../../shared/partition.ts';
import { TopicHub } from '../../workers/hub/topic-hub.ts';
import { TopicReplica } from '../../workers/tree/topic-replica.ts';
import { BILLED_PER_1000_EVENTS } from '../costs/billed.ts';
import { eventually } from '../support/eventually.ts';
import { connect, type TestClient } from './support/client.ts';
import { pattern } from './support/events.ts';
import { ingestBatch, post } from './support/ingest.ts';
import { bearer, jwtEnv, open, tickets } from './support/jwt.ts';

/** Of the thousand, what a session may get in a second: each is billed alike. */
const EVENTS = 50;
const TIMES = 1_000 / EVENTS;
/** The runtime calls these itself, or others in the object do. */
const NOT_REQUESTS = new Set(['constructor', 'alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError']);

interface Billed {
  workerRequests: number;
  objectRequests: number;
  rowsWritten: number;
}

let billed: Billed;

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

/** Starts counting, with objects that have been woken. */
async function count(objects: { HUB: string[]; REPLICA: string[] }): Promise<void> {
  billed = { workerRequests: 0, objectRequests: 0, rowsWritten: 0 };
  for (const name of objects.HUB) await runInDurableObject(env.HUB.getByName(name), countRows);
  for (const name of objects.REPLICA) await runInDurableObject(env.REPLICA.getByName(name), countRows);
  for (const prototype of [TopicHub.prototype, TopicReplica.prototype]) countCalls(prototype);
}

function countRows(_: unknown, { storage: { sql } }: DurableObjectState): void {
  const exec = sql.exec.bind(sql);
  sql.exec = ((query: string, ...bindings: unknown[]) => {
    const cursor = exec(query, ...bindings);
    // Those depend on the time: of the counts one a second (rows-written.test.ts), of data points one a minute.
    if (!/INTO (counters|analytics)/.test(query)) billed.rowsWritten += cursor.rowsWritten;
    return cursor;
  }) as typeof sql.exec;
}

function countCalls(prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== 'function' || NOT_REQUESTS.has(name)) continue;
    vi.spyOn(prototype as Record<string, () => unknown>, name).mockImplementation(function (this: unknown, ...call) {
      billed.objectRequests++;
      return (value as (...call: unknown[]) => unknown).apply(this, call);
    });
  }
}

/** Posts the events as a bridge does, and waits until everybody has them, after the one of before. */
async function publish(clients: readonly TestClient[], eventsABatch: number): Promise<void> {
  for (let sent = 0; sent < EVENTS; sent += eventsABatch) {
    billed.workerRequests++;
    const events = Array.from({ length: eventsABatch }, () => pattern());
    expect((await post(ingestBatch({ topic: 'daily', events }))).status).toBe(200);
  }
  for (const client of clients) await eventually(() => expect(client.events.length).toBe(1 + EVENTS));
}

/** Dearer fails; what has become cheaper is to be said in what is reckoned with. */
function perThousand(): Billed {
  const entries = Object.entries(billed).map(([name, value]) => [name, value * TIMES]);
  return Object.fromEntries(entries) as unknown as Billed;
}

it('1,000 events that come one by one cost the requests and rows that they are reckoned with', async () => {
  const clients = [await connect('daily'), await connect('daily')];
  for (const client of clients) await client.subscribe({ id: 'all', filter: {} });
  expect((await post(ingestBatch({ topic: 'daily', events: [pattern()] }))).status).toBe(200);
  for (const client of clients) await eventually(() => expect(client.events.length).toBe(1));
  await count({ HUB: ['daily'], REPLICA: [] });
  await publish(clients, 1);
  expect(perThousand()).toEqual(BILLED_PER_1000_EVENTS.alone);
});

it('1,000 events that come in batches cost their rows, and few requests', async () => {
  const client = await connect('daily');
  await client.subscribe({ id: 'all', filter: {} });
  expect((await post(ingestBatch({ topic: 'daily', events: [pattern()] }))).status).toBe(200);
  await eventually(() => expect(client.events.length).toBe(1));
  await count({ HUB: ['daily'], REPLICA: [] });
  await publish([client], 50);
  expect(perThousand()).toEqual(BILLED_PER_1000_EVENTS.inBatches);
});

it('each replica that has sessions costs a request an event, and each that has none nothing', async () => {
  const hubEnv = env as { HUB_REPLICAS?: string };
  const replicas = JSON.stringify({ daily: 20 });
  hubEnv.HUB_REPLICAS = replicas;
  const edgeEnv = { ...jwtEnv, HUB_REPLICAS: replicas };
  try {
    const clients = [await connectAt(3, edgeEnv), await connectAt(7, edgeEnv)];
    expect((await post(ingestBatch({ topic: 'daily', events: [pattern()] }))).status).toBe(200);
    for (const client of clients) await eventually(() => expect(client.events.length).toBe(1));
    await count({ HUB: ['daily'], REPLICA: ['daily/3', 'daily/7'] });
    await publish(clients, 1);
    expect(perThousand()).toEqual(BILLED_PER_1000_EVENTS.twoReplicas);
  } finally {
    delete hubEnv.HUB_REPLICAS;
  }
});

async function connectAt(node: number, edgeEnv: typeof jwtEnv): Promise<TestClient> {
  let number = 0;
  while (nodeFor(`user-${number}`, 20) !== node) number++;
  const made = await tickets(['daily'], await bearer({ sub: `user-${number}` }), edgeEnv);
  const { client } = await open('daily', made.tickets.daily!, { edgeEnv });
  await client.subscribe({ id: 'all', filter: {} });
  return client;
}
