import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { BacktestAnswer, BacktestRemoved, Backtests } from '../../shared/api/backtests.ts';
import { BACKTEST_LIMITS, JOB_CHANNELS } from '../../shared/backtests.ts';
import { type BacktestRequest, backtestRequestSchema } from '../../shared/requests/backtests.ts';
import { noParameters } from '../../shared/requests/parameters.ts';
import { isRemovable } from '../core/backtest-job.ts';
import type { JobsConfig } from '../env.ts';
import { requiredOf, rootHub, userHub } from '../hubs.ts';
import { JOB_SOURCE, publishJob } from '../jobs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem } from '../problem.ts';
import type { BacktestSubmitted } from '../user/user-hub.ts';
import { readJson } from './json-body.ts';
import { readQuery } from './parameters.ts';

/** 50 symbols and 50 patterns, with room to spare. */
const MAX_BODY_BYTES = 32 * 1024;
const keySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, 'expected 1 to 100 letters, digits or signs, without blanks');

const REFUSALS = {
  other_request: [422, 'idempotency_key_reused', 'another backtest was asked for under this key'],
  being_sent: [409, 'being_sent', 'this backtest is being handed over; ask again in a few seconds'],
  too_many_running: [
    429,
    'too_many_backtests',
    `a user has at most ${BACKTEST_LIMITS.max_running} backtests under way`,
  ],
} as const;

/** `/api/backtests`: the backtests of who asks, and of nobody else. */
export const backtests = new Hono<AppEnv>()
  .get('/', async c => {
    readQuery(c, noParameters);
    jobsOf(c);
    const jobs = await requiredOf<Backtests['jobs']>(ownHub(c).readBacktests());
    return c.json<Backtests>({ jobs, max_running: BACKTEST_LIMITS.max_running });
  })
  .post('/', async c => {
    readQuery(c, noParameters);
    const jobs = jobsOf(c);
    const key = readKey(c);
    const request = await readJson(c, backtestRequestSchema, MAX_BODY_BYTES);
    refuseFuture(request, Date.now());
    const wish = { jobId: newJobId(Date.now()), request, key };
    const submitted = await requiredOf<BacktestSubmitted>(ownHub(c).submitBacktest(wish));
    if ('refused' in submitted) {
      const [status, title, detail] = REFUSALS[submitted.refused];
      const isOfKey = submitted.refused !== 'too_many_running';
      throw new Problem(status, title, detail, isOfKey ? 'idempotency-key' : undefined);
    }
    const { job, isNew } = submitted;
    if (!isNew) return c.json<BacktestAnswer>({ job });
    const handedOver = await handOver(c, jobs, job.job_id, request);
    c.header('location', `/api/backtests/${job.job_id}`);
    return c.json<BacktestAnswer>({ job: handedOver ?? job }, 201);
  })
  .get('/:id', async c => {
    readQuery(c, noParameters);
    jobsOf(c);
    return c.json<BacktestAnswer>({ job: await ownJob(c) });
  })
  .delete('/:id', async c => {
    readQuery(c, noParameters);
    const jobs = jobsOf(c);
    const job = await ownJob(c);
    const isToBeRemoved = isRemovable(job, Date.now());
    const isUnderWay = job.state === 'queued' || job.state === 'running' || job.state === 'cancelling';
    if (isUnderWay) await publishJob(jobs, { channel: JOB_CHANNELS.cancel, job: cancelOf(c, job.job_id) });
    if (isToBeRemoved) {
      await requiredOf<void>(ownHub(c).removeBacktest(job.job_id));
      return c.json<BacktestRemoved>({ removed: job.job_id });
    }
    const cancelled = await requiredOf<Backtests['jobs'][number] | null>(ownHub(c).noteBacktestCancelled(job.job_id));
    return c.json<BacktestAnswer>({ job: cancelled ?? job }, 202);
  });

/** Where jobs are published. @throws Problem 503 naming the variable that is not set */
function jobsOf(c: Context<AppEnv>): JobsConfig {
  const { jobs } = c.var.config;
  if ('missing' in jobs) {
    throw new Problem(503, 'backtests_unavailable', `${jobs.missing}: is not set, which backtests need`, jobs.missing);
  }
  return jobs;
}

/** Whose it is is known before the producer hears of it. */
async function handOver(c: Context<AppEnv>, jobs: JobsConfig, jobId: string, request: BacktestRequest) {
  const { user_id } = c.var.identity;
  let receivers: number | null = null;
  try {
    const isOurs = await requiredOf<boolean>(rootHub(c.env, 'system').registerBacktest(jobId, user_id));
    if (!isOurs) throw new Problem(503, 'backtests_unreachable', 'another backtest has the same id; ask for it anew');
    const timestamp = Date.now() / 1_000;
    receivers = await publishJob(jobs, {
      channel: JOB_CHANNELS.submit,
      job: { type: 'backtest_job', job_id: jobId, user_id, ...request, timestamp, source: JOB_SOURCE },
    });
  } catch (error) {
    // Asked for again under the same key, it is handed over under the same id.
    await requiredOf(ownHub(c).noteBacktestSent(jobId, null));
    throw error;
  }
  return requiredOf<Backtests['jobs'][number] | null>(ownHub(c).noteBacktestSent(jobId, receivers));
}

function cancelOf(c: Context<AppEnv>, jobId: string) {
  const { user_id } = c.var.identity;
  return {
    type: 'backtest_cancel' as const,
    job_id: jobId,
    user_id,
    timestamp: Date.now() / 1_000,
    source: JOB_SOURCE,
  } as const;
}

/** @throws Problem 404, also for what is another's */
async function ownJob(c: Context<AppEnv>): Promise<Backtests['jobs'][number]> {
  const job = await requiredOf<Backtests['jobs'][number] | null>(ownHub(c).readBacktest(c.req.param('id') ?? ''));
  if (!job) throw new Problem(404, 'not_found', 'you have no backtest of this id', 'id');
  return job;
}

function ownHub(c: Context<AppEnv>) {
  return userHub(c.env, c.var.identity.user_id);
}

/** @throws Problem 400 */
function readKey(c: Context<AppEnv>): string | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  const parsed = keySchema.safeParse(key);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'bad_header', `idempotency-key: ${parsed.error.issues[0]!.message}`, 'idempotency-key');
}

/** Nobody knows tomorrow's prices. Today is whatever it is anywhere. */
function refuseFuture({ end_date }: BacktestRequest, nowMs: number): void {
  const today = new Date(nowMs + 14 * 3_600_000).toISOString().slice(0, 10);
  if (end_date > today) throw new Problem(400, 'bad_body', 'end_date: is in the future', 'end_date');
}

function newJobId(nowMs: number): string {
  const random = crypto.getRandomValues(new Uint8Array(4));
  const hex = [...random].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return `backtest_${Math.floor(nowMs / 1_000)}_${hex}`;
}
