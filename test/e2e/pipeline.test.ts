import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../shared/events.ts';
import type { Topic } from '../../shared/topics.ts';
import { eventually } from '../support/eventually.ts';
import { sqliteLogMb } from '../support/sqlite-logs.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

interface Sample {
  name: string;
  channel: string;
  raw: string;
  expect: (Partial<Event> & { reject?: string; probe?: boolean; tier?: Topic; tags_include?: string[] })[];
}

const samples: Sample[] = readFileSync('test/fixtures/wire-samples.jsonl', 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line));

let stack: Stack;
const followers: Follower[] = [];

async function follow(...args: Parameters<typeof Follower.open> extends [string, ...infer Rest] ? Rest : never) {
  const follower = await Follower.open(stack.url, ...args);
  followers.push(follower);
  return follower;
}

beforeAll(async () => {
  stack = await Stack.start();
});
afterEach(() => {
  for (const follower of followers.splice(0)) follower.close();
});
afterAll(() => stack?.stop());

describe('what the producer publishes on Redis', () => {
  it('reaches those who asked for it, in every shape it is sent in', async () => {
    const tiers = { daily: await follow('daily'), intraday: await follow('intraday'), combo: await follow('combo') };
    for (const { channel, raw } of samples) await stack.publish(channel, raw);
    const expected = samples.flatMap(sample => sample.expect).filter(each => !each.reject && !each.probe);
    const all = () => Object.values(tiers).flatMap(({ events }) => events);
    // Two of the samples are the same detection, written differently.
    await eventually(() => expect(all().length).toBe(expected.length - 1));
    for (const { tags_include, ...fields } of expected) {
      const found = all().filter(event => matchesSubset(event, fields));
      expect(found.length, JSON.stringify(fields)).toBeGreaterThan(0);
      for (const tag of tags_include ?? [])
        expect(found.some(each => each.kind === 'pattern' && each.tags.includes(tag)) || tag === 'tier:synthetic').toBe(
          true,
        );
    }
    for (const [tier, { events }] of Object.entries(tiers)) {
      expect(events.every(event => event.kind === 'pattern' && event.tier === tier)).toBe(true);
    }
  });

  it('is visible as a reject with its sample when it cannot be read', async () => {
    const wanted = samples.flatMap(({ expect: outcomes, channel }) =>
      outcomes.flatMap(({ reject }) => (reject ? [`${channel} ${reject}`] : [])),
    );
    await eventually(async () => {
      const { rejects } = await stack.get<{ rejects: { channel: string; reason: string; sample: string }[] }>(
        '/api/rejects',
      );
      expect(rejects.map(({ channel, reason }) => `${channel} ${reason}`).sort()).toEqual(wanted.sort());
      expect(rejects.find(({ reason }) => reason === 'bad_json')!.sample).toBe('invalid json {');
    });
  });

  it('arrives once when the same detection is published on two channels', async () => {
    const follower = await follow('intraday', { symbols: ['TWICE'] });
    const detection = {
      symbol: 'TWICE',
      pattern: 'Hammer',
      confidence: 0.9,
      timestamp: '2026-11-16T15:00:00Z',
      timeframe: '1min',
    };
    await stack.publish('tickstock:patterns:streaming', { type: 'streaming_pattern', detection });
    await stack.publish('tickstock:patterns:detected', { type: 'streaming_pattern', detection });
    await stack.publish('tickstock:patterns:streaming', {
      type: 'streaming_pattern',
      detection: { ...detection, confidence: 0.91 },
    });
    await eventually(() => expect(follower.events.length).toBe(2));
    expect(follower.events.map(event => event.kind === 'pattern' && event.confidence)).toEqual([0.9, 0.91]);
  });

  it('goes where its kind goes: outcomes to the tier that knows the detection, the producer’s own state to system', async () => {
    const daily = await follow('daily', { kinds: ['outcome'] });
    const system = await follow('system');
    await stack.publish('tickstock.events.patterns', flatPattern({ event_id: 'known-1', symbol: 'OUT' }));
    await stack.publish('tickstock.health.status', {
      event_type: 'system_health',
      source: 'TickStockPL',
      timestamp: Date.now() / 1_000,
      status: 'degraded',
      metrics: { queue_depth: 3 },
    });
    await eventually(() => expect(system.events.map(({ kind }) => kind)).toContain('system_health'));
    const outcome = {
      detection_id: 'known-1',
      pattern_name: 'BreakoutBO',
      symbol: 'OUT',
      outcome_1d: 0.8,
      success_1d: true,
      outcome_5d: null,
      outcome_30d: null,
      success_5d: null,
      success_30d: null,
      outcome_calculated_at: '2026-11-17T21:00:00Z',
    };
    await eventually(async () => {
      const { hubs } = await stack.get<{ hubs: { daily: { appended: number } } }>('/api/websocket/health');
      expect(hubs.daily.appended).toBeGreaterThan(0);
    });
    await stack.publish('tickstock.events.patterns.outcomes', outcome);
    await eventually(() => expect(daily.events).toMatchObject([{ kind: 'outcome', symbol: 'OUT', success_1d: true }]));
    const later = await follow('system');
    await eventually(() => expect(later.events).toMatchObject([{ kind: 'system_health', status: 'degraded' }]));
  });

  it('is counted by channel and kind where nothing carries it yet', async () => {
    await stack.publish('tickstock:market:ticks', {
      event_type: 'tick_data',
      ticker: 'AAPL',
      price: 1,
      volume: 1,
      timestamp: 1,
    });
    await eventually(async () => {
      const { not_routed } = await stack.get<{ not_routed: { channel: string }[] }>('/api/rejects');
      expect(not_routed.some(({ channel }) => channel === 'tickstock:market:ticks')).toBe(true);
    });
  });
});

it('a client that closes is answered, with its own code', async () => {
  const socket = new WebSocket(`${stack.url}/ws/daily`, 'tickstock.v1');
  await new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  const closed = new Promise<CloseEvent>(resolve => socket.addEventListener('close', resolve));
  socket.close(3001, 'done');
  expect(await closed).toMatchObject({ code: 3001, wasClean: true });
});

function matchesSubset(actual: unknown, subset: unknown): boolean {
  if (typeof subset !== 'object' || subset === null || Array.isArray(subset))
    return JSON.stringify(actual) === JSON.stringify(subset);
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(subset).every(([key, value]) => matchesSubset((actual as Record<string, unknown>)[key], value));
}

it('gives back what SQLite writes ahead of the tape, however much comes', async () => {
  const appended = async () => {
    const { hubs } = await stack.get<{ hubs: { daily: { appended: number } } }>('/api/websocket/health');
    return hubs.daily.appended;
  };
  const events = 5_000;
  const padding = 'x'.repeat(10_000);
  const before = await appended();
  for (let number = 1; number <= events; number++) {
    await stack.publish('tickstock.events.patterns', flatPattern({ number, padding }));
    // Of more than 32 MB unread Redis disconnects the bridge.
    if (number % 500 === 0) await eventually(async () => expect(await appended()).toBe(before + number));
  }
  // Of some 60 MB that were written.
  expect(await sqliteLogMb(stack.dataDir)).toBeLessThan(40);
});
