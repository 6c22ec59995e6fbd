import { setTimeout as sleep } from 'node:timers/promises';
import { measurePage, PAGE_BUDGET_KB } from '../../support/page-size.ts';
import { ms, type Row } from '../report.ts';
import type { LongFrame } from './in-page.ts';
import { interact } from './interact.ts';
import type { LivePage, Memory } from './live-page.ts';
import type { Rig } from './rig.ts';

/** A filter of the server's and one of the page's on each column, and every column grouped. */
const PATH = `/?${['d', 'i', 'c'].map(tier => `${tier}=${encodeURIComponent('conf>=60 age<60m')}`).join('&')}&v=ggg`;
/** Of the patterns that are published, the share that this filter lets through. */
const PASSING = 0.917;

/** The page's own statistics are of the last minute: a phase lasts longer, so that only it is in them. */
const WINDOW_SECONDS = 62;
const PER_SECOND = 100;
const BURST = { perSecond: 300, seconds: 10 };
const SOAK = { perSecond: 3_000, events: 360_000, steps: 6 };
const TAP_SECONDS = 30;
const CONTROL_SECONDS = 20;

/** What is measured, by name; each opens a page of its own. */
export const PHASES: Record<string, (rig: Rig) => Promise<Row[]>> = {
  size: measureSize,
  load: measureLoad,
  control: measureControl,
  paint: measurePaint,
  frames: measureFrames,
  interaction: measureInteraction,
  memory: measureMemory,
};

async function measureSize(): Promise<Row[]> {
  const { initialJsKb, cssKb, lazy } = await measurePage();
  const [largest] = lazy;
  return [
    row('initial JavaScript, gzipped', initialJsKb, PAGE_BUDGET_KB.initialJs, kb),
    row('CSS, gzipped', cssKb, PAGE_BUDGET_KB.css, kb),
    row(`largest part loaded later (${largest?.name}), gzipped`, largest?.kb ?? 0, PAGE_BUDGET_KB.lazyJs, kb),
  ];
}

async function measureLoad(rig: Rig): Promise<Row[]> {
  await rig.send(2_000, 3_000);
  const page = await rig.open();
  await send(rig, PER_SECOND, 10);
  const { lcpMs, cls, largestShift } = await page.loaded();
  await page.close();
  return [
    row('largest contentful paint', lcpMs, 1_500, ms),
    row(`layout shift over 10 s at ${PER_SECOND}/s`, cls, 0.02, value => value.toFixed(3), largestShift ?? ''),
  ];
}

/** What the browser takes on this machine for bare rows without the dashboard, and for the dashboard without its rows. */
async function measureControl(rig: Rig): Promise<Row[]> {
  const rows: Row[] = [];
  for (const rate of [1, 4, 6]) {
    const { p50, p95, n } = await rig.runControl(rate, { perSecond: PER_SECOND, seconds: CONTROL_SECONDS });
    rows.push({
      what: `control: bare rows without the dashboard, ${PER_SECOND}/s, processor ${rate}x slower`,
      target: null,
      measured: `p95 ${ms(p95)}, p50 ${ms(p50)} (n ${n})`,
      ok: null,
    });
  }
  const page = await rig.openFull(PATH);
  await page.hideRows();
  await page.throttle(4);
  await send(rig, PER_SECOND, WINDOW_SECONDS);
  const { p50, p95, n } = await page.paintStats();
  await page.close();
  rows.push({
    what: `control: the dashboard with its rows hidden, ${PER_SECOND}/s, processor 4x slower`,
    target: null,
    measured: `p95 ${ms(p95)}, p50 ${ms(p50)} (n ${n})`,
    ok: null,
  });
  return rows;
}

async function measurePaint(rig: Rig): Promise<Row[]> {
  const page = await rig.openFull(PATH);
  const rows: Row[] = [];
  for (const [rate, budget] of [
    [1, 25],
    [4, 40],
    [6, 50],
  ] as const) {
    await page.throttle(rate);
    const [worked, startedAt] = [await page.workedSeconds(), performance.now()];
    await send(rig, PER_SECOND, WINDOW_SECONDS);
    const share = ((await page.workedSeconds()) - worked) / ((performance.now() - startedAt) / 1_000);
    rows.push(await paintRow(page, `message to paint, ${PER_SECOND}/s, processor ${rate}x slower`, budget));
    if (rate === 1) rows.push(row(`main thread at work, ${PER_SECOND}/s`, share, 0.25, percent));
  }
  await page.close();
  return rows;
}

async function measureFrames(rig: Rig): Promise<Row[]> {
  const page = await rig.openFull(PATH);
  await page.throttle(4);
  await page.watchFrames(true);
  await page.take();
  await send(rig, PER_SECOND, WINDOW_SECONDS);
  const { frames, longFrames } = await page.take();
  await page.watchFrames(false);
  const slow = frames.filter(frame => frame > 33).length / frames.length;
  const what = `at ${PER_SECOND}/s, processor 4x slower`;
  const rows = [
    row(`frames over 50 ms ${what}, of ${frames.length}`, frames.filter(frame => frame > 50).length, 0, String),
    row(`frames over 33 ms ${what}`, slow, 0.005, percent),
    row(`long animation frames ${what}`, longFrames.length, null, String, longest(longFrames)),
  ];
  // What the page's statistics have of the time before must have left them.
  await sleep(WINDOW_SECONDS * 1_000);
  await page.take();
  await send(rig, BURST.perSecond, BURST.seconds);
  const burst = `burst of ${BURST.perSecond}/s for ${BURST.seconds} s, processor 4x slower`;
  rows.push(await paintRow(page, `message to paint, ${burst}`, 50));
  const late = (await page.take()).longFrames;
  rows.push(row(`long animation frames, ${burst}`, late.length, 0, String, longest(late)));
  await page.close();
  return rows;
}

async function measureInteraction(rig: Rig): Promise<Row[]> {
  const page = await rig.openFull(PATH);
  const rows: Row[] = [];
  for (const [rate, budget] of [
    [1, 40],
    [4, 100],
  ] as const) {
    await page.throttle(rate);
    await page.take();
    const [done] = await Promise.all([interact(page.page, TAP_SECONDS * 1_000), send(rig, PER_SECOND, TAP_SECONDS)]);
    const { interactions } = await page.take();
    // Those that the browser does not tell of took less than 16 ms.
    const slowestFirst = interactions.sort((a, b) => b.ms - a.ms);
    const p98 = slowestFirst[Math.floor(done * 0.02)]?.ms ?? 16;
    const slowest = slowestFirst.slice(0, 5).map(({ key, ms }) => `${key} ${ms}`);
    const what = `interaction to next paint, p98 of ${done} keys and clicks at ${PER_SECOND}/s, processor ${rate}x slower`;
    rows.push(row(what, p98, budget, value => `${value} ms`, slowest.join(', ')));
  }
  await page.close();
  return rows;
}

async function measureMemory(rig: Rig): Promise<Row[]> {
  const page = await rig.openFull(PATH);
  const before = await page.memory();
  const seen: Memory[] = [];
  let tookMs = 0;
  for (let step = 0; step < SOAK.steps; step++) {
    tookMs += (await rig.send(SOAK.perSecond, SOAK.events / SOAK.steps)).ms;
    seen.push(await page.memory());
  }
  await page.close();
  const after = seen.at(-1)!;
  const perSecond = Math.round((SOAK.events * 1_000) / tookMs);
  const what = `after ${SOAK.events.toLocaleString('en-US')} events at ${perSecond.toLocaleString('en-US')}/s`;
  return [
    row(`heap ${what}`, after.heapMb, 25, mb),
    row(`heap growth ${what}`, after.heapMb - before.heapMb, 2, mb),
    row(`heap, highest of ${seen.length} ${what}`, Math.max(...seen.map(({ heapMb }) => heapMb)), 25, mb),
    row(`nodes ${what}`, after.nodes, 2_500, String),
    row(`listeners added ${what}, to ${before.listeners}`, after.listeners - before.listeners, 0, String),
  ];
}

/** Publishes so much that the page is sent `perSecond` through its filter, for so long. */
async function send(rig: Rig, perSecond: number, seconds: number): Promise<void> {
  await rig.send(perSecond / PASSING, Math.round((perSecond * seconds) / PASSING));
}

async function paintRow(page: LivePage, what: string, budgetMs: number): Promise<Row> {
  const { n, p50, p95, max } = await page.paintStats();
  return {
    what,
    target: `p95 <= ${ms(budgetMs)}`,
    measured: `p95 ${ms(p95)}, p50 ${ms(p50)}, most ${ms(max)} (n ${n})`,
    ok: n > 0 && p95 <= budgetMs,
  };
}

/** @param why what there is to say of it beside the value, e.g. what was slowest */
function row(what: string, value: number, budget: number | null, write: (value: number) => string, why = ''): Row {
  const target = budget === null ? null : budget === 0 ? 'none' : `<= ${write(budget)}`;
  const measured = why === '' ? write(value) : `${write(value)} (${why})`;
  return { what, target, measured, ok: budget === null ? null : value <= budget };
}

/** The longest of the browser's long animation frames, and what ran in them. */
function longest(frames: readonly LongFrame[]): string {
  const sorted = [...frames].sort((a, b) => b.ms - a.ms);
  return sorted
    .slice(0, 3)
    .map(({ ms, script }) => `${Math.round(ms)} ms ${script ?? 'no script'}`)
    .join(', ');
}

const kb = (value: number) => `${value.toFixed(1)} kB`;
const mb = (value: number) => `${value.toFixed(1)} MB`;
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
