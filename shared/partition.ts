import type { Topic } from './topics.ts';

/**
 * A topic's objects form a tree: node 0, the root, keeps the tape; with replicas, nodes 1..n hold the sockets and pass
 * flushes on to their children. Without replicas the root holds the sockets itself.
 */
export const FAN_OUT = 20;

/** The name of a node's Durable Object: `daily` for the root, `daily/3` for a replica. */
export function hubName(topic: Topic, node: number): string {
  return node === 0 ? topic : `${topic}/${node}`;
}

/** The node that feeds node `node`: the children of node k are 20k + 1 to 20k + 20. null for the root. */
export function parentOf(node: number): number | null {
  return node === 0 ? null : Math.floor((node - 1) / FAN_OUT);
}

/** The node that holds a user's sockets: always the same one while `replicas` stays the same. */
export function nodeFor(userId: string, replicas: number): number {
  return replicas === 0 ? 0 : 1 + (stableHash(userId) % replicas);
}

/**
 * The partition that has a symbol's events, of a topic whose tape is cut into so many by symbol; from 0. A filter that names
 * symbols is for the partitions of those, any other for all of them.
 */
export function partitionOfSymbol(symbol: string, partitions: number): number {
  return stableHash(symbol) % partitions;
}

/** FNV-1a over UTF-16 units with a final avalanche (MurmurHash3's), so that near-equal texts spread evenly. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
