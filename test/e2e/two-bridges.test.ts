import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../bridge/local/child.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

let stack: Stack;
let follower: Follower;
let second: Child;
/** When each was published, by its number, which travels in the event's data. */
const publishedAtMs: number[] = [];
let publishing: NodeJS.Timeout;

beforeAll(async () => {
  stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0' } });
  follower = await Follower.open(stack.url, 'daily');
  publishing = setInterval(() => {
    const number = publishedAtMs.push(Date.now()) - 1;
    void stack.publish('tickstock.events.patterns', flatPattern({ number }));
  }, 20);
});
afterAll(async () => {
  clearInterval(publishing);
  follower?.close();
  await second?.stop();
  await stack?.stop();
});

/** Waits until everything that is published up to now has come or never will; says what has not come. */
async function missing(): Promise<number[]> {
  const last = publishedAtMs.length;
  await eventually(() => expect(numbers().some(number => number >= last)).toBe(true), 60_000);
  expect(new Set(numbers()).size, 'an event came twice').toBe(numbers().length);
  const got = new Set(numbers());
  return [...publishedAtMs.keys()].filter(number => number < last && !got.has(number));
}

/** Waits until so many more are published, 20 ms each. */
async function publish(count: number): Promise<void> {
  const until = publishedAtMs.length + count;
  await eventually(() => expect(publishedAtMs.length).toBeGreaterThanOrEqual(until));
}

const numbers = () => follower.events.map(({ data }) => data.number as number);

describe('while events flow', () => {
  it('a second bridge that starts beside a live one brings nothing twice, and no gap is told', async () => {
    await eventually(() => expect(follower.events.length).toBeGreaterThan(50));
    second = await stack.startAnotherBridge(2);
    await publish(50);
    expect(await missing()).toEqual([]);
    expect(follower.gaps).toEqual([]);
  });

  it('the first can be killed: nothing is lost, and no gap is told', async () => {
    // A bridge covers up to its last PING, one each second: the first has to have covered beyond the second's start.
    await publish(150);
    await stack.bridge.kill();
    await publish(50);
    expect(await missing()).toEqual([]);
    expect(follower.gaps).toEqual([]);
  });

  it('without any, one gap is told once both are back: exactly the time of their absence', async () => {
    await second.kill();
    const killedAtMs = Date.now();
    await publish(25);
    const startedAtMs = Date.now();
    await stack.startBridge();
    second = await stack.startAnotherBridge(2);
    const backAtMs = Date.now();
    await eventually(() => expect(follower.gaps.length).toBe(1));
    const lost = await missing();
    const [gap] = follower.gaps;
    const [fromMs, toMs] = [Date.parse(gap!.from), Date.parse(gap!.to)];
    expect(gap!.reason).toBe('bridge_absent');
    // It covered up to its last PING of Redis, and a little less for others' clocks.
    expect(killedAtMs - fromMs).toBeGreaterThanOrEqual(0);
    expect(killedAtMs - fromMs).toBeLessThan(5_000);
    expect(toMs).toBeGreaterThan(startedAtMs);
    expect(toMs).toBeLessThanOrEqual(backAtMs);
    expect(lost.length).toBeGreaterThan(20);
    expect(lost.filter(number => publishedAtMs[number]! < fromMs - 50 || publishedAtMs[number]! > toMs + 50)).toEqual(
      [],
    );
    expect(follower.gaps.length).toBe(1);
  });
});
