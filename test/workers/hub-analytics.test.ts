import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AnalyticsPoint } from '../../workers/core/analytics-point.ts';
import { readHubConfig } from '../../workers/env.ts';
import { Analytics } from '../../workers/hub/analytics.ts';
import { hubOperations } from '../workers-core/samples.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');
const MINUTE_MS = 60_000;

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

/** What a hub reports that has appended so many events by some time. */
const having = (appended: number, atMs: number) => async () => {
  const hub = hubOperations();
  return { ...hub, at_ms: atMs, counts: { ...hub.counts, appended } };
};

describe('data points', () => {
  it('tell once a minute what happened since the one before, over the sleep of a hub too', async () => {
    const points: AnalyticsPoint[] = [];
    const dataset = {
      writeDataPoint: (point: AnalyticsPoint) => points.push(point),
    } as unknown as AnalyticsEngineDataset;
    await runInDurableObject(daily(), async (_, { storage }) => {
      const analytics = new Analytics(storage.sql, dataset);
      await analytics.note(having(100, 0), 0);
      await analytics.note(having(110, MINUTE_MS - 1), MINUTE_MS - 1);
      expect(points).toEqual([]);
      await analytics.note(having(130, MINUTE_MS), MINUTE_MS);
    });
    await evictDurableObject(daily());
    await runInDurableObject(daily(), async (_, { storage }) => {
      await new Analytics(storage.sql, dataset).note(having(135, 3 * MINUTE_MS), 3 * MINUTE_MS);
    });
    expect(points.map(({ doubles }) => doubles.slice(0, 2))).toEqual([
      [60, 30],
      [120, 5],
    ]);
  });

  it('cost no batch when they cannot be written', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const writeDataPoint = () => {
      throw new Error('no quota');
    };
    await runInDurableObject(daily(), async (_, { storage }) => {
      const analytics = new Analytics(storage.sql, { writeDataPoint } as AnalyticsEngineDataset);
      await analytics.note(having(1, 0), 0);
      await analytics.note(having(2, MINUTE_MS), MINUTE_MS);
    });
    expect(error).toHaveBeenCalledWith(
      'no data point could be written',
      expect.objectContaining({ message: 'no quota' }),
    );
  });

  it('are asked of nobody where Analytics Engine is not bound', async () => {
    await runInDurableObject(daily(), async (_, { storage }) => {
      const read = vi.fn();
      await new Analytics(storage.sql, undefined).note(read, MINUTE_MS);
      expect(read).not.toHaveBeenCalled();
    });
  });

  it('are taken by the platform’s binding', async () => {
    expect(env.ANALYTICS).toBeDefined();
    await daily().publish(batchOf([pattern()]));
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * MINUTE_MS);
    expect(await daily().publish(batchOf([pattern()]))).toMatchObject({ accepted: 1 });
  });
});

describe('a line of log', () => {
  it('is written for each batch at debug, with no event in it', async () => {
    const debug = vi.spyOn(console, 'debug').mockReturnValue();
    await runInDurableObject(daily(), async (_, state) => {
      const { TopicHub } = await import('../../workers/hub/topic-hub.ts');
      const hub = new TopicHub(state, { ...env, LOG_LEVEL: 'debug' });
      hub.publish(
        batchOf([pattern({ id: 'a', symbol: 'NVDA' }), pattern({ id: 'a' })], { bridge_id: 'b', batch_id: 7 }),
      );
    });
    const [line] = debug.mock.calls[0]!;
    expect(JSON.parse(line)).toEqual({
      msg: 'batch',
      topic: 'daily',
      bridge_id: 'b',
      batch_id: 7,
      accepted: 1,
      duplicates: 1,
      head: 1,
      ms: expect.any(Number),
    });
  });

  it('is not written otherwise, and another LOG_LEVEL is refused by name', async () => {
    const debug = vi.spyOn(console, 'debug');
    await daily().publish(batchOf([pattern()]));
    expect(debug).not.toHaveBeenCalled();
    expect(() => readHubConfig({ ...env, LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL: /);
  });
});
