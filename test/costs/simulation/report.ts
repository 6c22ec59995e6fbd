import { HEARTBEAT_MS } from '../../../shared/limits.ts';
import { TOPICS } from '../../../shared/topics.ts';
import { OBJECT_GB, PRICES } from '../prices.ts';
import { ASSUMED } from '../usage.ts';
import type { PerCall, TreeCosts } from './tree.ts';

/** Of each bridge. Of all bridges together as many are told. */
const HEARTBEATS_A_MONTH = TOPICS.length * ((30 * 86_400_000) / HEARTBEAT_MS);

/** What the tree was counted to need, and what that costs in a month of so many patterns a day, with nothing included. */
export function treeReport(
  { sessions, nodes, joins, perEvent, perHeartbeat }: TreeCosts,
  patternsPerDay: number,
): string {
  const events = (patternsPerDay + ASSUMED['other events a day']) * ASSUMED['trading days'];
  // The root writes down every one.
  const untold = { ...perHeartbeat, requests: 1, replicaMs: 0 };
  const sum = (of: (call: PerCall) => number) =>
    events * of(perEvent) + HEARTBEATS_A_MONTH * (of(perHeartbeat) + (ASSUMED.bridges - 1) * of(untold));
  const requests = sum(call => call.requests);
  const rows = sum(call => call.rowsWritten);
  const gbSeconds = sum(call => ((call.rootMs + nodes * call.replicaMs) / 1_000) * OBJECT_GB);
  const lines: [what: string, used: number, price: number][] = [
    ['requests to objects', requests, PRICES.objectRequests.usdPerMillion],
    ['rows written', rows, PRICES.rowsWritten.usdPerMillion],
    ['GB-s', gbSeconds, PRICES.objectGbSeconds.usdPerMillion],
  ];
  const usd = (used: number, price: number) => (used / 1e6) * price;
  const total = lines.reduce((all, [, used, price]) => all + usd(used, price), 0);
  return [
    `${whole(sessions)} sessions on ${nodes} replicas of one topic, all with sessions; ${joins} requests to join.`,
    callLine('an event that comes alone', perEvent),
    callLine('a heartbeat that is told', perHeartbeat),
    `A month of ${whole(events)} events and ${whole(HEARTBEATS_A_MONTH)} heartbeats of each of ${ASSUMED.bridges} bridges, on ${TOPICS.length} topics with as many replicas each:`,
    ...lines.map(([what, used, price]) => `  ${what}: ${whole(used)} = $${usd(used, price).toFixed(2)}`),
    `  together $${total.toFixed(2)}, with nothing that the plan includes; connections, pings and reads come on top (npm run costs)`,
  ].join('\n');
}

function callLine(what: string, { requests, rowsWritten, rootMs, replicaMs, frames }: PerCall): string {
  return `${what}: ${requests} requests, ${rowsWritten} rows written, ${rootMs.toFixed(1)} ms of the root, ${replicaMs.toFixed(2)} ms of each replica, ${whole(frames)} frames`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
