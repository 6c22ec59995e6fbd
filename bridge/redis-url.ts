import * as z from 'zod';

export interface RedisNode {
  host: string;
  port: number;
}

/** Where Redis is: one server, or a master that sentinels know, or the nodes of a cluster. */
export type RedisAddress =
  | { kind: 'server'; url: string }
  | { kind: 'sentinel'; nodes: RedisNode[]; access: RedisAccess; master: string; db: number }
  | { kind: 'cluster'; nodes: RedisNode[]; access: RedisAccess };

export interface RedisAccess {
  /** null: Redis's own default user. */
  username: string | null;
  password: string | null;
  tls: boolean;
}

const DEFAULT_PORTS = { sentinel: 26_379, cluster: 6_379 };
const manyNodes = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]+)(?:\/(\d{1,3}))?)?\/?$/i;
const oneNode = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;

/** An error names no part of the value: it may have a password. */
export const redisUrlSchema = z
  .string()
  .refine(
    text => readRedisUrl(text) !== null,
    'expected a URL like redis://user:password@host:6379/0, redis+sentinel://host:26379,other:26379/mymaster or redis+cluster://host:6379,other:6379',
  );

/**
 * Reads `redis://`, `redis+sentinel://[user:password@]host:port,…/master[/db]` and
 * `redis+cluster://[user:password@]host:port,…`, with `rediss` for TLS; null when it is none of these.
 */
export function readRedisUrl(text: string): RedisAddress | null {
  const found = manyNodes.exec(text);
  if (!found) return readOne(text);
  const [, scheme, kind, userinfo, hosts, master, db] = found;
  const nodes = hosts!
    .split(',')
    .map(node => readNode(node, DEFAULT_PORTS[kind!.toLowerCase() as 'sentinel' | 'cluster']));
  const access = readAccess(userinfo ?? '', scheme!.toLowerCase() === 'rediss');
  if (access === null || nodes.some(node => node === null)) return null;
  const rest = { nodes: nodes as RedisNode[], access };
  if (kind!.toLowerCase() === 'cluster') return master === undefined ? { kind: 'cluster', ...rest } : null;
  return master === undefined ? null : { kind: 'sentinel', ...rest, master, db: Number(db ?? 0) };
}

/** What may be shown of it. */
export function showRedisUrl(text: string): string {
  const address = readRedisUrl(text);
  if (address === null) return '';
  if (address.kind === 'server') {
    const url = new URL(address.url);
    if (url.password) url.password = '***';
    url.search = '';
    return url.href;
  }
  const nodes = address.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  return `${address.kind} ${nodes}${address.kind === 'sentinel' ? ` ${address.master}` : ''}`;
}

function readOne(text: string): RedisAddress | null {
  const url = URL.parse(text);
  // TLS is told by the scheme, which may be written in any case.
  return url && /^rediss?:$/.test(url.protocol) ? { kind: 'server', url: url.href } : null;
}

function readNode(text: string, defaultPort: number): RedisNode | null {
  const [, host, port = `${defaultPort}`] = oneNode.exec(text) ?? [];
  return host === undefined || Number(port) > 65_535
    ? null
    : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function readAccess(userinfo: string, tls: boolean): RedisAccess | null {
  const colon = userinfo.indexOf(':');
  const [user, password] = colon < 0 ? [userinfo, ''] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  try {
    return { username: decodeURIComponent(user) || null, password: decodeURIComponent(password) || null, tls };
  } catch {
    return null;
  }
}
