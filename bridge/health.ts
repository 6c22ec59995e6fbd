import type { Topic } from '../shared/topics.ts';
import type { GivenUp } from './outbox/lane.ts';
import type { OutboxFileStatus } from './outbox-file.ts';
import type { SourceStatus } from './source.ts';

/** What the bridge's health is judged by. */
export interface HealthFacts {
  source: SourceStatus;
  /** What is wrong with the streams. */
  streamReasons: readonly string[];
  /** Why no job can be published; null when one can, or none is to be. */
  jobReason: string | null;
  /** The lanes whose batch has not been taken, since when and why. */
  failing: readonly { topic: Topic; sinceMs: number; why: string }[];
  /** How far the Worker's clock is ahead; null before its first answer. */
  clockOffsetMs: number | null;
  /** When an event was last given up because too many waited; null = never. */
  droppedAtMs: number | null;
  /** When the edge last refused one of them for good; absent = never. */
  givenUpAtMs: Readonly<Partial<Record<GivenUp['what'], number>>>;
  outboxFile: OutboxFileStatus;
  /** Events that wait and are on no disk. */
  inMemoryAlone: number;
}

export interface Health {
  status: 'ok' | 'degraded';
  /** One sentence for each thing that is wrong; empty when the status is ok. */
  reasons: string[];
}

/** A single try that fails is the ordinary life of a network. */
const FAILING_FOR_MS = 3_000;
/** A loss stays visible for this long. */
const RECENT_MS = 5 * 60_000;
/** Signatures are refused at five minutes; hops are measured wrong long before. */
const MAX_CLOCK_OFFSET_MS = 60_000;

const GIVEN_UP: Record<GivenUp['what'], string> = {
  event: 'the Worker refused an event for good',
  gap: 'the Worker refused a gap for good: its clients are not told of it',
  heartbeat: 'the Worker refuses our heartbeat',
};

export function readHealth(facts: HealthFacts, nowMs: number): Health {
  const reasons = [...facts.source.reasons, ...facts.streamReasons];
  if (facts.jobReason !== null) reasons.push(facts.jobReason);
  for (const { topic, sinceMs, why } of facts.failing) {
    const isSecret = why.startsWith('401');
    if (!isSecret && nowMs - sinceMs < FAILING_FOR_MS) continue;
    const forSeconds = `for ${Math.round((nowMs - sinceMs) / 1_000)} s`;
    reasons.push(
      `the Worker ${isSecret ? 'refuses the signature of' : 'does not take'} ${topic} ${forSeconds}: ${why}`,
    );
  }
  const { error, setAside } = facts.outboxFile;
  if (error !== null) {
    const forSeconds = `for ${Math.round((nowMs - error.sinceMs) / 1_000)} s`;
    reasons.push(
      `the outbox cannot be written ${forSeconds}, ${facts.inMemoryAlone} events in memory alone: ${error.why}`,
    );
  }
  if (setAside !== null && isRecent(setAside.atMs, nowMs)) {
    reasons.push(`the outbox could not be read and is put away as ${setAside.path}`);
  }
  if (isRecent(facts.droppedAtMs, nowMs)) reasons.push('events were given up because too many waited');
  for (const [what, sentence] of Object.entries(GIVEN_UP)) {
    if (isRecent(facts.givenUpAtMs[what as GivenUp['what']] ?? null, nowMs)) reasons.push(sentence);
  }
  const { clockOffsetMs } = facts;
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > MAX_CLOCK_OFFSET_MS) {
    reasons.push(`the Worker's clock is ${Math.round(clockOffsetMs)} ms ahead of ours`);
  }
  return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
}

function isRecent(atMs: number | null, nowMs: number): boolean {
  return atMs !== null && nowMs - atMs < RECENT_MS;
}
