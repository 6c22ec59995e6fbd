import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleEdge, startEdge } from '../../../bridge/local/edge.ts';
import { findFreePort } from '../../../bridge/local/ports.ts';
import { HEARTBEAT_MS } from '../../../shared/limits.ts';
import { eventually } from '../../support/eventually.ts';
import type { Meters } from './meters.ts';

const HOST = '127.0.0.1';
const SECRET = 'costs-costs-costs-costs-costs-costs-secret';
const EVENTS = 10;
const HEARTBEATS = 3;
/** Longer than objects wait with their counts. */
const EVENTS_APART_MS = 1_500;

/** Of all objects of the topic together, per event that comes alone, or per heartbeat. */
export interface TreeCosts {
  sessions: number;
  nodes: number;
  joins: number;
  perEvent: PerCall;
  perHeartbeat: PerCall;
}

export interface PerCall {
  requests: number;
  rowsWritten: number;
  /** The root, and each of the replicas. */
  rootMs: number;
  replicaMs: number;
  frames: number;
}

/**
 * Runs a topic's tree of real objects in workerd, with sessions that have no sockets, and counts what an event and a
 * heartbeat cost in requests, rows and time.
 */
export async function simulateTree(nodes: number, sessionsANode: number): Promise<TreeCosts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-costs-'));
  const vars = {
    APP_ENV: 'development',
    INGEST_SECRET: SECRET,
    SESSION_SECRET: SECRET,
    EVENTS_PER_SECOND: '0',
    HUB_REPLICAS: JSON.stringify({ daily: nodes }),
    NODES: String(nodes),
    SESSIONS_A_NODE: String(sessionsANode),
  };
  // All objects are in one heap here, which in production each has 128 MB of.
  process.env.MINIFLARE_WORKERD_V8_FLAGS = '--max-old-space-size=3800 --max-heap-size=4000';
  const bundle = await bundleEdge(dataDir, 'test/costs/simulation/worker.ts');
  const edge = await startEdge({ host: HOST, port: await findFreePort(HOST), bundle, dataDir, vars });
  const ask = async (path: string) => {
    const response = await fetch(`${edge.url}/simulate/${path}`);
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response;
  };
  const read = async (path = 'meters') => (await (await ask(path)).json()) as Meters;
  /** Publishes one after another, each when all nodes have had the one before, and have written down what they counted. */
  const measure = async (times: number, events: number, apartMs: number): Promise<PerCall> => {
    await read('meters?reset=1');
    for (let i = 1; i <= times; i++) {
      await ask(`publish?events=${events}`);
      await eventually(async () => assert.ok((await read()).forwards >= i * nodes), 120_000);
      await sleep(apartMs);
    }
    const { batches, forwards, rowsWritten, rootMs, replicaMs, frames } = await read();
    return {
      requests: (batches + forwards) / times,
      rowsWritten: rowsWritten / times,
      rootMs: rootMs / times,
      replicaMs: replicaMs / times / nodes,
      frames: frames / times,
    };
  };
  try {
    for (let node = 1; node <= nodes; node++) await ask(`join?node=${node}`);
    const { joins } = await read();
    // All wake, and the first are compiled; the others are what goes on.
    await ask('publish?events=1');
    // Nodes that have slept count again when they wake.
    await eventually(async () => assert.ok((await read()).sessions >= nodes * sessionsANode), 300_000);
    await measure(3, 1, EVENTS_APART_MS);
    return {
      sessions: nodes * sessionsANode,
      nodes,
      joins,
      perEvent: await measure(EVENTS, 1, EVENTS_APART_MS),
      perHeartbeat: await measure(HEARTBEATS, 0, HEARTBEAT_MS),
    };
  } finally {
    await edge.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
