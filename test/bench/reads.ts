import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, type Stack } from '../support/stack.ts';
import { CHANNEL } from './events.ts';

export const TAPE_EVENTS = 50_000;
const READS = 400;
const READ_EVERY_MS = 20;

export interface Read {
  what: string;
  path: string;
  check(answer: Record<string, unknown>, sessions: number): void;
}

/** Of a tape that `fillTape` has filled. */
export const READS_OF_TAPE: readonly Read[] = [
  {
    what: 'patterns of a symbol with one hit',
    path: '/api/patterns/daily?symbols=RARE',
    check: ({ patterns }) => assert.equal((patterns as unknown[]).length, 1),
  },
  {
    what: 'performance of the tiers',
    path: '/api/patterns/performance',
    check: ({ tiers }) => assert.equal((tiers as { daily: { patterns: number } }).daily.patterns, MAX_SCANNED_ROWS),
  },
  {
    what: 'health of the tiers',
    path: '/api/patterns/tiers/health',
    check: ({ tiers }, sessions) => assert.equal((tiers as { daily: { sessions: number } }).daily.sessions, sessions),
  },
  {
    what: 'channels, as operators see them',
    path: '/api/channels',
    check: ({ bridges }) => assert.equal((bridges as unknown[]).length, 1),
  },
  {
    what: '500 symbols of the reference data, and those seen',
    path: '/api/symbols',
    check: ({ symbols }) => assert.ok((symbols as unknown[]).length >= 500),
  },
  {
    what: 'count of a universe of 500 symbols over the last hour',
    path: '/api/patterns/daily/count?universes=all500',
    check: ({ total }) => assert.equal(total, MAX_SCANNED_ROWS),
  },
  {
    what: 'count of a filter over the last hour',
    path: '/api/patterns/daily/count?confidence_min=0.6&exclude_symbols=S7',
    check: ({ total, complete }) => assert.deepEqual([total, complete], [MAX_SCANNED_ROWS, false]),
  },
];

/** What pages and programs ask for most, while events flow. */
export const READS_UNDER_LOAD: readonly Read[] = [
  {
    what: 'patterns by a filter',
    path: '/api/patterns/daily?symbols=S1,S2,S3&pattern_types=Doji,Hammer&confidence_min=0.8',
    check: ({ patterns }) => assert.ok(Array.isArray(patterns)),
  },
  ...READS_OF_TAPE.filter(({ path }) => /performance|health|symbols$/.test(path)),
];

/** Loads reference data of 500 symbols, and has so many events on the tape as if there had been an hour of them. */
export async function fillTape(stack: Stack): Promise<void> {
  const symbols = Array.from({ length: 500 }, (_, i) => `S${i}`);
  await stack.edge.loadReference(
    JSON.stringify({
      symbols: symbols.map(symbol => ({ symbol, name: `Company ${symbol}`, sector: 'Energy' })),
      universes: [{ name: 'all500', symbols }],
    }),
  );
  await stack.publish(CHANNEL, flatPattern({ symbol: 'RARE' }));
  for (let i = 0; i < TAPE_EVENTS; i += 1_000) {
    const pipeline = stack.producer.pipeline();
    for (let j = i; j < i + 1_000; j++) {
      pipeline.publish(CHANNEL, JSON.stringify(flatPattern({ symbol: `S${j % 400}` })));
    }
    await pipeline.exec();
  }
  await eventually(async () => {
    const { hubs } = await stack.get<{ hubs: { daily: { appended: number } } }>('/api/websocket/health');
    if (hubs.daily.appended < TAPE_EVENTS) throw new Error(`${hubs.daily.appended} appended`);
  }, 120_000);
}

/** One after another, as fast as they are answered. @returns milliseconds, sorted */
export async function timeReads(stack: Stack, read: Read, sessions: number): Promise<number[]> {
  const took: number[] = [];
  while (took.length < READS) took.push(await timeRead(stack, read, sessions));
  return sorted(took);
}

/** All kinds in turn, at a pace, for so long. @returns milliseconds by kind, sorted */
export async function timeReadsAtPace(stack: Stack, sessions: number, seconds: number): Promise<number[][]> {
  const took: number[][] = READS_UNDER_LOAD.map(() => []);
  const startedAtMs = performance.now();
  for (let i = 0; i * READ_EVERY_MS < seconds * 1_000; i++) {
    const kind = i % READS_UNDER_LOAD.length;
    took[kind]!.push(await timeRead(stack, READS_UNDER_LOAD[kind]!, sessions));
    const waitMs = startedAtMs + (i + 1) * READ_EVERY_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
  }
  return took.map(sorted);
}

async function timeRead(stack: Stack, { path, check }: Read, sessions: number): Promise<number> {
  const startedAtMs = performance.now();
  const answer = await stack.get<Record<string, unknown>>(path);
  const took = performance.now() - startedAtMs;
  check(answer, sessions);
  return took;
}

function sorted(took: number[]): number[] {
  return took.sort((a, b) => a - b);
}
