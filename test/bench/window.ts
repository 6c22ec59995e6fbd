import { setTimeout as sleep } from 'node:timers/promises';
import { type DelayCounts, delayAt, delaysSince } from './delays.ts';
import { type Asking, createEvents, createExpect, type Published } from './events.ts';
import type { Counted } from './load.ts';
import { cpuSeconds, residentBytes } from './processes.ts';
import type { System, SystemName } from './systems.ts';

/** What one system did in one window. */
export interface Measured {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  deliveries: number;
  /** That should have been, of what was published. */
  expected: number;
  deliveriesPerSecond: number;
  /** Events in a message, on average. */
  eventsPerMessage: number;
  bytesPerDelivery: number;
  cpuSecondsPerMillion: number;
  residentMb: number;
}

/** By system, its windows. */
export type Windows = Partial<Record<SystemName, Measured[]>>;

/** The rounds of a workload. In each every system has one window, so that what else the machine does is spread alike. */
export const ROUNDS = 3;

/** How long the last event of a window is waited for. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface Pace {
  eventsPerSecond: number;
  seconds: number;
  asking: Asking;
  /** The same events for the same seed. */
  seed: number;
}

/** Runs every system once to warm it up, and then in rounds. */
export async function inRounds<S extends System>(
  systems: readonly S[],
  window: (system: S, seed: number) => Promise<Measured>,
  warmUp: (system: S) => Promise<unknown>,
): Promise<Windows> {
  const windows: Windows = {};
  for (const system of systems) await warmUp(system);
  for (let round = 0; round < ROUNDS; round++) {
    for (const system of systems) {
      windows[system.name] ??= [];
      windows[system.name]!.push(await window(system, round));
    }
  }
  return windows;
}

/** Publishes at a pace, waits until all of it has come, and tells how it went. */
export async function measurePace(system: System, pace: Pace): Promise<Measured> {
  const before = await snapshot(system);
  const expected = await publishAtPace(system, pace);
  const untilMs = Date.now() + PATIENCE_MS;
  let after = await snapshot(system);
  while (after.counted.deliveries - before.counted.deliveries < expected && Date.now() < untilMs) {
    await sleep(LOOK_EVERY_MS);
    after = await snapshot(system);
  }
  return { ...between(before, after, system), expected };
}

/** Publishes evenly. @returns how many deliveries are to come of it */
export async function publishAtPace(system: System, { eventsPerSecond, seconds, asking, seed }: Pace): Promise<number> {
  const next = createEvents(seed);
  const expect = createExpect(system.filters ? asking : 'everything', system.load.sessions);
  const startedAtMs = performance.now();
  const views: Published['view'][] = [];
  for (let i = 0; i < eventsPerSecond * seconds; i++) {
    const waitMs = startedAtMs + (i * 1_000) / eventsPerSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    views.push(publishNext(system, next));
  }
  return views.reduce((sum, view) => sum + expect(view), 0);
}

export function publishNext(system: System, next: ReturnType<typeof createEvents>): Published['view'] {
  const { text, view } = next(system.published);
  system.published++;
  system.publish(text);
  return view;
}

export interface Snapshot {
  atMs: number;
  cpuSeconds: number;
  counted: Counted;
}

export async function snapshot({ load, pids }: System): Promise<Snapshot> {
  return { counted: await load.count(), cpuSeconds: cpuSeconds(pids), atMs: performance.now() };
}

/** What came between two snapshots; that all of it was expected is to be said by whoever knows. */
export function between(before: Snapshot, after: Snapshot, { pids }: System): Measured {
  const deliveries = after.counted.deliveries - before.counted.deliveries;
  const delays: DelayCounts = delaysSince(before.counted.delays, after.counted.delays);
  return {
    p50Ms: delayAt(delays, 0.5),
    p95Ms: delayAt(delays, 0.95),
    p99Ms: delayAt(delays, 0.99),
    deliveries,
    expected: deliveries,
    deliveriesPerSecond: (deliveries * 1_000) / (after.atMs - before.atMs),
    eventsPerMessage: deliveries / (after.counted.messages - before.counted.messages),
    bytesPerDelivery: (after.counted.bytes - before.counted.bytes) / deliveries,
    cpuSecondsPerMillion: ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / deliveries,
    residentMb: residentBytes(pids) / 1_048_576,
  };
}
