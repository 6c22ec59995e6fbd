/**
 * How many frames a second, and how many deliveries, beside a control in the same run: a loop of `ws.send` in an object
 * that does nothing else. The ratio tells what index, budgets and tape cost; the absolute figures are the machine's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleEdge, startEdge } from '../../bridge/local/edge.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { createPost } from '../../bridge/sink.ts';
import { ingestBatch, ingestPattern } from '../shared/samples.ts';
import { Load } from './load.ts';
import type { Row } from './report.ts';

const HOST = '127.0.0.1';
const SECRET = 'bench-bench-bench-bench-bench-bench-secret';
const CLIENTS = 500;
const SECONDS = 8;

export async function benchSaturation(): Promise<Row[]> {
  const control = await measure('test/bench/control-worker.ts', () => postControl);
  const single = await measure(undefined, () => postEvents(1));
  const full = await measure(undefined, () => postEvents(50));
  const ratio = single.framesPerSecond / control.framesPerSecond;
  return [
    {
      what: `frames/s to ${CLIENTS} clients, one event each (control: a loop of ws.send, nothing else)`,
      target: null,
      measured: `${whole(single.framesPerSecond)} (control ${whole(control.framesPerSecond)}), ${ratio.toFixed(2)} of it`,
      ok: null,
    },
    {
      what: `deliveries/s at saturation to ${CLIENTS} clients, 50 events a batch`,
      target: '300,000',
      measured: whole(full.deliveriesPerSecond),
      ok: full.deliveriesPerSecond >= 300_000,
    },
  ];
}

type Poster = (url: string) => Promise<void>;

async function measure(main: string | undefined, poster: () => Poster) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-bench-'));
  const vars = { APP_ENV: 'development', INGEST_SECRET: SECRET, SESSION_SECRET: SECRET, EVENTS_PER_SECOND: '0' };
  const bundle = await bundleEdge(dataDir, main);
  const edge = await startEdge({ host: HOST, port: await findFreePort(HOST), bundle, dataDir, vars });
  const load = await Load.connect(`${edge.url}/ws/daily`, CLIENTS);
  try {
    const post = poster();
    for (let i = 0; i < 50; i++) await post(edge.url);
    load.reset();
    const startedAtMs = Date.now();
    while (Date.now() - startedAtMs < SECONDS * 1_000) await post(edge.url);
    await new Promise(resolve => setTimeout(resolve, 500));
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const { frames, deliveries } = await load.report();
    return { framesPerSecond: frames / seconds, deliveriesPerSecond: deliveries / seconds };
  } finally {
    load.close();
    await edge.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function postControl(url: string): Promise<void> {
  const nowMs = Date.now();
  const event = {
    ...anEvent(),
    hops: { published_at_ms: nowMs, bridge_at_ms: nowMs, edge_at_ms: nowMs, hub_at_ms: nowMs },
  };
  await fetch(url, { method: 'POST', body: JSON.stringify({ type: 'events', events: [event] }) });
}

function postEvents(count: number): Poster {
  let batches = 0;
  return async url => {
    batches++;
    const events = Array.from({ length: count }, anEvent);
    const body = JSON.stringify(ingestBatch({ topic: 'daily', batch_id: batches, events }));
    const result = await createPost(url, SECRET, Date.now)(body, new AbortController().signal);
    if (!('status' in result) || result.status !== 200) throw new Error(JSON.stringify(result));
  };
}

let made = 0;

function anEvent() {
  made++;
  const nowMs = Date.now();
  return ingestPattern({ id: `bench-${made}`, hops: { published_at_ms: nowMs, bridge_at_ms: nowMs } });
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
