import * as z from 'zod';
import { TOPICS, type Topic } from '../../shared/topics.ts';

/** Nodes below a topic's root that hold its sockets; 0 = the root holds them itself. */
export type Replicas = Record<Topic, number>;

/** Two levels of the tree, and all of the third that a million sockets need. */
const MAX_REPLICAS = 1_000;

const replicasSchema = z.strictObject(
  Object.fromEntries(TOPICS.map(topic => [topic, z.int().min(0).max(MAX_REPLICAS).optional()])),
);

/**
 * How many replicas each topic has, from JSON text `{"daily":4}`; a topic that is not named, and empty text, mean none.
 * @throws Error naming the field that is wrong
 */
export function readReplicas(json: string): Replicas {
  let value: unknown;
  try {
    value = JSON.parse(json.trim() || '{}');
  } catch (cause) {
    throw new Error('HUB_REPLICAS: is not JSON', { cause });
  }
  const parsed = replicasSchema.safeParse(value);
  if (parsed.success) return Object.fromEntries(TOPICS.map(topic => [topic, parsed.data[topic] ?? 0])) as Replicas;
  const [issue] = parsed.error.issues;
  throw new Error(`HUB_REPLICAS: ${[...issue!.path, issue!.message].join(': ')}`);
}
