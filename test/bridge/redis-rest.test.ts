import { request as httpRequest } from 'node:http';
import { Redis } from '@upstash/redis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type RestOutcome, readCommand, startRest } from '../../bridge/redis-rest.ts';
import { JOB_CHANNELS } from '../../shared/backtests.ts';

const TOKEN = 'a token of at least thirty-two bytes';
const { submit, cancel } = JOB_CHANNELS;
let url: string;
let published: [channel: string, message: string][];
let outcomes: RestOutcome[];
let publish: () => Promise<number>;
let stop: () => void;

beforeAll(async () => {
  const { port, server } = await startRest({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    publish: (channel, message) => {
      published.push([channel, message]);
      return publish();
    },
    onOutcome: outcome => outcomes.push(outcome),
    log: pino({ level: 'silent' }),
  });
  url = `http://127.0.0.1:${port}`;
  stop = () => server.close();
});
beforeEach(() => {
  published = [];
  outcomes = [];
  publish = async () => 2;
});
afterAll(() => stop());

const client = (token = TOKEN) => new Redis({ url, token, retry: { retries: 0 }, enableAutoPipelining: false });

describe('the client of the Worker', () => {
  it('publishes on the channels of jobs, and learns how many listened', async () => {
    expect(await client().publish(submit, '{"job_id":"ü"}')).toBe(2);
    expect(await client().publish(cancel, 'x')).toBe(2);
    expect(published).toEqual([
      [submit, '{"job_id":"ü"}'],
      [cancel, 'x'],
    ]);
    expect(outcomes).toEqual(['published', 'published']);
  });

  it('is told of nobody who listened', async () => {
    publish = async () => 0;
    expect(await client().publish(submit, 'x')).toBe(0);
  });

  it('is told when Redis fails, and nothing of how', async () => {
    publish = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:6379'));
    await expect(client().publish(submit, 'x')).rejects.toThrow(/^ERR Redis gave no answer, command was/);
    expect(outcomes).toEqual(['failed']);
  });

  test.each<[string, (redis: Redis) => Promise<unknown>]>([
    ['a channel of the producer', redis => redis.publish('tickstock.events.patterns', 'x')],
    ['GET', redis => redis.get('key')],
    ['SET', redis => redis.set('key', 'value')],
    ['DEL', redis => redis.del('key')],
    ['FLUSHALL', redis => redis.flushall()],
    ['EVAL', redis => redis.eval('return 1', [], [])],
    ['PING', redis => redis.ping()],
    ['a pipeline', redis => redis.pipeline().publish(submit, 'x').exec()],
    ['a transaction', redis => redis.multi().publish(submit, 'x').exec()],
  ])('is refused %s', async (_, ask) => {
    await expect(ask(client())).rejects.toThrow(/NOPERM|ERR there is only POST/);
    expect(published).toEqual([]);
    expect(outcomes).toEqual(['refused']);
  });

  test.each(['', 'wrong', `x${TOKEN}`, TOKEN.slice(0, -1), TOKEN.toUpperCase()])(
    'is refused with the token "%s"',
    async token => {
      await expect(client(token).publish(submit, 'x')).rejects.toThrow('WRONGPASS');
      expect(published).toEqual([]);
      expect(outcomes).toEqual(['unauthorized']);
    },
  );
});

test.each([
  ['GET', '/', 405],
  ['POST', '/pipeline', 404],
  ['POST', '/publish/tickstock.jobs.backtest/x', 404],
  ['PUT', '/', 405],
])('%s %s is answered %i', async (method, path, status) => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const body = method === 'GET' ? {} : { body: JSON.stringify(['PUBLISH', submit, 'x']) };
  expect((await fetch(url + path, { method, headers, ...body })).status).toBe(status);
  expect(published).toEqual([]);
});

test('a body without end is not read', async () => {
  const request = httpRequest(url, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
  request.on('error', () => {
    // The server hangs up, as it should.
  });
  const status = new Promise(resolve => request.once('response', ({ statusCode }) => resolve(statusCode)));
  request.write(`["PUBLISH","${submit}","${'x'.repeat(70_000)}`);
  expect(await status).toBe(413);
  request.destroy();
  expect(published).toEqual([]);
});

test.each<[unknown, number]>([
  ['{', 400],
  [{}, 400],
  [null, 400],
  [[], 400],
  [['PUBLISH'], 400],
  [['PUBLISH', submit], 400],
  [['PUBLISH', submit, 'x', 'y'], 400],
  [['PUBLISH', submit, 1], 400],
  [['PUBLISH', [submit], 'x'], 400],
  [[['PUBLISH', submit, 'x']], 400],
  [['PUBLISH', `${submit} `, 'x'], 403],
  [['PUBLISH', 'tickstock.jobs.*', 'x'], 403],
  [['PUBLISH', 'toString', 'x'], 403],
  [['SPUBLISH', submit, 'x'], 403],
  [['CONFIG', 'SET', 'dir', '/'], 403],
])('%j is refused with %i', (command, status) => {
  const text = typeof command === 'string' ? command : JSON.stringify(command);
  expect(readCommand(text)).toMatchObject({ status });
});

test('a command is known in any case', () => {
  expect(readCommand(JSON.stringify(['publish', submit, 'x']))).toEqual({ channel: submit, message: 'x' });
});
