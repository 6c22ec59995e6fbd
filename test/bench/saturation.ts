import { setTimeout as sleep } from 'node:timers/promises';
import { delayAt, delaysSince } from './delays.ts';
import { createEvents } from './events.ts';
import type { System } from './systems.ts';
import { between, type Measured, publishNext, type Snapshot, snapshot } from './window.ts';

/** Events that are published and have not reached all sessions. As soon as one has, the next is published. */
const IN_FLIGHT = 100;
const TELL_EVERY_MS = 20;
const RAMP_MS = 2_000;
const WINDOW_MS = 10_000;
/** How long what is in flight at the end may take. */
const DRAIN_MS = 10_000;
/** A rate is kept up when delays do not grow: those of the second half, over those of the first. */
const MOST_GROWTH = 1.5;

export interface Saturated extends Measured {
  /** Why the rate was not kept up, if it was not. */
  broke: string | null;
}

/**
 * Publishes as fast as a system delivers: a fixed number of events is on its way at any time. So what it delivers is
 * the most it can, and it cannot fall behind further and further, unless it loses something; then the loop stands still.
 */
export async function saturate(system: System): Promise<Saturated> {
  const { load } = system;
  const next = createEvents(7);
  const { deliveries: delivered } = await load.count();
  let published = 0;
  let isOn = true;
  const pump = (deliveries: number) => {
    const arrived = Math.floor((deliveries - delivered) / load.sessions);
    for (; isOn && published - arrived < IN_FLIGHT; published++) publishNext(system, next);
  };
  await load.progress(TELL_EVERY_MS, pump);
  pump(delivered);
  await sleep(RAMP_MS);
  const start = await snapshot(system);
  await sleep(WINDOW_MS / 2);
  const middle = await snapshot(system);
  await sleep(WINDOW_MS / 2);
  const end = await snapshot(system);
  isOn = false;
  await load.progress(null);
  const missing = await drained(system, delivered + published * load.sessions);
  return { ...between(start, end, system), broke: whyBroke(missing, [start, middle, end]) };
}

/** @returns deliveries that did not come in time */
async function drained({ load }: System, expected: number): Promise<number> {
  const untilMs = Date.now() + DRAIN_MS;
  for (;;) {
    const { deliveries } = await load.count();
    if (deliveries === expected || Date.now() > untilMs) return expected - deliveries;
    await sleep(50);
  }
}

function whyBroke(missing: number, [start, middle, end]: [Snapshot, Snapshot, Snapshot]): string | null {
  if (missing !== 0) return `${missing} deliveries did not come`;
  const [first, second] = [p99Between(start, middle), p99Between(middle, end)];
  return second > MOST_GROWTH * first ? `p99 grew from ${first} to ${second} ms` : null;
}

function p99Between(from: Snapshot, to: Snapshot): number {
  return delayAt(delaysSince(from.counted.delays, to.counted.delays), 0.99);
}
