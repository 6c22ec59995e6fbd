import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

const FOLLOWERS = 12;
let stack: Stack;
const followers: Follower[] = [];
let published = 0;
let publishing: NodeJS.Timeout;

beforeAll(async () => {
  stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0', HUB_REPLICAS: '{"daily":40}' } });
  for (let i = 0; i < FOLLOWERS; i++) followers.push(await Follower.open(stack.url, 'daily'));
  publishing = setInterval(() => {
    void stack.publish('tickstock.events.patterns', flatPattern({ number: published++ }));
  }, 20);
});
afterAll(async () => {
  clearInterval(publishing);
  for (const follower of followers) follower.close();
  await stack?.stop();
});

const numbersOf = ({ events }: Follower) => events.map(({ data }) => data.number as number);

/** Waits until everybody has everything up to now, each event once. */
async function everythingCame(): Promise<void> {
  const count = published;
  for (const follower of followers) {
    await eventually(() => expect(numbersOf(follower).some(number => number >= count)).toBe(true), 60_000);
    const numbers = numbersOf(follower);
    expect(new Set(numbers).size, 'an event came twice').toBe(numbers.length);
    expect(numbers.filter(number => number < count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, number) => number),
    );
    expect(follower.gaps).toEqual([]);
  }
}

interface Operations {
  hubs: { daily: { sessions: { open: number }; replicas: { configured: number; active: number; unanswered: number } } };
}
const dailyHub = async () => (await stack.get<Operations>('/api/operations')).hubs.daily;

it('a topic’s sockets are spread over its replicas, and each gets everything once', async () => {
  await everythingCame();
  const { sessions, replicas } = await dailyHub();
  expect(sessions.open).toBe(FOLLOWERS);
  expect(replicas).toMatchObject({ configured: 40, unanswered: 0 });
  expect(replicas.active).toBeGreaterThan(3);
});

it.each([0, 25])('with %d replicas from here on, all come back and have missed nothing', async count => {
  await stack.edge.stop();
  await stack.startEdge({ HUB_REPLICAS: JSON.stringify({ daily: count }) });
  for (const follower of followers) follower.client.retryNow();
  await everythingCame();
  await eventually(async () => {
    const { sessions, replicas } = await dailyHub();
    expect(sessions.open).toBe(FOLLOWERS);
    expect(replicas).toMatchObject({ configured: count, unanswered: 0 });
    if (count === 0) expect(replicas.active).toBe(0);
  }, 60_000);
});
