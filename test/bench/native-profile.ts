/** Where workerd's time goes below JavaScript: ours beside the floor, by Linux's `perf`. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSeconds, nameOf } from './processes.ts';
import { type Section, short } from './report.ts';
import { type System, startFloor, startOurs } from './systems.ts';
import { measurePace } from './window.ts';

const SESSIONS = 500;
const PACE = { eventsPerSecond: 50, seconds: 8, asking: 'everything' } as const;
/** Less than the window takes. */
const RECORDED_SECONDS = 6;
const SAMPLES_PER_SECOND = 999;
const SAMPLE_MS = 1_000 / SAMPLES_PER_SECOND;
const LONG_PAUSE_MS = 10;
/** Of `perf script`, which prints a stack for each sample. */
const MAX_OUTPUT_BYTES = 1 << 30;

/** What a sample is of: the first whose words are in its stack. */
const KINDS: readonly [what: string, words: RegExp][] = [
  ['collecting garbage', /CollectGarbage/],
  ['SQLite, and what calls it', /sqlite3|Sqlite|SqlStorage/],
  ['the kernel, writing to sockets', /sendto|__send\b|sys_write/],
  ['handing a frame to its connection', /WebSocketAdapter::pump|WebSocketPipe/],
  ['ws.send: beginning to hand frames on', /ensurePumping/],
  ['ws.send: all else', /WebSocket::send/],
  ['once a frame is out: the isolate’s lock, a promise', /resumeAfterIo<void/],
  ['JavaScript of the hub', /JsRpcTarget|TimeoutManager/],
  ['JavaScript of the Worker', /v8::internal::.*Invoke|Builtins_/],
];
const REST = 'all else: event loop, HTTP, calls between objects';

/** Microseconds of workerd per frame, by what they go into, and for how long it stood still to collect garbage. */
export async function nativeProfile(): Promise<Section> {
  const title = 'broadcast, in workerd below JavaScript: us a frame';
  if (!hasPerf()) {
    const rows = [['perf is not there: apt-get install linux-perf']];
    return { title, tables: [{ head: ['missing'], rows }], targets: [], figures: null };
  }
  const [ours, floor] = [await profileOf(await startOurs()), await profileOf(await startFloor())];
  const sum = ({ us }: Profile) => [...us.values()].reduce((total, each) => total + each, 0);
  const rows = [...KINDS.map(([what]) => what), REST].map(what => [
    what,
    ...[ours, floor].map(({ us }) => short(us.get(what) ?? 0)),
  ]);
  rows.push(['together', short(sum(ours)), short(sum(floor))]);
  rows.push(['pauses of 10 ms and more to collect garbage', ...[ours, floor].map(pausesOf)]);
  return { title, tables: [{ head: ['', 'ours', 'floor'], rows }], targets: [], figures: null };
}

interface Profile {
  /** By kind. */
  us: ReadonlyMap<string, number>;
  /** Of each that was long, in milliseconds. */
  pausesMs: number[];
}

function pausesOf({ pausesMs }: Profile): string {
  const longest = pausesMs.length === 0 ? '' : `, the longest ${Math.max(...pausesMs)} ms`;
  return `${pausesMs.length} in ${RECORDED_SECONDS} s${longest}`;
}

async function profileOf(system: System): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'tickstock-perf-'));
  const file = join(folder, 'perf.data');
  const pid = system.pids.find(pid => nameOf(pid) === 'workerd')!;
  try {
    await system.load.connect(SESSIONS);
    await system.load.ask(PACE.asking);
    await measurePace(system, { ...PACE, seconds: 2, seed: 0 });
    const cpuBefore = cpuSeconds([pid]);
    const recorded = perf(
      'record',
      '-F',
      String(SAMPLES_PER_SECOND),
      '-g',
      '-p',
      String(pid),
      '-o',
      file,
      '--',
      'sleep',
      String(RECORDED_SECONDS),
    );
    const { deliveries, eventsPerMessage } = await measurePace(system, { ...PACE, seed: 1 });
    const frames = deliveries / eventsPerMessage;
    const usPerFrame = ((cpuSeconds([pid]) - cpuBefore) * 1_000_000) / frames;
    await recorded;
    const { stdout } = await perf('script', '-i', file, '-F', 'tid,time,ip,sym');
    const stacks = stdout.split('\n\n').filter(stack => stack.trim() !== '');
    const us = new Map<string, number>();
    for (const stack of stacks) {
      const [what] = KINDS.find(([, words]) => words.test(stack)) ?? [REST];
      us.set(what, (us.get(what) ?? 0) + usPerFrame / stacks.length);
    }
    return { us, pausesMs: pausesIn(stacks, pid) };
  } finally {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Samples one after another of the main thread, whose id is the process's, that all collect garbage. */
function pausesIn(stacks: readonly string[], pid: number): number[] {
  const [[, collecting]] = KINDS as [[string, RegExp]];
  const pauses: { fromMs: number; toMs: number }[] = [];
  for (const stack of stacks) {
    const [, tid, seconds] = /^\s*(\d+)\s+(\d+\.\d+):/.exec(stack) ?? [];
    if (Number(tid) !== pid || !collecting.test(stack)) continue;
    const atMs = Number(seconds) * 1_000;
    const last = pauses.at(-1);
    if (last && atMs - last.toMs < 2 * SAMPLE_MS) last.toMs = atMs;
    else pauses.push({ fromMs: atMs, toMs: atMs });
  }
  return pauses.map(({ fromMs, toMs }) => Math.round(toMs - fromMs)).filter(ms => ms >= LONG_PAUSE_MS);
}

function perf(...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)('perf', args, { maxBuffer: MAX_OUTPUT_BYTES });
}

function hasPerf(): boolean {
  try {
    execFileSync('perf', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
