import { setTimeout as sleep } from 'node:timers/promises';
import { createEvents } from './events.ts';
import { attach } from './inspector.ts';
import { cpuSeconds, residentBytes } from './processes.ts';
import { type Row, type Section, short, type Table, whole } from './report.ts';
import type { Rig } from './rig.ts';
import { type System, type SystemName, WORKER } from './systems.ts';
import { publishNext } from './window.ts';

/** What was published to wake a system has been delivered by then. */
const SETTLE_MS = 1_500;
/** Two of our heartbeats, and more than one of Socket.IO's. */
const IDLE_MS = 30_000;
const HEAP_TARGET_BYTES = 5_000;
/** Of a minute: 5 % of one processor. */
const CPU_TARGET_SECONDS = 3;

interface Resting {
  sessions: number;
  residentBytesPerSession: number;
  /** null where no heap can be looked into. */
  heapBytesPerSession: number | null;
  cpuSecondsPerMinute: number;
}

/** Connects the rest of `sessions`, and tells what they take while nothing happens. */
export async function idle(
  rig: Rig,
  names: readonly SystemName[],
  sessions: number,
): Promise<{ table: Table; targets: Row[]; figures: Section['figures'] }> {
  const before = await Promise.all((await rig.with(names, 0)).map(memoryOf));
  const systems = await rig.with(names, sessions);
  const after = await Promise.all(systems.map(memoryOf));
  const cpuBefore = systems.map(({ pids }) => cpuSeconds(pids));
  await sleep(IDLE_MS);
  const resting = systems.map((system, i): [SystemName, Resting] => {
    const [from, to] = [before[i]!, after[i]!];
    const added = to.sessions - from.sessions;
    return [
      system.name,
      {
        sessions,
        residentBytesPerSession: (to.residentBytes - from.residentBytes) / added,
        heapBytesPerSession: to.heapBytes === null ? null : (to.heapBytes - from.heapBytes!) / added,
        cpuSecondsPerMinute: ((cpuSeconds(system.pids) - cpuBefore[i]!) * 60_000) / IDLE_MS,
      },
    ];
  });
  const figures = Object.fromEntries(resting) as Record<SystemName, Resting>;
  return { table: tableOf(resting), targets: targetsOf(figures.ours), figures };
}

interface Memory {
  sessions: number;
  residentBytes: number;
  heapBytes: number | null;
}

/** Of a system that is awake: what sleeps has given its heap away. */
async function memoryOf(system: System): Promise<Memory> {
  publishNext(system, createEvents(0));
  await sleep(SETTLE_MS);
  const heapBytes = system.inspector === null ? null : await heapOf(system, system.inspector);
  await sleep(SETTLE_MS);
  return { sessions: system.load.sessions, heapBytes, residentBytes: residentBytes(system.pids) };
}

async function heapOf(system: System, address: string): Promise<number> {
  const inspector = await attach(address, WORKER);
  try {
    const next = createEvents(0);
    return await inspector.heapBytes(() => publishNext(system, next));
  } finally {
    inspector.close();
  }
}

function tableOf(resting: readonly [SystemName, Resting][]): Table {
  const head = ['', 'KB resident a session', 'KB of JavaScript heap a session', 'CPU s a minute, idle'];
  const kb = (bytes: number | null) => (bytes === null ? '' : short(bytes / 1_000));
  const rows = resting.map(([name, { residentBytesPerSession, heapBytesPerSession, cpuSecondsPerMinute }]) => [
    name,
    kb(residentBytesPerSession),
    kb(heapBytesPerSession),
    cpuSecondsPerMinute.toFixed(2),
  ]);
  return { head, rows };
}

function targetsOf({ heapBytesPerSession, cpuSecondsPerMinute, sessions }: Resting): Row[] {
  return [
    {
      what: 'idle: JavaScript heap of ours a session',
      target: `< ${whole(HEAP_TARGET_BYTES)} bytes`,
      measured: `${whole(heapBytesPerSession!)} bytes`,
      ok: heapBytesPerSession! < HEAP_TARGET_BYTES,
    },
    {
      what: `idle: CPU of ours with ${whole(sessions)} sessions`,
      target: `< ${CPU_TARGET_SECONDS} s a minute`,
      measured: `${cpuSecondsPerMinute.toFixed(2)} s`,
      ok: cpuSecondsPerMinute < CPU_TARGET_SECONDS,
    },
  ];
}
