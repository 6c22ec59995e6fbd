import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findFreePort } from '../../bridge/local/ports.ts';
import { createFolder, DAILY, numbersOf, pattern, startBridgeTo } from './support/bridge.ts';
import { startRedisServer } from './support/redis-server.ts';
import { type StandInEdge, startEdge } from './support/stand-in-edge.ts';

const HOST = '127.0.0.1';
const wait = { timeout: 20_000, interval: 20 };

interface Node {
  port: number;
  client: Redis;
  kill(): Promise<void>;
}

interface ClusterNode extends Node {
  busPort: number;
}

/** A redis-server of any kind, in a folder of its own. */
async function startNode(args: string[]): Promise<Node> {
  const port = await findFreePort(HOST);
  const client = new Redis({ host: HOST, port });
  client.on('error', () => {
    // It may be gone.
  });
  onTestFinished(() => client.disconnect());
  const server = await startRedisServer(client, [...args, '--port', `${port}`, '--dir', createFolder()]);
  onTestFinished(server.kill);
  return { port, client, kill: server.kill };
}

/**
 * A node of a cluster. Its bus has a port of its own: the default, 10,000 above the other, is one that the system gives
 * to whoever connects.
 */
async function startClusterNode(): Promise<ClusterNode> {
  const busPort = await findFreePort(HOST);
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-require-full-coverage', 'no'];
  return { ...(await startNode([...args, '--cluster-port', `${busPort}`])), busPort };
}

async function startStandInEdge(): Promise<StandInEdge> {
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  return edge;
}

test('a master that sentinels replace is followed, and the time between the two is told', async () => {
  const master = await startNode(['--repl-diskless-sync-delay', '0']);
  const replica = await startNode(['--replicaof', HOST, `${master.port}`]);
  await vi.waitUntil(async () => (await replica.client.info('replication')).includes('master_link_status:up'), wait);
  const file = join(createFolder(), 'sentinel.conf');
  const lines = [`monitor mymaster ${HOST} ${master.port} 1`, 'down-after-milliseconds mymaster 300'];
  writeFileSync(file, lines.map(line => `sentinel ${line}\n`).join(''));
  const sentinel = await startNode([file, '--sentinel']);
  await vi.waitUntil(
    async () => ((await sentinel.client.call('SENTINEL', 'replicas', 'mymaster')) as []).length > 0,
    wait,
  );
  const edge = await startStandInEdge();
  const bridge = await startBridgeTo(edge, { redisUrl: `redis+sentinel://${HOST}:${sentinel.port}/mymaster` });
  await vi.waitUntil(() => bridge.stats().redis.connected, wait);
  await master.client.publish(DAILY, JSON.stringify(pattern(1)));
  await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
  await master.kill();
  await vi.waitUntil(() => !bridge.stats().redis.connected, wait);
  await vi.waitUntil(async () => (await replica.client.info('replication')).includes('role:master'), wait);
  await vi.waitUntil(() => bridge.stats().redis.connected, wait);
  await replica.client.publish(DAILY, JSON.stringify(pattern(2)));
  await vi.waitUntil(() => numbersOf(edge).includes(2), wait);
  const covers = edge.taken('daily').flatMap(batch => batch.covers ?? []);
  expect(new Set(covers.map(({ from_ms }) => from_ms)).size).toBe(2);
});

test('what is published on any node of a cluster arrives, and when the node in use is gone, by another', async () => {
  const nodes = await Promise.all([startClusterNode(), startClusterNode(), startClusterNode()]);
  const [first, ...others] = nodes;
  const slots = [0, 5_461, 10_923, 16_384];
  for (const [i, { client }] of nodes.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', `${slots[i]}`, `${slots[i + 1]! - 1}`);
  }
  for (const { port, busPort } of others) {
    await first.client.call('CLUSTER', 'MEET', HOST, `${port}`, `${busPort}`);
  }
  const isWell = async ({ client }: Node) => {
    const info = String(await client.cluster('INFO'));
    return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
  };
  await vi.waitUntil(async () => (await Promise.all(nodes.map(isWell))).every(Boolean), wait);
  const edge = await startStandInEdge();
  const redisUrl = `redis+cluster://${nodes.map(({ port }) => `${HOST}:${port}`).join(',')}`;
  const bridge = await startBridgeTo(edge, { redisUrl });
  await vi.waitUntil(() => bridge.stats().redis.latencyMs !== null, wait);
  for (const [i, { client }] of nodes.entries()) await client.publish(DAILY, JSON.stringify(pattern(i)));
  await vi.waitUntil(() => numbersOf(edge).length === 3, wait);
  await vi.waitUntil(() => bridge.stats().reasons.length === 0, wait);

  const counts = await Promise.all(
    nodes.map(async ({ client }) => Number(((await client.pubsub('NUMSUB', DAILY)) as [string, number])[1])),
  );
  expect(counts.toSorted()).toEqual([0, 0, 1]);
  const used = counts.indexOf(1);
  await nodes[used]!.kill();
  await vi.waitUntil(() => !bridge.stats().redis.connected, wait);
  await vi.waitUntil(() => bridge.stats().redis.connected, wait);
  await nodes[(used + 1) % 3]!.client.publish(DAILY, JSON.stringify(pattern(10)));
  await vi.waitUntil(() => numbersOf(edge).includes(10), wait);
  const covers = edge.taken('daily').flatMap(batch => batch.covers ?? []);
  expect(new Set(covers.map(({ from_ms }) => from_ms)).size).toBeGreaterThan(1);
});
