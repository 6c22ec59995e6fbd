import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  awaitCoverage,
  CLOCK_MARGIN_MS,
  type Coverage,
  type CoverageGap,
  type CoverageReport,
  emptyCoverage,
  takeReport,
  UNANSWERED_MS,
} from '../../workers/core/coverage.ts';

const ALIVE_MS = 45_000;
const START_MS = 1_000_000;

/** A hub that is told what bridges report; times are milliseconds since it began. */
class Hub {
  coverage: Coverage = emptyCoverage();
  readonly told: CoverageGap[] = [];

  bridge(id: string) {
    return this.coverage.bridges.find(bridge => bridge.id === id)!;
  }

  /** @returns the gaps that this batch makes it tell, as pairs */
  take(atMs: number, bridgeId: string, report: Partial<Omit<CoverageReport, 'covers'>> & { covers?: number[] | null }) {
    const { covers = null, ...rest } = report;
    const nowMs = START_MS + atMs;
    const full: CoverageReport = {
      bridgeId,
      bridgeName: null,
      covers: covers && { from_ms: START_MS + covers[0]!, to_ms: START_MS + covers[1]! },
      uncoveredAtMs: null,
      sentAtMs: nowMs,
      leastOffsetMs: nowMs - (rest.sentAtMs ?? nowMs),
      hasCovered: false,
      ...rest,
    };
    // As it is stored.
    this.coverage = JSON.parse(JSON.stringify(this.coverage));
    const { gaps } = takeReport(this.coverage, full, nowMs);
    this.told.push(...gaps);
    return gaps.map(({ fromMs, toMs }) => [fromMs - START_MS, toMs - START_MS]);
  }
}

describe('one bridge', () => {
  it('shows no gap with its first batch, since there is nothing it could be a gap in', () => {
    expect(new Hub().take(900, 'a', { covers: [500, 900] })).toEqual([]);
  });

  it('shows one from when the first session came, when it covers only from later on', () => {
    const hub = new Hub();
    expect(awaitCoverage(hub.coverage, START_MS + 200)).toBe(true);
    expect(awaitCoverage(hub.coverage, START_MS + 300)).toBe(false);
    expect(hub.take(900, 'a', { covers: [500, 900] })).toEqual([[200, 500]]);
    expect(awaitCoverage(hub.coverage, START_MS + 950)).toBe(false);
  });

  it('shows none where a session came while it covered already, though its first batch came later', () => {
    const hub = new Hub();
    awaitCoverage(hub.coverage, START_MS + 600);
    expect(hub.take(900, 'a', { covers: [500, 900] })).toEqual([]);
  });

  it('shows none while its subscription stands, however seldom it posts', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    expect(hub.take(3_600_000, 'a', { covers: [0, 3_599_000], hasCovered: true })).toEqual([]);
  });

  it('shows none when its requests come to take longer, so that its clock seems to lag', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    hub.take(60_000, 'a', { covers: [0, 59_900], sentAtMs: START_MS + 59_940, hasCovered: true });
    hub.take(90_000, 'a', { covers: [0, 89_900], sentAtMs: START_MS + 89_940, hasCovered: true });
    expect(hub.told).toEqual([]);
  });

  it('that was without Redis for a while tells so itself, at once and to the millisecond', () => {
    const hub = new Hub();
    hub.take(10_000, 'a', { covers: [0, 10_000] });
    hub.take(12_000, 'a', { uncoveredAtMs: START_MS + 12_000, hasCovered: true });
    expect(hub.take(14_005, 'a', { covers: [14_000, 14_000], hasCovered: true })).toEqual([[10_000, 14_000]]);
    expect(hub.told[0]!.reason).toBe('redis_disconnected');
  });
});

describe('a bridge that starts', () => {
  it('beside a live one shows no gap: what the other will report is waited for', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    expect(hub.take(9_000, 'b', { covers: [9_000, 9_000] })).toEqual([]);
    expect(hub.take(15_000, 'a', { covers: [0, 15_000], hasCovered: true })).toEqual([]);
    expect(hub.take(24_000, 'b', { covers: [9_000, 24_000], hasCovered: true })).toEqual([]);
    expect(hub.told).toEqual([]);
  });

  it('after an earlier start of its name shows the time between at once, for that one has nothing more to say', () => {
    const hub = new Hub();
    hub.take(0, 'a-1', { bridgeName: 'a', covers: [0, 0] });
    // A start says at once that it does not hear Redis yet.
    hub.take(8_900, 'a-2', { bridgeName: 'a', uncoveredAtMs: START_MS + 8_900 });
    // What the earlier one left is posted under its own id first.
    expect(hub.take(9_100, 'a-1', { bridgeName: 'a', covers: [0, 2_000], hasCovered: true })).toEqual([]);
    expect(hub.take(9_200, 'a-2', { bridgeName: 'a', covers: [9_000, 9_000] })).toEqual([
      [2_000 - CLOCK_MARGIN_MS, 9_000],
    ]);
    expect(hub.told[0]!.reason).toBe('bridge_absent');
  });

  it('waits for one of another name', () => {
    const hub = new Hub();
    hub.take(0, 'a-1', { bridgeName: 'a', covers: [0, 0] });
    expect(hub.take(9_200, 'b-1', { bridgeName: 'b', covers: [9_000, 9_000] })).toEqual([]);
  });

  it('after one that has gone shows the time between, once the other has been silent for long enough', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    hub.take(9_000, 'b', { covers: [9_000, 9_000] });
    for (let atMs = 24_000; atMs <= ALIVE_MS; atMs += 15_000) {
      expect(hub.take(atMs, 'b', { covers: [9_000, atMs], hasCovered: true })).toEqual([]);
    }
    const last = hub.take(ALIVE_MS + 1, 'b', { covers: [9_000, ALIVE_MS + 1], hasCovered: true });
    expect(last).toEqual([[-CLOCK_MARGIN_MS, 9_000]].map(([from, to]) => [Math.max(0, from!), to]));
    expect(hub.told[0]!.reason).toBe('bridge_absent');
  });

  it('when the Worker could not be reached for long gives the others their time to come back', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    expect(hub.take(600_000, 'b', { covers: [300_000, 600_000] })).toEqual([]);
    expect(hub.take(610_000, 'a', { covers: [0, 610_000], hasCovered: true })).toEqual([]);
    expect(hub.told).toEqual([]);
  });
});

describe('a bridge of any name', () => {
  it('is one like any other', () => {
    const hub = new Hub();
    for (const name of ['__proto__', 'constructor', 'toString']) hub.take(0, name, { covers: [0, 0] });
    expect(hub.coverage.bridges.map(({ id }) => id)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('of two bridges', () => {
  it('one that loses Redis shows no gap, also when it comes back before the other has reported', () => {
    const hub = new Hub();
    hub.take(0, 'a', { covers: [0, 0] });
    hub.take(0, 'b', { covers: [0, 0] });
    hub.take(5_000, 'a', { covers: [0, 3_000], hasCovered: true });
    expect(hub.take(9_000, 'a', { covers: [8_000, 9_000], hasCovered: true })).toEqual([]);
    expect(hub.take(15_000, 'b', { covers: [0, 15_000], hasCovered: true })).toEqual([]);
  });

  it('both without Redis show exactly the time that they are without it together', () => {
    const hub = new Hub();
    hub.take(10_000, 'a', { covers: [0, 10_000] });
    hub.take(12_000, 'b', { covers: [0, 12_000] });
    expect(hub.take(14_000, 'a', { covers: [14_000, 14_000], hasCovered: true })).toEqual([]);
    // The margin lies where another bridge's clock tells when coverage ended.
    const expected = [[12_000 - CLOCK_MARGIN_MS, 14_000]];
    expect(hub.take(16_000, 'b', { covers: [16_000, 16_000], hasCovered: true })).toEqual(expected);
  });

  it('one whose clock is ten minutes ahead hides nothing and shows nothing that is none', () => {
    const hub = new Hub();
    const ahead = 600_000;
    const skewed = (atMs: number) => ({ sentAtMs: START_MS + ahead + atMs, hasCovered: true });
    hub.take(0, 'a', { covers: [0, 0] });
    hub.take(1_000, 'b', { covers: [ahead, ahead + 1_000], ...skewed(1_000) });
    hub.take(2_000, 'a', { covers: [0, 2_000] });
    hub.take(10_000, 'b', { covers: [ahead, ahead + 3_000], ...skewed(10_000) });
    expect(hub.take(10_000, 'a', { covers: [5_000, 10_000], hasCovered: true })).toEqual([]);
    const gaps = hub.take(10_001, 'b', { covers: [ahead + 6_000, ahead + 10_001], ...skewed(10_001) });
    expect(gaps).toEqual([[3_000 - CLOCK_MARGIN_MS, 5_000]]);
  });

  it('hand over with a gap of the margin when they meet so closely that their clocks could hide one', () => {
    const hub = new Hub();
    hub.take(0, 'b', { covers: [0, 0] });
    hub.take(10_000, 'a', { covers: [0, 10_000] });
    hub.take(10_000, 'b', { uncoveredAtMs: START_MS + 5_000 });
    hub.take(20_000, 'a', { covers: [20_000, 20_000], hasCovered: true });
    expect(hub.take(20_001, 'b', { covers: [9_950, 20_001], hasCovered: true })).toEqual([
      [10_000 - CLOCK_MARGIN_MS, 9_950],
    ]);
  });
});

describe('clocks', () => {
  it('are compared by the fastest request, not by those that took long', () => {
    const hub = new Hub();
    hub.take(5_000, 'a', { covers: [0, 1_000], sentAtMs: START_MS + 1_000 });
    hub.take(10_000, 'a', { covers: [0, 9_990], sentAtMs: START_MS + 9_995 });
    const gaps = hub.take(20_000, 'a', { covers: [19_000, 19_900], sentAtMs: START_MS + 19_000, hasCovered: true });
    expect(gaps[0]![0]).toBeLessThanOrEqual(10_010);
    expect(gaps[0]![1]).toBeGreaterThanOrEqual(19_000);
    expect(gaps[0]![1]).toBeLessThanOrEqual(19_020);
  });

  it('that are set back are followed at once', () => {
    const hub = new Hub();
    hub.take(1_000, 'a', { covers: [0, 1_000] });
    hub.take(2_000, 'a', { covers: [0, 1_000], sentAtMs: START_MS - 60_000 });
    expect(hub.bridge('a').offsetMs).toBe(62_000);
  });

  it('that run ahead of their own signature cover nothing beyond it', () => {
    const hub = new Hub();
    hub.take(1_000, 'a', { covers: [0, 99_000] });
    hub.take(2_000, 'a', { uncoveredAtMs: START_MS + 99_000, hasCovered: true });
    expect(hub.take(5_000, 'a', { covers: [4_000, 5_000], hasCovered: true })).toEqual([[1_000, 4_000]]);
  });
});

describe('what is kept', () => {
  it('is bounded, however many bridges come and go and however often they lose Redis', () => {
    const hub = new Hub();
    for (let i = 0; i < 400; i++) hub.take(i, `start-${i}`, { covers: [i, i] });
    for (let i = 0; i < 400; i++) hub.take(1_000 + 3 * i, 'a', { covers: [1_000 + 3 * i, 1_001 + 3 * i] });
    expect(hub.coverage.bridges.length).toBeLessThanOrEqual(50);
    expect(hub.bridge('a').spans.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(hub.coverage).length).toBeLessThan(20_000);
  });

  it('is one span of one bridge in the long run', () => {
    const hub = new Hub();
    for (let atMs = 0; atMs < 3_600_000; atMs += 15_000) {
      hub.take(atMs, `gone-${Math.floor(atMs / 600_000)}`, { covers: [atMs, atMs] });
      hub.take(atMs, 'a', { covers: [0, atMs], hasCovered: true });
    }
    for (let atMs = 3_600_000; atMs < 3_900_000; atMs += 15_000) hub.take(atMs, 'a', { covers: [0, atMs] });
    expect(hub.coverage.bridges.map(({ id }) => id)).toEqual(['a']);
    expect(hub.bridge('a').spans.length).toBe(1);
    expect(hub.told).toEqual([]);
  });
});

/** When a bridge is subscribed and when not, by turns, in seconds, from its start to its end; then it is dead. */
interface Life {
  startS: number;
  turnsS: number[];
  skewMs: number;
  delaysMs: number[];
  network: number[];
}

const NETWORK_MS = 400;

interface Posted {
  arrivesMs: number;
  id: string;
  report: Partial<Omit<CoverageReport, 'covers'>> & { covers?: number[] | null };
}

const END_S = 200;
const lives = fc.array(
  fc.record({
    startS: fc.nat(60),
    turnsS: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 7 }),
    skewMs: fc.integer({ min: -600_000, max: 600_000 }),
    delaysMs: fc.array(fc.nat(25_000), { minLength: 30, maxLength: 30 }),
    network: fc.array(fc.nat(NETWORK_MS), { minLength: 30, maxLength: 30 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/**
 * What a bridge posts in its life: at once when it starts, subscribes or loses Redis, and at least every 12 s. What the
 * network holds up is tried again, so batches come late, but in order, and some of them twice.
 */
function post(life: Life, id: string): { posted: Posted[]; covered: [number, number][] } {
  const posted: Posted[] = [];
  const covered: [number, number][] = [];
  let atMs = life.startS * 1_000;
  let isSubscribed = false;
  let fromMs = 0;
  let arrivedMs = 0;
  let leastOffsetMs: number | null = null;
  const say = (covers: [number, number] | null) => {
    const n = posted.length;
    const delayMs = n === 0 ? 0 : life.delaysMs[n % life.delaysMs.length]!;
    const tookMs = life.network[n % life.network.length]!;
    arrivedMs = Math.max(arrivedMs, atMs + delayMs + tookMs);
    const byOwnClock = (ms: number) => ms + life.skewMs;
    posted.push({
      arrivesMs: arrivedMs,
      id,
      report: {
        covers: covers && [byOwnClock(covers[0]), byOwnClock(covers[1])],
        uncoveredAtMs: covers === null ? START_MS + byOwnClock(atMs) : null,
        sentAtMs: START_MS + byOwnClock(arrivedMs - tookMs),
        leastOffsetMs,
        hasCovered: covered.length > 0,
      },
    });
    if (covers) covered.push(covers);
    const answerTookMs = life.network[(n + 7) % life.network.length]!;
    leastOffsetMs = Math.max(leastOffsetMs ?? Number.NEGATIVE_INFINITY, -life.skewMs - answerTookMs);
  };
  say(null);
  for (const turnS of life.turnsS) {
    isSubscribed = !isSubscribed;
    fromMs = atMs;
    const untilMs = Math.min(atMs + turnS * 1_000, END_S * 1_000);
    if (isSubscribed) say([fromMs, fromMs]);
    while (atMs < untilMs) {
      atMs = Math.min(atMs + 12_000, untilMs);
      say(isSubscribed ? [fromMs, atMs] : null);
    }
    if (isSubscribed) say(null);
  }
  return { posted, covered };
}

/** The times in `within` that none of `spans` has. */
function uncoveredBy(spans: [number, number][], within: [number, number]): [number, number][] {
  const free: [number, number][] = [];
  let [atMs] = within;
  for (const [fromMs, toMs] of spans.toSorted(([a], [b]) => a - b)) {
    if (fromMs > atMs) free.push([atMs, Math.min(fromMs, within[1])]);
    atMs = Math.max(atMs, toMs);
    if (atMs >= within[1]) return free;
  }
  return atMs < within[1] ? [...free, [atMs, within[1]]] : free;
}

describe('whatever bridges go through, and in whatever order their batches come', () => {
  it('all that nobody covered is told once, and of what somebody did no more than clocks can be wrong by', () => {
    fc.assert(
      fc.property(lives, all => {
        const hub = new Hub();
        const told = all.map((life, i) => post(life, `bridge-${i}`));
        const posted = told.flatMap(({ posted }) => posted).sort((a, b) => a.arrivesMs - b.arrivesMs);
        const first = posted.find(({ report }) => report.covers);
        if (!first) return;
        for (const { arrivesMs, id, report } of posted) hub.take(arrivesMs, id, report);
        const beganMs = hub.coverage.settledToMs === null ? 0 : began(told, first.id);
        // One more starts when all have been silent for long, and ends the last gap.
        const endMs = END_S * 1_000 + 150_000;
        for (let atMs = endMs; atMs <= endMs + 60_000; atMs += 12_000) {
          hub.take(atMs, 'last', { covers: [endMs, atMs], hasCovered: atMs > endMs });
        }
        const truth = uncoveredBy(
          told.flatMap(({ covered }) => covered),
          [beganMs, endMs],
        );
        const gaps = hub.told.map(({ fromMs, toMs }): [number, number] => [fromMs - START_MS, toMs - START_MS]);
        // Once: none overlaps another.
        const inOrder = gaps.toSorted(([a], [b]) => a - b);
        for (const [i, [fromMs]] of inOrder.entries())
          if (i > 0) expect(fromMs).toBeGreaterThanOrEqual(inOrder[i - 1]![1]);
        for (const [fromMs, toMs] of truth) {
          // All: but for what lies before the hub knew of anybody.
          const missed = uncoveredBy(gaps, [fromMs, toMs]).filter(([a, b]) => b > a);
          expect(missed.filter(([, b]) => b > first.arrivesMs)).toEqual([]);
        }
        for (const gap of gaps) {
          const tooMuch = uncoveredBy(truth, gap).reduce((sum, [a, b]) => sum + b - a, 0);
          expect(tooMuch).toBeLessThanOrEqual(UNANSWERED_MS + NETWORK_MS + DRIFT_MS);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** What the measure of a clock may be off by after 25 s without a faster request. */
const DRIFT_MS = 60;

function began(told: { posted: Posted[]; covered: [number, number][] }[], firstId: string): number {
  return told[Number(firstId.slice('bridge-'.length))]!.covered[0]![0];
}
