import { TIERS, type Tier } from '../../shared/topics.ts';
import { createRandom, type Random } from '../simulator/random.ts';
import { FOLLOWERS } from './followers.ts';

/** Something that goes wrong. What lasts goes on for the step's `forMs`; the rest happens at once. */
export type Fault =
  /** Ended without being asked, and started again. */
  | { kind: 'bridge_killed' | 'bridge_stopped'; bridge: number }
  | { kind: 'redis_killed' | 'redis_frozen' | 'worker_killed' }
  /** An object of a topic, the root or one below it, loses its memory, and its sockets with it. */
  | { kind: 'hub_aborted'; tier: Tier; node: number }
  /** Between bridges and Worker: answered late; cut before it arrives, or before its answer does; sent twice at once; preceded by old ones. */
  | { kind: 'ingest_delayed' | 'ingest_cut' | 'answers_cut' | 'ingest_doubled' | 'ingest_repeated' }
  /** Between Worker and one client: cut; open, but nothing passes; a trickle. */
  | { kind: 'socket_cut' | 'socket_frozen' | 'socket_slow'; follower: string }
  /** So many events at once, each with so much in it. */
  | { kind: 'burst'; events: number; padding: number };

export interface Step {
  /** Milliseconds from the plan's start. */
  atMs: number;
  forMs: number;
  fault: Fault;
}

/** What is done to a system while events flow; the same seed makes the same plan. */
export interface Plan {
  seed: number;
  /** How far the clock of each bridge is off; as many bridges run. */
  bridgeClocksMs: number[];
  /** Of the Worker; 0 = no limit. */
  eventsPerSecond: number;
  /** Objects of each tier that hold its sockets; 0 = its hub does. */
  replicas: number;
  publishPerSecond: number;
  lengthMs: number;
  steps: Step[];
}

const LENGTH_MS = 3_000;
const SKEW_MS = 600_000;
const TREE = 0x7_4ee;

export function makePlan(seed: number): Plan {
  const random = createRandom(seed);
  const bridges = random.chance(0.5) ? 2 : 1;
  const bridgeClocksMs = Array.from({ length: bridges }, () =>
    random.chance(0.15) ? random.pick([-SKEW_MS, SKEW_MS]) : 0,
  );
  const steps = Array.from({ length: 2 + random.below(4) }, () => makeStep(random, bridges));
  const tree = createRandom(seed ^ TREE);
  // More than twenty make a tree of two levels.
  const replicas = tree.chance(0.5) ? 0 : tree.pick([1, 3, 40]);
  for (const { fault } of steps) if (fault.kind === 'hub_aborted') fault.node = tree.below(replicas + 1);
  return {
    seed,
    bridgeClocksMs,
    eventsPerSecond: random.chance(0.3) ? 100 : 0,
    replicas,
    publishPerSecond: 20 + random.below(60),
    lengthMs: LENGTH_MS,
    steps: steps.sort((a, b) => a.atMs - b.atMs),
  };
}

const KINDS: readonly Fault['kind'][] = [
  'bridge_killed',
  'bridge_killed',
  'bridge_stopped',
  'redis_killed',
  'redis_frozen',
  'worker_killed',
  'hub_aborted',
  'ingest_delayed',
  'ingest_cut',
  'answers_cut',
  'ingest_doubled',
  'ingest_repeated',
  'socket_cut',
  'socket_frozen',
  'socket_slow',
  'burst',
];

function makeStep(random: Random, bridges: number): Step {
  const atMs = Math.round(random.between(0, LENGTH_MS * 0.8));
  const forMs = Math.round(random.between(50, 1_200));
  return { atMs, forMs, fault: makeFault(random, bridges) };
}

function makeFault(random: Random, bridges: number): Fault {
  const kind = random.pick(KINDS);
  switch (kind) {
    case 'bridge_killed':
    case 'bridge_stopped':
      return { kind, bridge: random.below(bridges) };
    case 'hub_aborted':
      return { kind, tier: random.pick(TIERS), node: 0 };
    case 'socket_cut':
    case 'socket_frozen':
    case 'socket_slow':
      return { kind, follower: random.pick(FOLLOWERS).name };
    case 'burst':
      return random.chance(0.2)
        ? { kind, events: 400, padding: 10_000 }
        : { kind, events: 50 + random.below(300), padding: 0 };
    default:
      return { kind };
  }
}

/** A plan in words, a line for each step. */
export function describePlan(plan: Plan): string {
  const { seed, bridgeClocksMs, eventsPerSecond, replicas, publishPerSecond, steps } = plan;
  const clocks = bridgeClocksMs.map(ms => (ms === 0 ? 'right' : `${ms / 1_000} s off`)).join(', ');
  return [
    `seed ${seed}: bridges with clocks ${clocks}; ${replicas} replicas; ${publishPerSecond} events/s; at most ${eventsPerSecond || 'any'} to a session`,
    ...steps.map(
      ({ atMs, forMs, fault: { kind, ...which } }) => `  ${atMs} ms: ${kind} for ${forMs} ms ${JSON.stringify(which)}`,
    ),
  ].join('\n');
}
