/** The whole way on this machine: Redis, bridge, workerd and the clients, each a process of its own. */
import assert from 'node:assert/strict';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { eventually, flatPattern, Stack } from '../support/stack.ts';
import { Load } from './load.ts';
import { ms, quantile, type Row } from './report.ts';

const CLIENTS = 500;
const RATE = 50;
const SECONDS = 20;
const MANY_CLIENTS = 5_000;
const TAPE_EVENTS = 50_000;
const READS = 300;
const WAKES = 5;
const ASLEEP_AFTER_MS = 15_000;

interface ReadKind {
  what: string;
  path: string;
  check(answer: Record<string, unknown>): void;
}

const READ_KINDS: ReadKind[] = [
  {
    what: 'REST for a symbol with one hit',
    path: '/api/patterns/daily?symbols=RARE',
    check: ({ patterns }) => assert.equal((patterns as unknown[]).length, 1),
  },
  {
    what: 'Count of a filter over the last hour',
    path: '/api/patterns/daily/count?confidence_min=0.6&exclude_symbols=S7',
    check: ({ total, complete }) => assert.deepEqual([total, complete], [MAX_SCANNED_ROWS, false]),
  },
];

export async function benchPipeline(): Promise<Row[]> {
  const stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0' } });
  try {
    return [...(await benchDelivery(stack)), ...(await benchManySockets(stack)), ...(await benchReads(stack))];
  } finally {
    await stack.stop();
  }
}

async function benchDelivery(stack: Stack): Promise<Row[]> {
  const load = await Load.connect(`${stack.url}/ws/daily`, CLIENTS);
  try {
    // The first seconds compile; they are not what a running system does.
    await publishAtRate(stack, RATE * 5);
    load.reset();
    await publishAtRate(stack, RATE * SECONDS);
    const { deliveries, fromPublish, fromHub, frames } = await load.report();
    const expected = RATE * SECONDS * CLIENTS;
    const what = `${CLIENTS} clients all matching, ${RATE} events/s`;
    return [
      row(`${what}: Redis publish to client`, '< 125 ms, ours < 100 ms', fromPublish, p99 => p99 < 100),
      row(`${what}: tape to client`, '< 100 ms', fromHub, p99 => p99 < 100),
      {
        what: `${what}: delivered`,
        target: `${expected}`,
        measured: `${deliveries} in ${frames} frames`,
        ok: deliveries === expected,
      },
    ];
  } finally {
    load.close();
  }
}

async function benchManySockets(stack: Stack): Promise<Row[]> {
  const startedAtMs = Date.now();
  const load = await Load.connect(`${stack.url}/ws/daily`, MANY_CLIENTS);
  const connectedMs = Date.now() - startedAtMs;
  try {
    load.reset();
    const events = 20;
    await publishAtRate(stack, events, 1);
    const { deliveries, fromPublish } = await load.report();
    const name = MANY_CLIENTS.toLocaleString('en-US');
    return [
      {
        what: `${name} sockets on one hub, connected and subscribed`,
        target: null,
        measured: `in ${(connectedMs / 1_000).toFixed(1)} s`,
        ok: null,
      },
      {
        what: `${name} sockets: delivered`,
        target: `${MANY_CLIENTS * events}`,
        measured: `${deliveries}`,
        ok: deliveries === MANY_CLIENTS * events,
      },
      row(`${name} sockets all matching, 1 event/s: Redis publish to client`, null, fromPublish, () => null),
    ];
  } finally {
    load.close();
  }
}

async function benchReads(stack: Stack): Promise<Row[]> {
  await stack.publish('tickstock.events.patterns', pattern({ symbol: 'RARE' }));
  for (let i = 0; i < TAPE_EVENTS / 1_000; i++) {
    const pipeline = stack.producer.pipeline();
    for (let j = 0; j < 1_000; j++)
      pipeline.publish('tickstock.events.patterns', JSON.stringify(pattern({ symbol: `S${j % 400}` })));
    await pipeline.exec();
  }
  await eventually(async () => {
    const { hubs } = await stack.get<{ hubs: { daily: { appended: number } } }>('/api/websocket/health');
    if (hubs.daily.appended < TAPE_EVENTS) throw new Error(`${hubs.daily.appended} appended`);
  }, 120_000);
  const load = await Load.connect(`${stack.url}/ws/daily`, CLIENTS);
  try {
    const rows: Row[] = [];
    const awake: number[][] = [];
    for (const read of READ_KINDS) awake.push(await timeReads(stack, READS, read));
    await stack.bridge.stop();
    for (const [i, read] of READ_KINDS.entries()) {
      const what = `${read.what}, ${TAPE_EVENTS.toLocaleString('en-US')} events on the tape`;
      const woken = await timeReadsAfterWaking(stack, read);
      rows.push(
        row(`${what}, ${CLIENTS} clients connected`, '< 50 ms', awake[i]!, p99 => p99 < 50),
        row(`${what}, right after waking with ${CLIENTS} clients`, '< 50 ms', woken, p99 => p99 < 50),
      );
    }
    return rows;
  } finally {
    load.close();
  }
}

/** The first read after the hub has slept, a few times; a hub sleeps some ten seconds after its last work. */
async function timeReadsAfterWaking(stack: Stack, read: ReadKind): Promise<number[]> {
  const took: number[] = [];
  while (took.length < WAKES) {
    await new Promise(resolve => setTimeout(resolve, ASLEEP_AFTER_MS));
    // A new connection, and the Worker's own first breath, are not the hub's waking.
    await stack.get('/api/health');
    const [first] = await timeReads(stack, 1, read);
    const { hubs } = await stack.get<{ hubs: { daily: { cache: { misses: number } } } }>('/api/websocket/health');
    // The cache's counts begin with each waking.
    if (hubs.daily.cache.misses > 0) throw new Error('the hub has not slept');
    took.push(first!);
  }
  return took.sort((a, b) => a - b);
}

async function timeReads(stack: Stack, times: number, { path, check }: ReadKind): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    const answer = await stack.get<Record<string, unknown>>(path);
    took.push(performance.now() - startedAt);
    check(answer);
  }
  return took.sort((a, b) => a - b);
}

function pattern(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return flatPattern({ published_at: new Date().toISOString(), ...overrides });
}

/** Publishes `count` patterns evenly, and waits a second for the last to arrive. */
async function publishAtRate(stack: Stack, count: number, perSecond = RATE): Promise<void> {
  const startedAtMs = Date.now();
  for (let i = 0; i < count; i++) {
    await new Promise(resolve => setTimeout(resolve, Math.max(0, startedAtMs + (i * 1_000) / perSecond - Date.now())));
    await stack.publish('tickstock.events.patterns', pattern());
  }
  await new Promise(resolve => setTimeout(resolve, 1_000));
}

function row(what: string, target: string | null, sorted: number[], isOk: (p99: number) => boolean | null): Row {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(q => quantile(sorted, q)) as [number, number, number];
  return { what, target, measured: `p99 ${ms(p99)}, p95 ${ms(p95)}, p50 ${ms(p50)}`, ok: isOk(p99) };
}
