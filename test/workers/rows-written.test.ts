import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HubBatch } from '../../workers/hub/intake.ts';
import { ROWS } from '../costs/measured.ts';
import { eventually } from '../support/eventually.ts';
import { batchOf, pattern } from './support/events.ts';
import { heartbeat } from './support/ingest.ts';

const daily = () => env.HUB.getByName('daily');
/** Of the statements since the last measurement, those of the counts apart. */
let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[];
let ofCounts: SqlStorageCursor<Record<string, SqlStorageValue>>[];

beforeEach(async () => {
  cursors = [];
  ofCounts = [];
  await daily().publish(batchOf([pattern()]));
  await runInDurableObject(daily(), (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql);
    sql.exec = ((query: string, ...bindings: unknown[]) => {
      const cursor = exec(query, ...bindings);
      (query.includes('INTO counters') ? ofCounts : cursors).push(cursor);
      return cursor;
    }) as typeof sql.exec;
  });
});

afterEach(reset);

async function rowsWrittenBy(batch: HubBatch): Promise<number> {
  cursors = [];
  await daily().publish(batch);
  return runInDurableObject(daily(), () => cursors.reduce((rows, { rowsWritten }) => rows + rowsWritten, 0));
}

it('batches, heartbeats and patterns write as many rows as the costs are reckoned with', async () => {
  expect(await rowsWrittenBy(batchOf([]))).toBe(ROWS.perBatch);
  expect(await rowsWrittenBy(batchOf([], { heartbeat: heartbeat() }))).toBe(ROWS.perBatch + ROWS.perHeartbeat);
  expect(await rowsWrittenBy(batchOf([pattern()]))).toBe(ROWS.perBatch + ROWS.perAppend + ROWS.perPattern);
  const fifty = Array.from({ length: 50 }, (_, i) => pattern({ symbol: `S${i}` }));
  expect(await rowsWrittenBy(batchOf(fifty))).toBe(ROWS.perBatch + ROWS.perAppend + 50 * ROWS.perPattern);
});

it('a pattern that another bridge has posted writes none', async () => {
  const twice = pattern();
  await rowsWrittenBy(batchOf([twice]));
  expect(await rowsWrittenBy(batchOf([twice]))).toBe(ROWS.perBatch);
});

it('counts are written once a second at most, and soon all of them', async () => {
  const startedAtMs = performance.now();
  for (let i = 0; i < 50; i++) await daily().publish(batchOf([]));
  const stored = async () =>
    runInDurableObject(daily(), (_, { storage: { sql } }) => {
      return JSON.parse(sql.exec<{ json: string }>('SELECT json FROM counters').one().json).batches;
    });
  await eventually(async () => expect(await stored()).toBe(51));
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const rows = await runInDurableObject(daily(), () => ofCounts.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0));
  expect(rows).toBeLessThanOrEqual(ROWS.counts * Math.ceil(seconds));
});
