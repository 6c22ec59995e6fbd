import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../shared/events.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

let stack: Stack;
let everything: Follower;
let some: Follower;
/** What was published, by number, with when; the number travels in the event's data. */
const published = new Map<number, { atMs: number; symbol: string }>();

/** Publishes a pattern, with more in its data where asked; while Redis is down there is no publishing. */
async function publishNext(data: Record<string, unknown> = {}): Promise<boolean> {
  const number = published.size + 1;
  const symbol = number % 3 === 0 ? 'MSFT' : 'AAPL';
  const atMs = Date.now();
  try {
    await stack.publish('tickstock.events.patterns', flatPattern({ symbol, number, ...data }));
  } catch {
    return false;
  }
  published.set(number, { atMs, symbol });
  return true;
}

/** Publishes about 50 a second while something is done. */
async function publishingDuring(action: () => Promise<void>): Promise<void> {
  let isDone = false;
  const publishing = (async () => {
    while (!isDone) {
      await publishNext();
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  })();
  await action();
  isDone = true;
  await publishing;
}

const numberOf = (event: Event) => event.data.number as number;

/** Publishes one that both must get, and waits for it: all before it has then come, or never will. */
async function settle(): Promise<void> {
  await eventually(async () => expect(await publishNext()).toBe(true));
  let last = published.size;
  while (last % 3 !== 0) {
    await publishNext();
    last = published.size;
  }
  for (const follower of [everything, some]) {
    await eventually(() => expect(follower.events.map(numberOf)).toContain(last), 60_000);
  }
}

/** Every number that a follower must have and has not; and none twice. */
function missing(follower: Follower, wants: (symbol: string) => boolean): number[] {
  const got = follower.events.map(numberOf);
  expect(new Set(got).size, 'an event came twice').toBe(got.length);
  expect(follower.lost).toEqual([]);
  expect(follower.withheld).toEqual([]);
  const have = new Set(got);
  return [...published].filter(([number, { symbol }]) => wants(symbol) && !have.has(number)).map(([number]) => number);
}

/** Whether a gap that was told to the follower covers when an event was published. */
function isTold(follower: Follower, number: number): boolean {
  const { atMs } = published.get(number)!;
  return follower.gaps.some(({ from, to }) => Date.parse(from) <= atMs + 50 && atMs - 50 <= Date.parse(to));
}

function expectNothingMissing(): void {
  expect(missing(everything, () => true).filter(number => !isTold(everything, number))).toEqual([]);
  expect(missing(some, symbol => symbol === 'MSFT').filter(number => !isTold(some, number))).toEqual([]);
}

beforeAll(async () => {
  // Without a limit: what waited for a part to come back arrives all at once, and would be withheld beyond it.
  stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0' } });
  everything = await Follower.open(stack.url, 'daily');
  some = await Follower.open(stack.url, 'daily', { symbols: ['MSFT'] });
});
afterAll(async () => {
  everything?.close();
  some?.close();
  await stack?.stop();
});

describe('clients', () => {
  it('miss nothing and get nothing twice when the Worker is restarted', async () => {
    await publishingDuring(async () => {
      await eventually(() => expect(everything.events.length).toBeGreaterThan(10));
      await stack.edge.stop();
      await eventually(() => expect(everything.state).toBe('reconnecting'));
      await stack.startEdge();
      await eventually(() => expect([everything.state, some.state]).toEqual(['open', 'open']), 60_000);
    });
    await settle();
    expect(missing(everything, () => true)).toEqual([]);
    expect(missing(some, symbol => symbol === 'MSFT')).toEqual([]);
    expect(everything.gaps).toEqual([]);
  });

  it('are told the gap of a Redis that was restarted, and miss only what falls into it', async () => {
    const gapsBefore = everything.gaps.length;
    await publishingDuring(async () => {
      await stack.redis.stop();
      await stack.startRedis();
      await stack.subscribed();
    });
    await settle();
    await eventually(() => expect(everything.gaps.length).toBe(gapsBefore + 1));
    expect(everything.gaps.at(-1)!.reason).toBe('redis_disconnected');
    expectNothingMissing();
  });

  it('are told the gap of a bridge that Redis disconnects because it reads too slowly', async () => {
    const gapsBefore = everything.gaps.length;
    // More than the 32 MB that Redis keeps by default for one who listens, and than what the kernel keeps.
    const padding = 'x'.repeat(20_000);
    stack.bridge.process.kill('SIGSTOP');
    for (let sent = 0; sent < 3_000; sent++) await publishNext({ padding });
    await eventually(async () => expect(await stack.listeners()).toBe(0));
    stack.bridge.process.kill('SIGCONT');
    await stack.subscribed();
    await settle();
    await eventually(() => expect(everything.gaps.length).toBe(gapsBefore + 1));
    expect(everything.gaps.at(-1)!.reason).toBe('redis_disconnected');
    expect(missing(everything, () => true).length).toBeGreaterThan(0);
    expectNothingMissing();
  });

  it('are told nothing of a bridge that was stopped while Redis was silent, but the gap', async () => {
    await stack.bridge.stop();
    await stack.startBridge();
    await settle();
    expectNothingMissing();
  });
});
