/**
 * `npm run soak`: 60 minutes at 250 events/s with 201 sessions, after thousands of connections that came and went and beside
 * readers that never read, and what workerd and the bridge have resident meanwhile. `-- --minutes 5`. Ends with status 1 when
 * either grows after its warm-up by more than a tenth, when SQLite's logs do not stay small, or when a session is told that it
 * missed anything.
 *
 * Of the sessions a tenth ask for everything, the others for some symbols each, as users do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TIERS } from '../../shared/topics.ts';
import { Feed } from '../bench/web/feed.ts';
import { SYMBOLS } from '../simulator/symbols.ts';
import { eventually } from '../support/eventually.ts';
import { sqliteLogMb } from '../support/sqlite-logs.ts';
import { Stack } from '../support/stack.ts';
import { residentMb } from './resident.ts';
import { SocketProxy } from './socket-proxy.ts';

const PER_SECOND = 250;
const SESSIONS_PER_TIER = 67;
const EVERY_NTH_ASKS_FOR_ALL = 10;
const SYMBOLS_OF_A_SESSION = 5;
const UNREAD = 50;
const CHURN = { connections: 1_000, times: 20, atOnce: 100 };
/** As browsers do; a hub sends those away that give no sign of life for ten minutes. */
const PING_EVERY_MS = 60_000;
const WARM_UP = 0.25;
const MAX_GROWTH = 0.1;
const MAX_LOG_MB = 64;
const SAMPLES = 40;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0');

const stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0' } });
const feed = await Feed.start(stack.redisUrl);
const measure = async () => ({
  workerd: await residentMb({ name: 'workerd' }),
  bridge: await residentMb({ pid: stack.bridge.process.pid! }),
});
type Sample = Awaited<ReturnType<typeof measure>>;

await say('at the start');
await churn();
await say(`after ${CHURN.connections} connections opened and closed ${CHURN.times} times`);

const told = { deliveries: 0, gaps: 0, withheld: 0, closed: 0 };
const sessions = await Promise.all(
  TIERS.flatMap(tier =>
    Array.from({ length: SESSIONS_PER_TIER }, async (_, i) => {
      const socket = await connect(`${stack.url.replace('http', 'ws')}/ws/${tier}`, filterOf(i));
      socket.onmessage = ({ data }: MessageEvent<string>) => data !== 'pong' && note(JSON.parse(data));
      socket.onclose = () => told.closed++;
      return socket;
    }),
  ),
);
const proxy = await SocketProxy.start(stack.edgePort);
const unread = await Promise.all(
  Array.from({ length: UNREAD }, () => connect(`ws://127.0.0.1:${proxy.port}/ws/intraday`)),
);
proxy.freeze(true);
await say(`with ${TIERS.length * SESSIONS_PER_TIER} sessions and ${UNREAD} that never read`);

const pinging = setInterval(() => {
  for (const socket of sessions) socket.send('ping');
}, PING_EVERY_MS);
const untilMs = Date.now() + minutes * 60_000;
const publishing = feed.send({ perSecond: PER_SECOND, count: Math.round(minutes * 60 * PER_SECOND) });
const samples: Sample[] = [];
while (Date.now() < untilMs) {
  await sleep((minutes * 60_000) / SAMPLES);
  samples.push(await measure());
  await say(`${((samples.length * minutes) / SAMPLES).toFixed(1)} minutes`);
}
await publishing;
clearInterval(pinging);
const warm = samples.slice(Math.floor(samples.length * WARM_UP));
console.log(
  `${minutes} minutes, ${told.deliveries.toLocaleString('en-US')} deliveries; told: ${told.gaps} gaps, ${told.withheld} withheld; ${told.closed} closed`,
);
let isFlat = true;
for (const part of ['workerd', 'bridge'] as const) {
  const series = warm.map(sample => sample[part]);
  const tenth = Math.max(1, Math.floor(series.length / 10));
  const [first, last] = [median(series.slice(0, tenth)), median(series.slice(-tenth))];
  const perHour = slope(series) * (SAMPLES / (minutes / 60));
  const growth = last / first - 1;
  isFlat &&= growth <= MAX_GROWTH;
  console.log(
    `${part}: ${first.toFixed(0)} MB after the warm-up, ${last.toFixed(0)} MB at the end (${(growth * 100).toFixed(1)} %), slope ${perHour.toFixed(1)} MB an hour`,
  );
}
const logMb = await sqliteLogMb(stack.dataDir);
console.log(`SQLite's logs: ${logMb.toFixed(0)} MB`);
const hasMissed = told.gaps + told.withheld + told.closed > 0;
for (const socket of [...sessions, ...unread]) {
  socket.onclose = null;
  socket.close();
}
feed.close();
await proxy.stop();
await stack.stop();
process.exit(isFlat && logMb <= MAX_LOG_MB && !hasMissed ? 0 : 1);

async function say(when: string): Promise<void> {
  const { workerd, bridge } = await measure();
  const logMb = await sqliteLogMb(stack.dataDir);
  console.log(
    `${when}: workerd ${workerd.toFixed(0)} MB, bridge ${bridge.toFixed(0)} MB, SQLite's logs ${logMb.toFixed(0)} MB`,
  );
}

async function churn(): Promise<void> {
  for (let time = 0; time < CHURN.times; time++) {
    for (let opened = 0; opened < CHURN.connections; opened += CHURN.atOnce) {
      const sockets = await Promise.all(
        Array.from({ length: CHURN.atOnce }, () => connect(`${stack.url.replace('http', 'ws')}/ws/daily`)),
      );
      for (const socket of sockets) socket.close();
    }
  }
  await eventually(async () => {
    const { hubs } = await stack.get<{ hubs: Record<string, { sessions: number }> }>('/api/websocket/health');
    if (hubs.daily!.sessions > 0) throw new Error(`${hubs.daily!.sessions} sessions are left`);
  });
}

function filterOf(session: number): object {
  if (session % EVERY_NTH_ASKS_FOR_ALL === 0) return {};
  const first = (session * SYMBOLS_OF_A_SESSION) % SYMBOLS.length;
  return { symbols: SYMBOLS.slice(first, first + SYMBOLS_OF_A_SESSION) };
}

function note(frame: { type: string; events?: unknown[]; withheld?: { rate_limited: number; skipped: number } }): void {
  told.deliveries += frame.events?.length ?? 0;
  if (frame.type === 'gap') told.gaps++;
  if (frame.withheld) told.withheld += frame.withheld.rate_limited + frame.withheld.skipped;
}

function connect(url: string, filter: object = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'tickstock.v1');
    socket.onerror = () => reject(new Error(`${url} refuses a connection`));
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (data.startsWith('{"type":"hello"')) socket.send(JSON.stringify({ type: 'subscribe', id: 'own', filter }));
      else if (data.startsWith('{"type":"subscribed"')) resolve(socket);
    };
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Of the line through the values that fits best, per step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  const run = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return run === 0 ? 0 : rise / run;
}
