/** What is measured, and what of it is a target. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mediansOf, tablesOf } from './comparison.ts';
import { idle } from './idle.ts';
import { mostConnections } from './processes.ts';
import { benchPure } from './pure.ts';
import { READS_OF_TAPE, READS_UNDER_LOAD, TAPE_EVENTS, timeReads, timeReadsAtPace } from './reads.ts';
import { median, ms, quantile, type Row, type Section, short, whole } from './report.ts';
import type { Rig } from './rig.ts';
import { saturate } from './saturation.ts';
import { type Stormed, storm } from './storm.ts';
import { type System, type SystemName, startSocketIo } from './systems.ts';
import { inRounds, type Measured, measurePace, type Pace, publishAtPace, ROUNDS, type Windows } from './window.ts';

const SESSIONS = 500;
const STORM_SESSIONS = 2_000;
const CROWD_SESSIONS = Math.min(10_000, mostConnections());
const READ_TARGET_MS = 10;
/** Of events at a pace. */
const WINDOW_SECONDS = 3;

/** By name, in the order in which they run: each takes over the sessions of the one before. */
export const WORKLOADS = { broadcast, filters, rest, reads, saturation, storm: storms, crowd, pure };
export type WorkloadName = keyof typeof WORKLOADS;
/** That read what is on a tape. */
export const READING: readonly WorkloadName[] = ['rest', 'reads'];

async function broadcast(rig: Rig): Promise<Section> {
  const systems = await rig.with(['ours', 'Socket.IO', 'PartyServer', 'ws', 'floor'], SESSIONS);
  const pace = { eventsPerSecond: 50, asking: 'everything' } as const;
  for (const { load } of systems) await load.ask(pace.asking);
  const windows = await paceInRounds(systems, pace);
  const { ours, 'Socket.IO': socketIo } = mediansOf(windows);
  return {
    title: `broadcast: ${SESSIONS} sessions, 50 events/s, all match`,
    tables: tablesOf(windows),
    targets: [
      below('broadcast: p50 of ours', ours!.p50Ms, 8),
      below('broadcast: p99 of ours', ours!.p99Ms, 30),
      atMost('broadcast: p99 of ours', ours!.p99Ms, 2, socketIo!.p99Ms, 'Socket.IO'),
      delivered('broadcast', windows),
    ],
    figures: windows,
  };
}

async function filters(rig: Rig): Promise<Section> {
  const systems = await rig.with(['ours', 'Socket.IO', 'PartyServer'], SESSIONS);
  const pace = { eventsPerSecond: 200, asking: 'mixed' } as const;
  for (const { load } of systems) await load.ask(pace.asking);
  const windows = await paceInRounds(systems, pace);
  const { ours, 'Socket.IO': socketIo } = mediansOf(windows);
  return {
    title: `filters: ${SESSIONS} sessions with filters of their own, 200 events/s`,
    tables: tablesOf(windows),
    targets: [
      atMost('filters: p99 of ours', ours!.p99Ms, 1, socketIo!.p99Ms, 'Socket.IO'),
      delivered('filters', windows),
    ],
    figures: windows,
  };
}

async function rest(rig: Rig): Promise<Section> {
  const [system] = await rig.with(['ours'], SESSIONS);
  const { stack } = await rig.ours();
  await system!.load.ask('mixed');
  const took: number[][] = READS_UNDER_LOAD.map(() => []);
  for (let seed = 0; seed < ROUNDS; seed++) {
    const pace = { eventsPerSecond: 200, seconds: WINDOW_SECONDS, asking: 'mixed', seed } as const;
    const [times] = await Promise.all([timeReadsAtPace(stack, SESSIONS, pace.seconds), publishAtPace(system!, pace)]);
    for (const [kind, more] of times.entries()) took[kind]!.push(...more);
  }
  for (const times of took) times.sort((a, b) => a - b);
  return readSection(
    `rest: reads of ours while it carries the events of "filters", ${whole(TAPE_EVENTS)} events and more on the tape`,
    READS_UNDER_LOAD.map(({ what }) => `under load, ${what}`),
    took,
  );
}

async function reads(rig: Rig): Promise<Section> {
  await rig.with(['ours'], SESSIONS);
  const { stack } = await rig.ours();
  const took: number[][] = [];
  for (const read of READS_OF_TAPE) took.push(await timeReads(stack, read, SESSIONS));
  return readSection(
    `reads: reads of ours, ${whole(TAPE_EVENTS)} events and more on the tape, ${SESSIONS} sessions connected`,
    READS_OF_TAPE.map(({ what }) => what),
    took,
  );
}

async function saturation(rig: Rig): Promise<Section> {
  const compared = await rig.with(['ours', 'Socket.IO'], SESSIONS);
  const others = await rig.with(['PartyServer', 'ws', 'floor'], SESSIONS);
  for (const { load } of [...compared, ...others]) await load.ask('everything');
  const broke: string[] = [];
  const window = async (system: System): Promise<Measured> => {
    const { broke: why, ...measured } = await saturate(system);
    if (why !== null) broke.push(`${system.name}: ${why}`);
    return measured;
  };
  const windows = await inRounds(compared, window, () => Promise.resolve());
  for (const other of others) windows[other.name] = [await window(other)];
  await rig.drop('floor');
  const { ours, 'Socket.IO': socketIo } = mediansOf(windows);
  const times = ours!.deliveriesPerSecond / socketIo!.deliveriesPerSecond;
  return {
    title: `saturation: ${SESSIONS} sessions, all match, as many events as are delivered`,
    tables: tablesOf(windows),
    targets: [
      {
        what: 'saturation: deliveries/s of ours',
        target: '5 times those of Socket.IO',
        measured: `${whole(ours!.deliveriesPerSecond)}, ${short(times)} times ${whole(socketIo!.deliveriesPerSecond)}`,
        ok: times >= 5,
      },
      {
        what: 'saturation: kept up for 10 s',
        target: 'all delivered, delays do not grow',
        measured: broke.join('; ') || 'by all',
        ok: !broke.some(why => why.startsWith('ours')),
      },
    ],
    figures: windows,
  };
}

async function storms(rig: Rig): Promise<Section> {
  const systems = await rig.with(['ours', 'PartyServer', 'ws'], STORM_SESSIONS);
  const recovering = await startSocketIo(true);
  try {
    await recovering.load.connect(STORM_SESSIONS);
    systems.splice(1, 0, recovering);
    const all: Partial<Record<SystemName, Stormed[]>> = {};
    for (const { load } of systems) await load.ask('everything');
    for (let round = 0; round < ROUNDS; round++) {
      for (const system of systems) {
        all[system.name] ??= [];
        all[system.name]!.push(await storm(system, round));
      }
    }
    return stormSection(all);
  } finally {
    await recovering.stop();
  }
}

function stormSection(all: Partial<Record<SystemName, Stormed[]>>): Section {
  const rows = Object.entries(all).map(([name, stormed]) => {
    const sum = (figure: keyof Stormed) => stormed.reduce((total, each) => total + each[figure], 0);
    const back = ms(median(stormed.map(({ backMs }) => backMs)));
    const share = `${whole(sum('lost'))} of ${whole(sum('expected'))}`;
    return [name, back, `${whole(sum('recovered'))} of ${whole(sum('sessions'))}`, share, whole(sum('doubled'))];
  });
  const ours = all.ours!;
  const longestMs = Math.max(...ours.map(({ backMs }) => backMs));
  const isWhole = ours.every(
    ({ recovered, sessions, lost, doubled }) => recovered === sessions && lost + doubled === 0,
  );
  return {
    title: `storm: ${STORM_SESSIONS} sessions are cut and return at once after 500 ms, at 5 events/s`,
    tables: [{ head: ['', 'all back, median', 'resumed', 'events lost', 'doubled'], rows }],
    targets: [
      {
        what: 'storm: sessions of ours',
        target: 'all resume, nothing lost or doubled',
        measured: rows[0]!.slice(2).join(', '),
        ok: isWhole,
      },
      below('storm: all of ours are back', longestMs, 10_000),
    ],
    figures: all,
  };
}

async function crowd(rig: Rig): Promise<Section> {
  const names: SystemName[] = ['ours', 'Socket.IO', 'PartyServer', 'ws'];
  const resting = await idle(rig, names, CROWD_SESSIONS);
  const systems = await rig.with(names, CROWD_SESSIONS);
  const pace = { eventsPerSecond: 2, asking: 'everything' } as const;
  const windows = await paceInRounds(systems, pace);
  const { ours } = mediansOf(windows);
  return {
    title: `crowd: ${whole(CROWD_SESSIONS)} sessions, idle and then at 2 events/s, all match`,
    tables: [resting.table, ...tablesOf(windows)],
    targets: [...resting.targets, below('crowd: p99 of ours', ours!.p99Ms, 1_500), delivered('crowd', windows)],
    figures: { idle: resting.figures, windows },
  };
}

/** A window of each system in each round, after a short one that is not counted. */
function paceInRounds(systems: readonly System[], pace: Pick<Pace, 'eventsPerSecond' | 'asking'>): Promise<Windows> {
  return inRounds(
    systems,
    (system, seed) => measurePace(system, { ...pace, seconds: WINDOW_SECONDS, seed }),
    system => measurePace(system, { ...pace, seconds: 1, seed: 99 }),
  );
}

async function pure(): Promise<Section> {
  // Gives what has been connected a moment to come to rest, as this takes all of a processor.
  await sleep(0);
  const targets = benchPure();
  return { title: 'pure: parts by themselves', tables: [], targets, figures: targets };
}

function readSection(title: string, whats: readonly string[], took: readonly number[][]): Section {
  const quantiles = took.map(times => [0.5, 0.95, 0.99].map(q => quantile(times, q)));
  return {
    title,
    tables: [{ head: ['', 'p50', 'p95', 'p99'], rows: whats.map((what, i) => [what, ...quantiles[i]!.map(ms)]) }],
    targets: whats.map((what, i) => below(`REST, ${what}: p99`, quantiles[i]![2]!, READ_TARGET_MS)),
    figures: Object.fromEntries(whats.map((what, i) => [what, quantiles[i]])),
  };
}

function below(what: string, valueMs: number, mostMs: number): Row {
  return { what, target: `< ${whole(mostMs)} ms`, measured: ms(valueMs), ok: valueMs < mostMs };
}

function atMost(what: string, valueMs: number, times: number, otherMs: number, other: string): Row {
  const target = times === 1 ? `below ${other}'s` : `at most ${times} times ${other}'s`;
  const ok = times === 1 ? valueMs < otherMs : valueMs <= times * otherMs;
  return { what, target, measured: `${ms(valueMs)} to ${ms(otherMs)}`, ok };
}

function delivered(what: string, windows: Windows): Row {
  const [deliveries, expected] = (['deliveries', 'expected'] as const).map(figure =>
    windows.ours!.reduce((sum, window) => sum + window[figure], 0),
  ) as [number, number];
  return {
    what: `${what}: delivered by ours`,
    target: whole(expected),
    measured: whole(deliveries),
    ok: deliveries === expected,
  };
}
