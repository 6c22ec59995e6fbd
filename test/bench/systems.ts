/** The systems that are measured beside one another, each of real processes with a Redis of its own. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startChild } from '../../bridge/local/child.ts';
import { bundleEdge, startEdge } from '../../bridge/local/edge.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { startRedis } from '../../bridge/local/redis-server.ts';
import { Stack } from '../support/stack.ts';
import { CHANNEL } from './events.ts';
import { INSPECTOR_VARIABLE } from './inspected-workerd.ts';
import { Load } from './load.ts';
import { childrenNamed } from './processes.ts';
import type { WireName } from './wires.ts';

export const SYSTEMS = ['ours', 'Socket.IO', 'PartyServer', 'ws', 'floor'] as const;
export type SystemName = (typeof SYSTEMS)[number];

export interface System {
  name: SystemName;
  load: Load;
  /** Its processes but Redis, which is the same for all. */
  pids: number[];
  /** Whether a session gets what it asks for, and not everything. */
  filters: boolean;
  /** Where workerd can be looked into; null where there is none. */
  inspector: string | null;
  /** How many events were published; the number of the next. */
  published: number;
  publish(text: string): void;
  stop(): Promise<void>;
}

export interface OurSystem extends System {
  stack: Stack;
}

/** What workerd's inspector calls the Worker under test. */
export const WORKER = 'core:user:tickstock-edge';
const HOST = '127.0.0.1';
const SECRET = 'bench-bench-bench-bench-bench-bench-secret';

/** Redis, bridge, workerd. Nothing limits a session. */
export async function startOurs(): Promise<OurSystem> {
  const { started: stack, pid, inspector } = await inspected(() => Stack.start({ vars: { EVENTS_PER_SECOND: '0' } }));
  const system = await systemOf('ours', `${stack.url}/ws/daily`, 'ours', {
    producer: stack.producer,
    pids: [stack.bridge.process.pid!, pid],
    inspector,
    stop: () => stack.stop(),
  });
  return { ...system, stack };
}

/** @param recovers with connection state recovery, which is off unless asked for */
export async function startSocketIo(recovers = false): Promise<System> {
  const peer = await startPeer('socketio.ts', [recovers ? 'recovers' : '']);
  return systemOf('Socket.IO', `${peer.url}/socket.io/?EIO=4&transport=websocket`, 'socketio', peer);
}

export async function startWs(): Promise<System> {
  const peer = await startPeer('ws.ts', []);
  return systemOf('ws', peer.url, 'json', peer);
}

export function startPartyServer(): Promise<System> {
  return startWorker('PartyServer', 'peers/worker/party.ts', '/parties/hub/daily');
}

/** A loop of `ws.send` in a Durable Object: what the runtime can do at all. */
export function startFloor(): Promise<System> {
  return startWorker('floor', 'control-worker.ts', '/');
}

/** A Worker that a relay feeds, one request for each message. */
async function startWorker(name: SystemName, main: string, path: string): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-bench-'));
  const port = await findFreePort(HOST);
  const bundle = await bundleEdge(dataDir, resolve(import.meta.dirname, main));
  const edge = await inspected(() =>
    startEdge({ host: HOST, port, bundle, dataDir, vars: { SESSION_SECRET: SECRET } }),
  );
  const { url } = edge.started;
  const redis = await startRedis(await findFreePort(HOST));
  const relay = await startNode('relay.ts', [redis.url, `${url}${path}`, CHANNEL]);
  return systemOf(name, `${url}${path}`, 'json', {
    producer: new Redis(redis.url),
    pids: [edge.pid, relay.process.pid!],
    inspector: edge.inspector,
    stop: async () => {
      await relay.stop();
      await Promise.all([edge.started.stop(), redis.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

interface Parts {
  producer: Redis;
  pids: number[];
  inspector: string | null;
  stop(): Promise<void>;
}

/** A server of one Node process. */
async function startPeer(file: string, more: string[]): Promise<Parts & { url: string }> {
  const redis = await startRedis(await findFreePort(HOST));
  const port = await findFreePort(HOST);
  const server = await startNode(file, [redis.url, String(port), CHANNEL, ...more]);
  return {
    url: `http://${HOST}:${port}`,
    producer: new Redis(redis.url),
    pids: [server.process.pid!],
    inspector: null,
    stop: async () => {
      await server.stop();
      await redis.stop();
    },
  };
}

async function systemOf(name: SystemName, url: string, wire: WireName, parts: Parts): Promise<System> {
  const load = await Load.start(url, wire);
  return {
    name,
    load,
    filters: name !== 'ws' && name !== 'floor',
    pids: parts.pids,
    inspector: parts.inspector,
    published: 0,
    publish: text => {
      parts.producer.publish(CHANNEL, text);
    },
    stop: async () => {
      load.close();
      parts.producer.disconnect();
      await parts.stop();
    },
  };
}

async function startNode(file: string, args: string[]): Promise<Child> {
  const path = join(import.meta.dirname, 'peers', file);
  const child = await startChild(file, process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  await Promise.race([once(child.process, 'message'), child.failed.then(why => Promise.reject(new Error(why)))]);
  return child;
}

/** Starts what starts one workerd. */
async function inspected<T>(start: () => Promise<T>): Promise<{ started: T; pid: number; inspector: string }> {
  const before = childrenNamed('workerd');
  const inspector = `${HOST}:${await findFreePort(HOST)}`;
  process.env[INSPECTOR_VARIABLE] = inspector;
  const started = await start();
  delete process.env[INSPECTOR_VARIABLE];
  const [pid] = childrenNamed('workerd').filter(other => !before.includes(other));
  return { started, pid: pid!, inspector };
}
