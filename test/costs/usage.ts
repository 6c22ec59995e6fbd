import { HEARTBEAT_MS } from '../../shared/limits.ts';
import { TOPICS } from '../../shared/topics.ts';
import { PING_EVERY_MS } from '../../web/client/connection.ts';
import { ACTIVE_MS, ROWS } from './measured.ts';
import { MESSAGES_PER_REQUEST, type Meter, OBJECT_GB } from './prices.ts';

/** What a month is reckoned with. */
export interface Scenario {
  /** Who are connected on a trading day. */
  users: number;
  /** TickStockPL's, over all tiers. */
  patternsPerDay: number;
}

/** One line of the reckoning: the product of its factors, which say what they are. */
export interface Line {
  meter: Meter;
  what: string;
  factors: Record<string, number>;
}

/** Where nothing can be measured beforehand. */
export const ASSUMED = {
  'trading days': 21,
  bridges: 2,
  'other events a day': 1_000,
  'hours connected': 8,
  'connections a day': 3,
  'REST reads a day': 20,
  'rows a read looks at': 2_000,
  'messages a day': 50,
  'changes a day': 5,
  'rows a connection': 4,
  'rows a change': 4,
  'CPU ms a request': 2,
  's a call of a user’s object': 0.1,
  'kB an event': 1.5,
  'days kept': 7,
  'kB a user': 20,
  'KV reads a day': 2,
};

const DAYS = 30;
const SECONDS = DAYS * 86_400;
const MS = 1 / 1_000;
/** One socket of each topic and one for what is the user's own. */
const SOCKETS = TOPICS.length + 1;
/** Sockets that one object can hold, by the platform; past that the sockets go to replicas of so many each. */
const MAX_SOCKETS = 32_768;
const REPLICA_SOCKETS = 2_500;

/** The objects of one topic besides its hub: none while that can hold the sockets itself. */
export function replicasFor(users: number): number {
  return users <= MAX_SOCKETS ? 0 : Math.ceil(users / REPLICA_SOCKETS);
}

/** What a month uses. */
export function usageOf({ users, patternsPerDay }: Scenario): Line[] {
  const { bridges, 'trading days': days, ...each } = ASSUMED;
  const replicas = replicasFor(users);
  const month = { users, 'trading days': days };
  const events = { 'events a day': patternsPerDay + each['other events a day'], 'trading days': days };
  const heartbeats = { bridges, topics: TOPICS.length, 'heartbeats a month': SECONDS / (HEARTBEAT_MS / 1_000) };
  // One of all bridges together is told.
  const { bridges: _, ...toldHeartbeats } = heartbeats;
  const connections = { ...month, 'connections a day': each['connections a day'] };
  const upgrades = { ...connections, sockets: SOCKETS };
  const reads = { ...month, 'REST reads a day': each['REST reads a day'] };
  const tickets = connections;
  const batches = { bridges, ...events };
  const pings = (each['hours connected'] * 3_600_000) / PING_EVERY_MS;
  const cpu = { 'CPU ms a request': each['CPU ms a request'] };
  const awake = { 's a call': each['s a call of a user’s object'], GB: OBJECT_GB };
  const working = (ms: number) => ({ 's a call': ms * MS, GB: OBJECT_GB });
  const perRequest = { 'of a request': 1 / MESSAGES_PER_REQUEST };

  const toWorker: [string, Record<string, number>][] = [
    ['batches, each event alone', batches],
    ['heartbeats', heartbeats],
    ['tickets', tickets],
    ['WebSockets opened', upgrades],
    ['REST reads', reads],
  ];
  const lines: Line[] = [
    ...toWorker.map(([what, factors]): Line => ({ meter: 'workerRequests', what, factors })),
    ...toWorker.map(([what, factors]): Line => ({ meter: 'workerCpuMs', what, factors: { ...factors, ...cpu } })),
    { meter: 'objectRequests', what: 'batches, each event alone', factors: batches },
    { meter: 'objectRequests', what: 'heartbeats', factors: heartbeats },
    { meter: 'objectRequests', what: 'WebSockets opened', factors: upgrades },
    { meter: 'objectRequests', what: 'REST reads', factors: reads },
    {
      meter: 'objectRequests',
      what: 'messages of clients',
      factors: { ...month, 'messages a day': each['messages a day'], ...perRequest },
    },
    {
      meter: 'objectRequests',
      what: 'pings, as if they were charged',
      factors: { ...month, sockets: SOCKETS, 'pings a day': pings, ...perRequest },
    },
    { meter: 'objectRequests', what: 'to replicas: events', factors: { replicas, ...events } },
    { meter: 'objectRequests', what: 'to replicas: heartbeats', factors: { replicas, ...toldHeartbeats } },
    { meter: 'objectGbSeconds', what: 'hubs: batches', factors: { ...batches, ...working(ACTIVE_MS.perBatch) } },
    { meter: 'objectGbSeconds', what: 'hubs: heartbeats', factors: { ...heartbeats, ...working(ACTIVE_MS.perBatch) } },
    { meter: 'objectGbSeconds', what: 'hubs: REST reads', factors: { ...reads, ...working(ACTIVE_MS.perRead) } },
    {
      meter: 'objectGbSeconds',
      what: 'hubs: WebSockets opened, messages of clients',
      factors: {
        ...month,
        'calls a day': each['connections a day'] * SOCKETS + each['messages a day'],
        ...working(ACTIVE_MS.perMessage),
      },
    },
    {
      meter: 'objectGbSeconds',
      what: 'frames of events, as if all wanted all',
      factors: { users, ...events, ...working(ACTIVE_MS.perFrame) },
    },
    {
      meter: 'objectGbSeconds',
      what: 'frames of heartbeats',
      factors: {
        ...month,
        sockets: SOCKETS,
        'heartbeats a day': (each['hours connected'] * 3_600_000) / HEARTBEAT_MS,
        ...working(ACTIVE_MS.perFrame),
      },
    },
    {
      meter: 'objectGbSeconds',
      what: 'replicas: events, heartbeats',
      factors: {
        replicas,
        'calls a month': amountOf(events) + amountOf(toldHeartbeats),
        ...working(ACTIVE_MS.perForward),
      },
    },
    { meter: 'objectGbSeconds', what: 'users’ objects: connections', factors: { ...connections, ...awake } },
    {
      meter: 'objectGbSeconds',
      what: 'users’ objects: changes',
      factors: { ...month, 'changes a day': each['changes a day'], ...awake },
    },
    {
      meter: 'rowsWritten',
      what: 'events, and as much again when they are deleted',
      factors: { ...events, 'rows an event': ROWS.perPattern, twice: 2 },
    },
    {
      meter: 'rowsWritten',
      what: 'how far tapes go, each event alone',
      factors: { ...events, 'rows an event': ROWS.perAppend },
    },
    {
      meter: 'rowsWritten',
      what: 'to replicas: events',
      factors: { replicas, ...events, 'rows a replica': ROWS.perForward + ROWS.counts },
    },
    { meter: 'rowsWritten', what: 'batches', factors: { ...batches, 'rows a batch': ROWS.perBatch + ROWS.counts } },
    {
      meter: 'rowsWritten',
      what: 'heartbeats',
      factors: { ...heartbeats, 'rows a heartbeat': ROWS.perBatch + ROWS.perHeartbeat + ROWS.counts },
    },
    {
      meter: 'rowsWritten',
      what: 'WebSockets opened',
      factors: { ...upgrades, 'rows a connection': each['rows a connection'] },
    },
    {
      meter: 'rowsWritten',
      what: 'changes of what is a user’s own',
      factors: { ...month, 'changes a day': each['changes a day'], 'rows a change': each['rows a change'] },
    },
    {
      meter: 'rowsRead',
      what: 'REST reads',
      factors: { ...reads, 'rows a read looks at': each['rows a read looks at'] },
    },
    {
      meter: 'rowsRead',
      what: 'snapshots',
      factors: { ...upgrades, 'rows a read looks at': each['rows a read looks at'] },
    },
    {
      meter: 'storedKb',
      what: 'tapes',
      factors: {
        'events a day': events['events a day'],
        'days kept': each['days kept'],
        'kB an event': each['kB an event'],
      },
    },
    { meter: 'storedKb', what: 'what is users’ own', factors: { users, 'kB a user': each['kB a user'] } },
    { meter: 'kvReads', what: 'names of symbols', factors: { ...month, 'KV reads a day': each['KV reads a day'] } },
  ];
  return lines.filter(({ factors }) => amountOf(factors) > 0);
}

export function amountOf(factors: Record<string, number>): number {
  return Object.values(factors).reduce((product, factor) => product * factor, 1);
}
