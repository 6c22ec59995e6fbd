import { abortAllDurableObjects, evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { type Backtest, backtestJobSchema, backtestsSchema } from '../../shared/api/backtests.ts';
import type { TopicAnswer } from '../../shared/api/ingest.ts';
import { BACKTEST_LIMITS, JOB_CHANNELS } from '../../shared/backtests.ts';
import type { IngestEvent } from '../../shared/events.ts';
import { UserHub } from '../../workers/user/user-hub.ts';
import { eventually } from '../support/eventually.ts';
import { ask, jobsEnv, progressOf, request, resultOf, StandInRedis, submit } from './support/backtests.ts';
import { Guest } from './support/guest.ts';
import { ingestBatch, post } from './support/ingest.ts';
import { bearer, jwtEnv, request as ofUser } from './support/jwt.ts';
import { connectUser } from './support/user-client.ts';

const system = () => env.HUB.getByName('system');
let redis: StandInRedis;

beforeEach(() => {
  redis = new StandInRedis();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

/** Posts what a bridge has read of backtests. */
async function tell(events: IngestEvent[], overrides: object = {}): Promise<TopicAnswer> {
  const response = await post(ingestBatch({ topic: 'system', events, ...overrides }));
  expect(response.status).toBe(200);
  return (await response.json<{ topics: { system: TopicAnswer } }>()).topics.system;
}

const jobOf = async (guest: Guest, jobId: string) => (await ask(guest, 'GET', `/${jobId}`)).body.job;

describe('POST /api/backtests', () => {
  it('publishes the job, as of who asks, and keeps it', async () => {
    const guest = await Guest.arrive();
    const { status, body, headers } = await ask(guest, 'POST', '', { body: request });
    expect(status).toBe(201);
    expect(body.job).toMatchObject({ state: 'queued', receivers: 1, symbols: ['NVDA', 'AAPL'], progress: null });
    expect(body.job.job_id).toMatch(/^backtest_\d{10}_[\da-f]{8}$/);
    expect(headers.get('location')).toBe(`/api/backtests/${body.job.job_id}`);
    expect(redis.published).toHaveLength(1);
    const [{ channel, message }] = redis.published as [(typeof redis.published)[number]];
    expect(channel).toBe(JOB_CHANNELS.submit);
    expect(backtestJobSchema.parse(message)).toEqual(message);
    expect(message).toMatchObject({
      ...request,
      user_id: guest.userId,
      job_id: body.job.job_id,
      parameters: { initial_capital: 100_000, stop_loss_pct: null },
    });
    const list = await ask(guest, 'GET');
    expect(backtestsSchema.parse(list.body)).toEqual(list.body);
    expect(list.body.jobs).toEqual([body.job]);
  });

  it('says so when nobody listened', async () => {
    redis.answer = () => Response.json({ result: 0 });
    expect(await submit(await Guest.arrive())).toMatchObject({ state: 'queued', receivers: 0 });
  });

  test.each<[string, unknown, string | undefined]>([
    ['a body that is not JSON', '{', undefined],
    ['a user id', { ...request, user_id: 'somebody-else' }, 'user_id'],
    ['no symbols', { ...request, symbols: [] }, 'symbols'],
    ['an end before the start', { ...request, end_date: '2024-01-01' }, 'end_date'],
    ['an end in the future', { ...request, end_date: '2999-01-01' }, 'end_date'],
    ['a parameter out of range', { ...request, parameters: { slippage_rate: 1 } }, 'parameters.slippage_rate'],
    ['a parameter that is none', { ...request, parameters: { leverage: 2 } }, 'parameters.leverage'],
  ])('refuses %s, naming it, and publishes nothing', async (_, body, field) => {
    const answer = await ask(await Guest.arrive(), 'POST', '', { body });
    expect(answer).toMatchObject({ status: 400, body: { title: 'bad_body' } });
    expect(answer.body.field).toBe(field);
    expect(redis.published).toEqual([]);
  });

  it('refuses what is too large, and a key that is none', async () => {
    const guest = await Guest.arrive();
    expect(await ask(guest, 'POST', '', { body: ' '.repeat(40_000) })).toMatchObject({ status: 413 });
    const answer = await ask(guest, 'POST', '', { body: request, key: 'two words' });
    expect(answer).toMatchObject({ status: 400, body: { title: 'bad_header', field: 'idempotency-key' } });
    expect(await ask(guest, 'GET', '?user=other')).toMatchObject({ status: 400, body: { field: 'user' } });
  });

  it('asked for again under one key is the same backtest, handed over once', async () => {
    const guest = await Guest.arrive();
    const first = await ask(guest, 'POST', '', { body: request, key: 'k' });
    const again = await ask(guest, 'POST', '', { body: request, key: 'k' });
    expect(again).toMatchObject({ status: 200, body: { job: { job_id: first.body.job.job_id } } });
    expect(redis.published).toHaveLength(1);
    const other = await ask(guest, 'POST', '', { body: { ...request, patterns: ['Hammer'] }, key: 'k' });
    expect(other).toMatchObject({ status: 422, body: { title: 'idempotency_key_reused', field: 'idempotency-key' } });
    // Another's key is another's.
    expect((await ask(await Guest.arrive(), 'POST', '', { body: request, key: 'k' })).status).toBe(201);
  });

  test.each<[string, () => Response | Promise<Response>]>([
    ['refuses', () => Response.json({ error: 'WRONGPASS' }, { status: 401 })],
    ['answers nonsense', () => new Response('<html>')],
    ['cannot be reached', () => Promise.reject(new TypeError('connection refused'))],
  ])(
    'whose Redis %s keeps the backtest as not handed over; under its key it goes out as the same',
    async (_, answer) => {
      const logged = vi.spyOn(console, 'error').mockReturnValue();
      const guest = await Guest.arrive();
      redis.answer = answer;
      const failed = await ask(guest, 'POST', '', { body: request, key: 'k' });
      expect(failed).toMatchObject({ status: 503, body: { title: 'backtests_unreachable' } });
      expect(JSON.stringify(logged.mock.calls)).not.toContain(guest.userId);
      const [unsent] = (await ask(guest, 'GET')).body.jobs;
      expect(unsent).toMatchObject({ state: 'unsent', receivers: null });
      redis.answer = () => Response.json({ result: 1 });
      const sent = await ask(guest, 'POST', '', { body: request, key: 'k' });
      expect(sent).toMatchObject({ status: 201, body: { job: { job_id: unsent!.job_id, state: 'queued' } } });
      expect((await ask(guest, 'GET')).body.jobs).toHaveLength(1);
    },
  );

  it('is not handed over by two at once', async () => {
    const guest = await Guest.arrive();
    const gate = Promise.withResolvers<Response>();
    redis.answer = () => gate.promise;
    const first = ask(guest, 'POST', '', { body: request, key: 'k' });
    await eventually(() => expect(redis.published).toHaveLength(1));
    const second = await ask(guest, 'POST', '', { body: request, key: 'k' });
    expect(second).toMatchObject({ status: 409, body: { title: 'being_sent' } });
    gate.resolve(Response.json({ result: 1 }));
    expect((await first).status).toBe(201);
    expect(redis.published).toHaveLength(1);
  });

  it('takes so many that run at once, and more when one has ended', async () => {
    const guest = await Guest.arrive();
    const jobs: Backtest[] = [];
    for (let i = 0; i < BACKTEST_LIMITS.max_running; i++) jobs.push(await submit(guest));
    const refused = await ask(guest, 'POST', '', { body: request });
    expect(refused).toMatchObject({ status: 429, body: { title: 'too_many_backtests' } });
    await tell([resultOf(jobs[0]!.job_id)]);
    await eventually(async () => expect((await jobOf(guest, jobs[0]!.job_id)).state).toBe('completed'));
    await submit(guest);
  });

  it('keeps the newest hundred', async () => {
    const guest = await Guest.arrive();
    const [first, running] = [await submit(guest), await submit(guest)];
    await tell([resultOf(first.job_id)]);
    await eventually(async () => expect((await jobOf(guest, first.job_id)).state).toBe('completed'));
    redis.answer = () => Promise.reject(new TypeError('away'));
    vi.spyOn(console, 'error').mockReturnValue();
    for (let i = 2; i < BACKTEST_LIMITS.max_jobs; i++) await ask(guest, 'POST', '', { body: request });
    const client = await connectUser(guest.cookie);
    await ask(guest, 'POST', '', { body: request });
    expect(await client.next('backtest_removed')).toEqual({ type: 'backtest_removed', job_id: first.job_id });
    const { jobs } = (await ask(guest, 'GET')).body;
    expect(jobs).toHaveLength(BACKTEST_LIMITS.max_jobs);
    expect(jobs.at(-1)!.job_id).toBe(running.job_id);
  });
});

describe('without a Redis to publish on', () => {
  test.each([
    [{ UPSTASH_REDIS_REST_URL: '' }, 'UPSTASH_REDIS_REST_URL'],
    [{ UPSTASH_REDIS_REST_TOKEN: '' }, 'UPSTASH_REDIS_REST_TOKEN'],
  ])('%j makes every request be answered 503, naming it', async (changes, variable) => {
    const guest = await Guest.arrive();
    for (const [method, path, body] of [['GET'], ['POST', '', request], ['GET', '/x'], ['DELETE', '/x']] as const) {
      const edgeEnv = { ...jobsEnv, ...changes };
      const answer = await ask(guest, method, path, { edgeEnv, ...(body && { body }) });
      expect(answer).toMatchObject({ status: 503, body: { title: 'backtests_unavailable', field: variable } });
      expect(answer.body.detail).toContain(`${variable}: is not set`);
    }
  });

  it('in production plain http is refused', async () => {
    const edgeEnv = { ...jobsEnv, ...jwtEnv, UPSTASH_REDIS_REST_URL: 'http://redis.test', APP_ENV: 'production' };
    const response = await ofUser('/api/backtests', { headers: await bearer() }, edgeEnv);
    expect(await response.json()).toMatchObject({ title: 'misconfigured', field: 'UPSTASH_REDIS_REST_URL' });
  });
});

describe('what the producer says', () => {
  it('reaches every session of who asked, and nobody else', async () => {
    const [guest, other] = [await Guest.arrive(), await Guest.arrive()];
    const [one, two, stranger] = [
      await connectUser(guest.cookie),
      await connectUser(guest.cookie),
      await connectUser(other.cookie),
    ];
    const { job_id } = await submit(guest);
    await tell([progressOf(job_id, 0.5)]);
    await tell([resultOf(job_id, { roi: 0.12, data: { equity_curve: [1, 2, 3] } })]);
    for (const client of [one, two]) {
      await eventually(() => {
        expect(client.of('backtest').map(({ job }) => job.state)).toEqual(['unsent', 'queued', 'running', 'completed']);
      });
      expect(client.of('backtest').at(-1)!.job).toMatchObject({
        progress: 0.5,
        results: { roi: 0.12 },
        equity_curve: { points: 3, values: [1, 2, 3] },
      });
    }
    one.send({ type: 'backtests' });
    expect((await one.next('backtests')).jobs).toEqual([await jobOf(guest, job_id)]);
    stranger.send({ type: 'backtests' });
    expect((await stranger.next('backtests')).jobs).toEqual([]);
    expect(stranger.of('backtest')).toEqual([]);
    // It is on no tape, and so no session of a topic can ask for it.
    expect(
      await runInDurableObject(system(), (_, ctx) => ctx.storage.sql.exec('SELECT 1 FROM tape').toArray()),
    ).toEqual([]);
  });

  it("of another's backtest is as if there were none", async () => {
    const [guest, other] = [await Guest.arrive(), await Guest.arrive()];
    const { job_id } = await submit(guest);
    const published = redis.published.length;
    for (const method of ['GET', 'DELETE']) {
      expect(await ask(other, method, `/${job_id}`)).toMatchObject({
        status: 404,
        body: { title: 'not_found', detail: (await ask(other, method, '/unknown')).body.detail },
      });
    }
    expect(redis.published).toHaveLength(published);
    expect((await jobOf(guest, job_id)).state).toBe('queued');
  });

  it('twice, by two bridges, changes nothing; and a batch that comes again has no effect', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    const { job_id } = await submit(guest);
    const [half, more] = [progressOf(job_id, 0.5), progressOf(job_id, 0.75)];
    const batch = ingestBatch({ topic: 'system', events: [half, more] });
    await post(batch);
    await eventually(async () => expect((await jobOf(guest, job_id)).progress).toBe(0.75));
    const frames = client.of('backtest').length;
    await post(batch);
    await tell([half, more], { bridge_id: 'another' });
    await tell([resultOf(job_id)]);
    await eventually(async () => expect((await jobOf(guest, job_id)).state).toBe('completed'));
    await tell([progressOf(job_id, 0.9)]);
    expect(client.of('backtest')).toHaveLength(frames + 1);
    expect(await jobOf(guest, job_id)).toMatchObject({ state: 'completed', progress: 0.75 });
  });

  it('of a job that nobody asked for is counted, and so is that of one that is gone', async () => {
    const guest = await Guest.arrive();
    expect(await tell([progressOf('theirs', 0.5), resultOf('theirs')])).toMatchObject({ accepted: 0, duplicates: 0 });
    expect((await system().readStats()).unmatched_backtests).toBe(2);
    const { job_id } = await submit(guest);
    await tell([resultOf(job_id, { status: 'failed' })]);
    await eventually(async () => expect((await jobOf(guest, job_id)).state).toBe('failed'));
    expect(await ask(guest, 'DELETE', `/${job_id}`)).toMatchObject({ status: 200, body: { removed: job_id } });
    await tell([resultOf(job_id, { status: 'completed', id: 'again' })]);
    await eventually(async () => expect((await system().readStats()).unmatched_backtests).toBe(3));
  });

  it('waits while the user’s object fails, and is brought when it does not', async () => {
    const guest = await Guest.arrive();
    const { job_id } = await submit(guest);
    vi.spyOn(console, 'error').mockReturnValue();
    const failing = vi.spyOn(UserHub.prototype, 'deliverBacktests').mockImplementation(() => {
      throw new Error('disk full');
    });
    expect(await tell([progressOf(job_id, 0.25)])).toMatchObject({ accepted: 1 });
    await tell([progressOf(job_id, 0.5), resultOf(job_id)]);
    await eventually(() => expect(failing.mock.calls.length).toBeGreaterThan(1));
    const kept = await runInDurableObject(system(), (_, ctx) =>
      ctx.storage.sql.exec('SELECT kind FROM backtest_deliveries ORDER BY number').toArray(),
    );
    expect(kept).toEqual([{ kind: 'backtest_progress' }, { kind: 'backtest_result' }]);
    failing.mockRestore();
    await eventually(async () =>
      expect(await jobOf(guest, job_id)).toMatchObject({ state: 'completed', progress: 0.5 }),
    );
  });

  it('survives both objects being aborted and evicted', async () => {
    const guest = await Guest.arrive();
    const { job_id } = await submit(guest);
    vi.spyOn(console, 'error').mockReturnValue();
    const failing = vi.spyOn(UserHub.prototype, 'deliverBacktests').mockImplementation(() => {
      throw new Error('disk full');
    });
    await tell([progressOf(job_id, 0.5)]);
    await abortAllDurableObjects();
    failing.mockRestore();
    await tell([], { heartbeat: undefined, covers: null });
    await eventually(async () => expect((await jobOf(guest, job_id)).progress).toBe(0.5));
    const client = await connectUser(guest.cookie);
    // It would time out if a timer were left.
    await evictDurableObject(system());
    await evictDurableObject(guest.hub);
    await tell([resultOf(job_id)]);
    expect((await client.next('backtest')).job).toMatchObject({ state: 'completed', progress: 0.5 });
  });

  it('may be missing in a gap, and the backtest says so', async () => {
    const guest = await Guest.arrive();
    const { job_id } = await submit(guest);
    const nowMs = Date.now();
    await tell([], { gaps: [{ from_ms: nowMs - 10_000, to_ms: nowMs, reason: 'outbox_overflow' }] });
    await eventually(async () =>
      expect((await jobOf(guest, job_id)).missed).toMatchObject({ reason: 'outbox_overflow' }),
    );
  });
});

describe('DELETE /api/backtests/{id}', () => {
  it('asks the producer to stop one that is under way, as often as it is asked', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    const { job_id } = await submit(guest);
    for (let i = 0; i < 2; i++) {
      const answer = await ask(guest, 'DELETE', `/${job_id}`);
      expect(answer).toMatchObject({ status: 202, body: { job: { state: 'cancelling' } } });
    }
    expect(redis.published.slice(1)).toMatchObject(
      [1, 2].map(() => ({
        channel: JOB_CHANNELS.cancel,
        message: { type: 'backtest_cancel', job_id, user_id: guest.userId, source: 'tickstock_appv2' },
      })),
    );
    await tell([resultOf(job_id, { status: 'cancelled' })]);
    await eventually(() => expect(client.of('backtest').at(-1)!.job.state).toBe('cancelled'));
  });

  it('tells nothing anew of one that ended while the producer was asked', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    const { job_id } = await submit(guest);
    redis.answer = async () => {
      await tell([resultOf(job_id, { status: 'cancelled' })]);
      await eventually(() => expect(client.of('backtest').at(-1)!.job.state).toBe('cancelled'));
      return Response.json({ result: 1 });
    };
    expect(await ask(guest, 'DELETE', `/${job_id}`)).toMatchObject({
      status: 202,
      body: { job: { state: 'cancelled' } },
    });
    client.send({ type: 'backtests' });
    await client.next('backtests');
    expect(client.of('backtest').map(({ job }) => job.state)).toEqual(['unsent', 'queued', 'cancelled']);
  });

  it('changes nothing while Redis cannot be reached', async () => {
    const guest = await Guest.arrive();
    const { job_id } = await submit(guest);
    vi.spyOn(console, 'error').mockReturnValue();
    redis.answer = () => Promise.reject(new TypeError('away'));
    expect(await ask(guest, 'DELETE', `/${job_id}`)).toMatchObject({ status: 503 });
    expect((await jobOf(guest, job_id)).state).toBe('queued');
  });

  it('takes one that has ended from the list, and everything from the disk with the last', async () => {
    const guest = await Guest.arrive();
    const { job_id } = await submit(guest);
    await tell([resultOf(job_id)]);
    await eventually(async () => expect((await jobOf(guest, job_id)).state).toBe('completed'));
    const published = redis.published.length;
    expect((await ask(guest, 'DELETE', `/${job_id}`)).body).toEqual({ removed: job_id });
    expect(redis.published).toHaveLength(published);
    expect((await ask(guest, 'GET', `/${job_id}`)).status).toBe(404);
    const tables = await runInDurableObject(guest.hub, (_, ctx) =>
      ctx.storage.sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'backtests'`).toArray(),
    );
    expect(tables).toEqual([]);
  });

  it('lets go of one that nobody was there to take', async () => {
    const guest = await Guest.arrive();
    redis.answer = () => Response.json({ result: 0 });
    const { job_id } = await submit(guest);
    expect((await ask(guest, 'DELETE', `/${job_id}`)).body).toEqual({ removed: job_id });
    expect(redis.published.at(-1)?.channel).toBe(JOB_CHANNELS.cancel);
  });
});

test('a message of /ws/me that asks for backtests and more is refused', async () => {
  const client = await connectUser((await Guest.arrive()).cookie);
  client.send({ type: 'backtests', user_id: 'other' });
  expect(await client.next('error')).toMatchObject({ code: 'bad_message', field: 'user_id' });
});
