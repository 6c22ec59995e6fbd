import { describe, expect, it } from 'vitest';
import { ANSWER_MS } from '../../../web/client/connection.ts';
import { FakeRuntime } from './fake-runtime.ts';
import { hello } from './frames.ts';
import { TopicHarness } from './topic-harness.ts';

/** A server that issues tickets `t1`, `t2`, … for topics that are not `forbidden`. */
function issuing({ forbidden = [] as string[] } = {}): FakeRuntime {
  const runtime = new FakeRuntime();
  let count = 0;
  runtime.answer = async ({ body }) => {
    const { topics } = JSON.parse(body!) as { topics: string[] };
    if (topics.some(topic => forbidden.includes(topic))) return problem(403, 'the token is not for it');
    return Response.json({ tickets: Object.fromEntries(topics.map(topic => [topic, `t${++count}`])) });
  };
  return runtime;
}

function problem(status: number, detail: string): Response {
  return Response.json({ detail }, { status });
}

const token = () => 'secret';

/** Lets what waits for promises go on; answers that are read take a turn of the event loop each. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
}

describe('with a token', () => {
  it('each attempt gets a ticket of its own, which is offered as a second protocol', async () => {
    const h = new TopicHarness({ token, runtime: issuing() });
    await settled();
    expect(h.socket.url).toBe('ws://test/ws/daily');
    expect(h.socket.protocols).toEqual(['tickstock.v1', 'ticket.t1']);
    h.greet();
    h.socket.drop();
    h.topic.retryNow();
    await settled();
    expect(h.socket.protocols).toEqual(['tickstock.v1', 'ticket.t2']);
    expect(h.runtime.requests[0]).toMatchObject({
      url: 'http://test/api/tickets',
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: '{"topics":["daily"]}',
    });
  });

  it('topics that connect in the same tick share one request', async () => {
    const h = new TopicHarness({ token: async () => 'secret', runtime: issuing() });
    h.client.topic('combo');
    h.client.topic('system');
    await settled();
    expect(h.runtime.requests.map(({ body }) => body)).toEqual(['{"topics":["daily","combo","system"]}']);
    expect(h.runtime.sockets.map(({ url, protocols }) => [url, protocols[1]])).toEqual([
      ['ws://test/ws/daily', 'ticket.t1'],
      ['ws://test/ws/combo', 'ticket.t2'],
      ['ws://test/ws/system', 'ticket.t3'],
    ]);
  });

  it('a topic that the token is not for is closed with 4003, and the others go on', async () => {
    const h = new TopicHarness({ token, runtime: issuing({ forbidden: ['system'] }) });
    const system = h.client.topic('system');
    await settled();
    expect(system.state).toEqual({ name: 'closed', code: 4003, reason: 'the token is not for it' });
    expect(h.runtime.sockets.map(({ url }) => url)).toEqual(['ws://test/ws/daily']);
  });

  it('a ticket that the server does not take is replaced once, and then told', async () => {
    const h = new TopicHarness({ token, runtime: issuing() });
    await settled();
    h.socket.drop(4001);
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', reason: 'ticket expired, used or invalid' });
    h.runtime.advance(1_000);
    await settled();
    expect(h.socket.protocols[1]).toBe('ticket.t2');
    h.socket.drop(4001);
    expect(h.topic.state).toMatchObject({ name: 'closed', code: 4001 });
    expect(h.runtime.timerCount).toBe(0);
  });

  it('is replaced again after a connection that was good', async () => {
    const h = new TopicHarness({ token, runtime: issuing() });
    await settled();
    for (let time = 0; time < 3; time++) {
      h.socket.drop(4001);
      expect(h.topic.state.name).toBe('reconnecting');
      h.runtime.advance(1_000);
      await settled();
      h.socket.deliver(hello());
    }
  });

  it('that the server does not accept ends the attempt with what it says, and tells who is to know', async () => {
    const told: string[] = [];
    const runtime = new FakeRuntime();
    runtime.answer = async () => problem(401, 'the token has expired');
    const h = new TopicHarness({ token, runtime, onUnauthorised: detail => told.push(detail) });
    await settled();
    expect(h.topic.state).toEqual({ name: 'closed', code: 4001, reason: 'the token has expired' });
    expect(told).toEqual(['the token has expired']);
  });

  for (const [name, answer, reason] of [
    ['no answer', () => Promise.reject(new Error('offline')), 'no ticket: offline'],
    ['too many requests', async () => problem(429, 'come back later'), 'no ticket: come back later'],
    ['no keys', async () => problem(503, 'keys_unavailable'), 'no ticket: keys_unavailable'],
    ['no problem document', async () => new Response('<html>', { status: 502 }), 'no ticket: the server answered 502'],
  ] as const) {
    it(`${name} is a failed attempt, and the next one may do better`, async () => {
      const runtime = new FakeRuntime();
      runtime.answer = answer;
      const h = new TopicHarness({ token, runtime });
      await settled();
      expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 1, reason });
    });
  }

  it('a source of tokens that fails is a failed attempt too', async () => {
    const h = new TopicHarness({ token: () => Promise.reject(new Error('signed out')) });
    await settled();
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 1, reason: 'no ticket: signed out' });
  });

  it('a ticket that comes too late is not used', async () => {
    const answers: ((answer: Response) => void)[] = [];
    const runtime = new FakeRuntime();
    runtime.answer = () => new Promise(resolve => answers.push(resolve));
    const h = new TopicHarness({ token, runtime });
    await settled();
    h.runtime.advance(ANSWER_MS);
    expect(h.topic.state.name).toBe('reconnecting');
    answers[0]!(Response.json({ tickets: { daily: 'late' } }));
    await settled();
    expect(h.runtime.sockets.length).toBe(0);
  });

  it('one that is refused too late changes nothing', async () => {
    const failures: ((cause: Error) => void)[] = [];
    const h = new TopicHarness({ token: () => new Promise((_, reject) => failures.push(reject)) });
    h.topic.close();
    failures[0]!(new Error('late'));
    await settled();
    expect(h.topic.state).toMatchObject({ name: 'closed', reason: 'closed here' });
  });
});

describe('without a token', () => {
  it('an empty one goes without a ticket, and 4001 is told at once', async () => {
    const h = new TopicHarness({ token: () => '' });
    await settled();
    expect(h.runtime.requests).toEqual([]);
    expect(h.socket.protocols).toEqual(['tickstock.v1']);
    h.socket.drop(4001);
    expect(h.topic.state).toMatchObject({ name: 'closed', code: 4001 });
  });
});

describe('a request over HTTP', () => {
  it('brings the token as it is now, or none', async () => {
    let current = '';
    const h = new TopicHarness({ token: () => current });
    h.runtime.answer = async () => Response.json({ patterns: [] });
    expect(await (await h.client.request('/api/patterns/daily')).json()).toEqual({ patterns: [] });
    current = 'renewed';
    await h.client.request('/api/me', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(h.runtime.requests).toEqual([
      { url: 'http://test/api/patterns/daily', headers: {} },
      {
        url: 'http://test/api/me',
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: 'Bearer renewed' },
        body: '{}',
      },
    ]);
  });

  it('gives a refusal as it is, and tells who is to know that a token is needed', async () => {
    const told: string[] = [];
    const h = new TopicHarness({ onUnauthorised: detail => told.push(detail) });
    h.runtime.answer = async () => problem(401, 'a bearer token is needed');
    const answer = await h.client.request('/api/symbols');
    expect([answer.status, await answer.json()]).toEqual([401, { detail: 'a bearer token is needed' }]);
    expect(told).toEqual(['a bearer token is needed']);
  });
});
