import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { sign } from '../../bridge/sink.ts';
import { CHANNELS } from '../../shared/channels.ts';
import { PING, PONG } from '../../shared/client-protocol.ts';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { TOPICS } from '../../shared/topics.ts';
import { ingestBatch } from '../shared/samples.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, REST_TOKEN, SECRET, type Stack } from '../support/stack.ts';

/** Nothing may take longer to answer. */
const HANG_MS = 10_000;
/** Sent at once, before the answers are waited for. */
const MESSAGES_AT_ONCE = 20;

/**
 * Throws anything at each entrance of a running system: never a 500, a crash or a hang, and whoever comes after is served.
 * Each takes the number of cases and a seed, and throws with the smallest case that breaks it.
 */
export const ENTRANCES: Readonly<Record<string, (stack: Stack, cases: number, seed: number) => Promise<void>>> = {
  ingest: fuzzIngest,
  websocket: fuzzWebSocket,
  rest: fuzzRest,
  redis: fuzzRedis,
  backtests: fuzzBacktests,
  'redis over http': fuzzRedisRest,
};

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    'null',
    '__proto__',
    'constructor',
    "' OR 1=1 --",
    '%00',
    '../..',
    '\u202e',
    '1e309',
    'NaN',
  ),
  fc.integer().map(String),
  fc.double().map(String),
);
const json = fc.jsonValue({ maxDepth: 4 });

/** A value in which something, somewhere, is something else. */
function mutated(value: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), fc.oneof(json, nasty, fc.constant(undefined)))
    .map(([path, replacement]) => replaceAt(value, path, replacement));
}

function replaceAt(value: unknown, [step, ...rest]: number[], replacement: unknown): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value);
  if (entries.length === 0) return replacement;
  const at = step % entries.length;
  const changed = entries.map(([key, each], i) => [key, i === at ? replaceAt(each, rest, replacement) : each] as const);
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

async function fuzzIngest(stack: Stack, cases: number, seed: number): Promise<void> {
  let batchId = 0;
  const bodies = fc.oneof(
    { weight: 6, arbitrary: mutated(ingestBatch()).map(body => JSON.stringify(body) ?? '') },
    { weight: 2, arbitrary: json.map(value => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  const signatures = fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: nasty.map(printable) },
  );
  await holds(cases, seed, fc.tuple(bodies, signatures), async ([body, forged]) => {
    const bytes = Buffer.from(body);
    const headers = { [SIGNATURE_HEADER]: forged ?? sign(bytes, SECRET, Date.now()) };
    const answer = await request(stack, '/ingest', { method: 'POST', headers, body: bytes });
    if (![200, 400, 401, 413, 422].includes(answer.status)) throw new Error(`ingest answers ${answer.status}`);
    await answer.text();
  });
  const body = Buffer.from(JSON.stringify({ ...ingestBatch(), bridge_id: `after-${seed}`, batch_id: ++batchId }));
  const headers = { [SIGNATURE_HEADER]: sign(body, SECRET, Date.now()) };
  const answer = await request(stack, '/ingest', { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`a good batch after it is answered ${answer.status}`);
}

const ROUTES = [
  '/api/patterns/daily',
  '/api/patterns/combo',
  '/api/patterns/daily/count',
  '/api/patterns/performance',
  '/api/patterns/tiers/health',
  '/api/websocket/health',
  '/api/beacon',
  '/api/rejects',
  '/api/channels',
  '/api/universes',
  '/api/sessions',
  '/api/explain',
  '/api/market/calendar',
  '/api/symbols',
  '/api/pattern-types',
  '/api/health',
  '/api/backtests',
  '/api/backtests/x',
  '/api',
  '/ws/daily',
  '/ingest',
];
const PARAMETERS = [
  'symbols',
  'universes',
  'pattern_types',
  'confidence_min',
  'limit',
  'before_seq',
  'after_seq',
  'minutes',
  'channel',
  'tier',
  'topic',
  'seq',
  'id',
  'session',
  'priority_min',
];

async function fuzzRest(stack: Stack, cases: number, seed: number): Promise<void> {
  const parameter = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.oneof(fc.constantFrom(...PARAMETERS), nasty), nasty) },
    { weight: 1, arbitrary: fc.constantFrom(['topic', 'daily'] as const, ['seq', '1'] as const) },
  );
  const paths = fc.tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...ROUTES) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('/api/', '/api/trace/'), nasty)
          .map(([path, part]) => path + encodeURIComponent(wellFormed(part))),
      },
    ),
    fc.array(parameter, { maxLength: 4 }),
    fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS'),
    fc.oneof(mutated({ receipt_ms: [4, 30], paint_ms: [12], uncertainty_ms: 1 }), json),
  );
  await holds(cases, seed, paths, async ([path, parameters, method, posted]) => {
    const query = parameters.map(pair => pair.map(part => encodeURIComponent(wellFormed(part))).join('=')).join('&');
    const body = method === 'POST' ? (JSON.stringify(posted) ?? '') : null;
    const answer = await request(stack, `${path}?${query}`, { method, body });
    if (answer.status >= 500) throw new Error(`${method} ${path}?${query} answers ${answer.status}`);
    const text = await answer.text();
    if (/\bat .*\.(?:ts|js):\d+/.test(text)) throw new Error(`${path}?${query} shows a stack`);
  });
}

async function fuzzWebSocket(stack: Stack, cases: number, seed: number): Promise<void> {
  const good = { type: 'subscribe', id: 's', filter: { symbols: ['AAPL'], confidence_min: 0.7 }, snapshot: 5 };
  const resume = { type: 'subscribe', id: 'r', filter: {}, resume: { epoch: 'e', seq: 3 } };
  const messages = fc.oneof(
    { weight: 4, arbitrary: fc.oneof(mutated(good), mutated(resume)).map(value => JSON.stringify(value) ?? '') },
    { weight: 2, arbitrary: json.map(value => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map(wellFormed) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
  const allowed = new Set<number>(Object.values(CLOSE_CODES).map(({ code }) => code));
  const bunches = fc.tuple(
    fc.constantFrom(...TOPICS),
    fc.array(messages, { minLength: MESSAGES_AT_ONCE, maxLength: MESSAGES_AT_ONCE }),
  );
  await holds(Math.ceil(cases / MESSAGES_AT_ONCE), seed, bunches, async ([topic, bunch]) => {
    const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/ws/${topic}`, 'tickstock.v1');
    let pongs = 0;
    let code = 0;
    socket.onmessage = ({ data }) => {
      if (data === PONG) pongs++;
    };
    socket.onclose = event => {
      code = event.code;
    };
    await inTime(once(socket, 'open'), 'no greeting');
    for (const message of bunch) socket.send(message as string);
    socket.send(PING);
    await eventually(() => {
      if (pongs === 0 && code === 0) throw new Error('neither a pong nor a close: it hangs');
    }, HANG_MS);
    if (code !== 0 && !allowed.has(code)) throw new Error(`closed with ${code}`);
    socket.close();
  });
}

async function fuzzRedis(stack: Stack, cases: number, seed: number): Promise<void> {
  const detection = {
    symbol: 'AAPL',
    pattern: 'Hammer',
    confidence: 0.9,
    timestamp: '2026-11-16T15:00:00Z',
    timeframe: '1min',
  };
  const samples = [
    flatPattern(),
    { type: 'streaming_pattern', detection },
    { patterns: [flatPattern(), flatPattern()] },
    { event_type: 'backtest_progress', job_id: 'j', progress: 0.5, current_symbol: 'AAPL' },
    { event_type: 'backtest_result', job_id: 'j', status: 'completed', results: { roi: 0.1, equity_curve: [1, 2] } },
  ];
  const messages = fc.tuple(
    fc.constantFrom(...Object.keys(CHANNELS)),
    fc.oneof(
      { weight: 6, arbitrary: fc.oneof(...samples.map(mutated)).map(value => JSON.stringify(value) ?? '') },
      { weight: 2, arbitrary: json.map(value => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
  );
  await holds(cases, seed, messages, async ([channel, message]) => {
    await stack.publish(channel, message);
  });
  const symbol = `AFTER${seed % 1_000}`;
  await stack.publish('tickstock.events.patterns', flatPattern({ symbol }));
  await eventually(async () => {
    const { patterns } = await stack.get<{ patterns: unknown[] }>(`/api/patterns/daily?symbols=${symbol}`);
    if (patterns.length !== 1) throw new Error('a good pattern after it did not arrive');
  }, HANG_MS);
}

const BACKTEST = {
  symbols: ['AAPL', 'NVDA'],
  start_date: '2025-01-01',
  end_date: '2025-06-30',
  patterns: ['Doji'],
  parameters: { initial_capital: 1_000, stop_loss_pct: null },
};

async function fuzzBacktests(stack: Stack, cases: number, seed: number): Promise<void> {
  const bodies = fc.oneof(
    { weight: 6, arbitrary: mutated(BACKTEST).map(body => JSON.stringify(body) ?? '') },
    { weight: 2, arbitrary: json.map(value => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  const keys = fc.option(nasty.map(printable));
  await holds(cases, seed, fc.tuple(bodies, keys), async ([body, key]) => {
    const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key };
    const answer = await request(stack, '/api/backtests', { method: 'POST', headers, body });
    if (![201, 400, 413].includes(answer.status)) throw new Error(`a backtest is answered ${answer.status}`);
    await answer.text();
  });
  const answer = await request(stack, '/api/backtests', { method: 'POST', body: JSON.stringify(BACKTEST) });
  if (answer.status !== 201) throw new Error(`a good backtest after it is answered ${answer.status}`);
}

async function fuzzRedisRest(stack: Stack, cases: number, seed: number): Promise<void> {
  const command = ['PUBLISH', 'tickstock.jobs.cancel', '{}'];
  const bodies = fc.oneof(
    { weight: 4, arbitrary: mutated(command).map(body => JSON.stringify(body) ?? '') },
    { weight: 2, arbitrary: json.map(value => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  const paths = fc.oneof(
    { weight: 6, arbitrary: fc.constant('/') },
    nasty.map(part => `/${encodeURIComponent(wellFormed(part))}`),
  );
  const ask = (path: string, body: string, token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return fetch(stack.restUrl + path, { method: 'POST', headers, body, signal: AbortSignal.timeout(HANG_MS) });
  };
  const tokens = fc.oneof({ weight: 6, arbitrary: fc.constant(REST_TOKEN) }, nasty.map(printable));
  await holds(cases, seed, fc.tuple(paths, bodies, tokens), async ([path, body, token]) => {
    const answer = await ask(path, body, token);
    if (![200, 400, 401, 403, 404].includes(answer.status)) throw new Error(`Redis answers ${answer.status}`);
    if (token !== REST_TOKEN && answer.status !== 401) throw new Error('a stranger is let in');
    await answer.text();
  });
  const answer = await ask('/', JSON.stringify(command), REST_TOKEN);
  if (answer.status !== 200) throw new Error(`a good command after it is answered ${answer.status}`);
}

/** Holds for so many cases; shrinks one that it does not hold for. */
function holds<T>(
  cases: number,
  seed: number,
  cases_: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(cases_, check), { numRuns: cases, seed, endOnFailure: true });
}

async function request(stack: Stack, path: string, init: RequestInit): Promise<Response> {
  return fetch(stack.url + path, { ...init, redirect: 'manual', signal: AbortSignal.timeout(HANG_MS) });
}

async function inTime<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(HANG_MS, undefined, { signal: timeout.signal }).then(() => Promise.reject(new Error(otherwise))),
    ]);
  } finally {
    timeout.abort();
  }
}

/** What an HTTP header can hold. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').trim();
}

function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
