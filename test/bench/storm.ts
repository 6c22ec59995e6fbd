import { setTimeout as sleep } from 'node:timers/promises';
import { createEvents } from './events.ts';
import type { System } from './systems.ts';
import { publishNext } from './window.ts';

/** What comes of cutting all sessions of a system, which return at once while events flow. */
export interface Stormed {
  /** Until the last was back and had been told what it missed, or as much as the system does of that. */
  backMs: number;
  sessions: number;
  /** Sessions that resumed. */
  recovered: number;
  /** Of the events of all sessions: never got, or got again. */
  lost: number;
  doubled: number;
  expected: number;
}

const EVENTS_PER_SECOND = 5;
const CALM_MS = 600;
/** Nobody is connected for that long, so that there is something to miss. */
const PAUSE_MS = 500;
const MOST_EVENTS = 500;
/** Nothing has come for that long. */
const SETTLED_MS = 250;

export async function storm(system: System, seed: number): Promise<Stormed> {
  const { load } = system;
  const next = createEvents(seed);
  const from = system.published;
  await load.watch(from, MOST_EVENTS);
  const timer = setInterval(() => publishNext(system, next), 1_000 / EVENTS_PER_SECOND);
  await sleep(CALM_MS);
  const backMs = await load.storm(PAUSE_MS);
  await sleep(CALM_MS);
  clearInterval(timer);
  await settled(system);
  const to = system.published;
  const counts = await load.unwatch(to);
  return { backMs, sessions: load.sessions, expected: (to - from) * load.sessions, ...counts };
}

/** Until nothing more comes. */
async function settled({ load }: System): Promise<void> {
  for (let before = -1; ; ) {
    const { deliveries } = await load.count();
    if (deliveries === before) return;
    before = deliveries;
    await sleep(SETTLED_MS);
  }
}
