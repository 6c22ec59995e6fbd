import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

const FAULT_MS = 30_000;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ main: 'test/e2e/support/faulty-worker.ts' });
});
afterAll(() => stack?.stop());

it('a hub that throws for 30 s is not noticed by the other topics, and loses nothing itself', async () => {
  const [daily, combo] = await Promise.all([Follower.open(stack.url, 'daily'), Follower.open(stack.url, 'combo')]);
  const fault = (on: 0 | 1) => fetch(`${stack.url}/api/test/fault?hub=combo&on=${on}`);
  await fault(1);
  const untilMs = Date.now() + FAULT_MS;
  let published = 0;
  while (Date.now() < untilMs) {
    published++;
    for (const tier of ['daily', 'combo']) {
      await stack.publish(`tickstock.events.patterns.${tier}`, flatPattern({ tier, number: published }));
    }
    await eventually(() => expect(daily.events.length).toBe(published));
    await new Promise(resolve => setTimeout(resolve, 300));
  }
  expect(combo.events).toEqual([]);
  expect((await stack.get<{ status: string }>('/api/health')).status).toBe('ok');
  await fault(0);
  await eventually(() => expect(combo.events.length).toBe(published));
  expect(combo.events.map(({ data }) => data.number)).toEqual(Array.from({ length: published }, (_, i) => i + 1));
  daily.close();
  combo.close();
});
