import { hubName } from '../shared/partition.ts';
import type { Topic } from '../shared/topics.ts';
import { type Env, hubLocation } from './env.ts';
import type { TopicHub } from './hub/topic-hub.ts';
import { Problem } from './problem.ts';
import type { TopicReplica } from './tree/topic-replica.ts';
import type { UserHub } from './user/user-hub.ts';

/** No hub is waited for longer; less than a bridge waits for the Worker. */
const HUB_TIMEOUT_MS = 8_000;
/** The hub that keeps a topic's tape. */
export function rootHub(env: Env, topic: Topic): DurableObjectStub<TopicHub> {
  return near(env, env.HUB, hubName(topic, 0));
}

/** A node below a topic's root. */
export function replicaHub(env: Env, topic: Topic, node: number): DurableObjectStub<TopicReplica> {
  return near(env, env.REPLICA, hubName(topic, node));
}

/** The hub that is a node of a topic's tree. */
export function nodeHub(
  env: Env,
  topic: Topic,
  node: number,
): DurableObjectStub<TopicHub> | DurableObjectStub<TopicReplica> {
  return node === 0 ? rootHub(env, topic) : replicaHub(env, topic, node);
}

/** Where an object is first called decides for good where it is. */
function near<T extends TopicHub | TopicReplica>(
  env: Env,
  hubs: DurableObjectNamespace<T>,
  name: string,
): DurableObjectStub<T> {
  const locationHint = hubLocation(env);
  return hubs.getByName(name, locationHint && { locationHint });
}

/** What is kept of a user. The id is that of who asks, never one that a request names. */
export function userHub(env: Env, userId: string): DurableObjectStub<UserHub> {
  return env.USER.getByName(userId);
}

/** What a hub answers, or the error in its place: one hub that fails is no reason to answer nothing of the others. */
export async function answerOf<T>(
  call: Promise<T>,
  timeoutMs = HUB_TIMEOUT_MS,
): Promise<{ value: T } | { error: string }> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return { value: await Promise.race([call, timeout]) };
  } catch (error) {
    // Why is for the log: what storage or code says of itself is nobody else's business.
    console.error('a hub failed', error);
    return { error: 'the hub gave no answer' };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a hub answers.
 * @throws Problem 503 when it does not
 */
export async function requiredOf<T>(call: Promise<T>): Promise<T> {
  const answer = await answerOf(call);
  if ('value' in answer) return answer.value;
  throw new Problem(503, 'hub_unavailable', answer.error);
}
