import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Event } from '../../shared/events.ts';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { matches } from '../../shared/matches.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';

const SOCKETS = 500;
const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'TSLA', 'BRK.B', 'IBM'];
const TYPES = ['Doji', 'Hammer', 'BreakoutBO', 'WeeklyBO'];

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

interface Client {
  filters: Filter[];
  socket: WebSocket;
  events: Event[];
  frames: number;
}

const anyFilter: fc.Arbitrary<Filter> = fc
  .record(
    {
      symbols: fc.subarray(SYMBOLS),
      pattern_types: fc.subarray(TYPES),
      confidence_min: fc.constantFrom(0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
      priority_min: fc.constantFrom('low' as const, 'medium' as const, 'high' as const, 'critical' as const),
      exclude_symbols: fc.subarray(SYMBOLS, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  .map(filter => JSON.parse(JSON.stringify(filter)));

async function connect(filters: Filter[]): Promise<Client> {
  const client: Client = {
    filters,
    socket: new WebSocket(`${stack.url}/ws/daily`, 'tickstock.v1'),
    events: [],
    frames: 0,
  };
  let subscribed = 0;
  await new Promise<void>((resolve, reject) => {
    client.socket.onerror = () => reject(new Error('socket failed'));
    client.socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data));
      client.frames++;
      if (frame.type === 'hello') {
        for (const [i, filter] of filters.entries()) {
          client.socket.send(JSON.stringify({ type: 'subscribe', id: `s${i}`, filter }));
        }
      } else if (frame.type === 'subscribed' && ++subscribed === filters.length) resolve();
      else if (frame.type === 'events') client.events.push(...frame.events);
    };
  });
  return client;
}

it('500 sockets with diverse filters each get exactly their events, and the hub’s counters say so', async () => {
  const wanted = fc.sample(fc.array(anyFilter, { minLength: 1, maxLength: 3 }), { numRuns: SOCKETS, seed: 42 });
  const clients = await Promise.all(wanted.map(connect));
  const control = await connect([{}]);
  for (let i = 0; i < 20; i++) {
    const pattern = {
      symbol: SYMBOLS[i % SYMBOLS.length],
      pattern: TYPES[i % TYPES.length],
      confidence: (40 + i * 3) / 100,
    };
    await stack.publish('tickstock.events.patterns', flatPattern(pattern));
  }
  await eventually(() => expect(control.events.length).toBe(20));
  const expectedOf = ({ filters }: Client) =>
    control.events
      .filter(event => filters.some(filter => matches(normaliseFilter('daily', filter), event)))
      .map(({ seq }) => seq)
      .sort((a, b) => a - b);
  await eventually(() => {
    for (const client of clients) expect(client.events.length).toBe(expectedOf(client).length);
  });
  for (const client of clients)
    expect(client.events.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(expectedOf(client));

  const all = [...clients, control];
  const total = (count: (client: Client) => number) => all.reduce((sum, client) => sum + count(client), 0);
  await eventually(async () => {
    const { hubs } = await stack.get<{ hubs: { daily: Record<string, number> } }>('/api/websocket/health');
    expect(hubs.daily).toMatchObject({
      sessions: SOCKETS + 1,
      deliveries: total(({ events }) => events.length),
      frames: total(({ frames }) => frames),
      rate_limited: 0,
      skipped: 0,
    });
  });
  for (const { socket } of all) socket.close();
});
