import type { GapReason } from '../../shared/codes.ts';
import type { Covers } from '../../shared/ingest-protocol.ts';
import { BRIDGE_ALIVE_MS, HEARTBEAT_MS } from '../../shared/limits.ts';

/**
 * Which times no bridge covered, and when that may be said.
 *
 * A bridge reports, in order, spans in which its Redis subscription stood unbroken. Up to `knownToMs` its word is final;
 * any later time it may still claim. So a time that nobody has covered waits until every bridge that may still speak is
 * known beyond it, and is told then, once: no batch of one bridge concludes what another is about to report. A bridge has
 * nothing more to say once a later start of the same name covers, for that posts first what the earlier one left; and it is
 * taken for gone when it has not posted for `BRIDGE_ALIVE_MS` while batches could come in.
 *
 * Spans are kept by the clock of their bridge, and compared by the hub's. How far the two are apart is known between two
 * bounds. The upper is taken from when a request was sent and when it came in: the least of these differences is the true
 * one plus the time that the fastest request took. The lower the bridge tells, from when an answer was made and when it
 * came. A span begins by the upper and ends by the lower, and for other bridges another `CLOCK_MARGIN_MS` earlier: a gap
 * is rather told too wide than hidden.
 */
export interface Coverage {
  /**
   * Up to here all is settled, covered or told; null before the first span and the first session. Times without a bridge
   * are the hub's.
   */
  settledToMs: number | null;
  /** When the newest batch of any bridge came in, and since when there was no long pause between two. */
  heardAtMs: number;
  heardSinceMs: number;
  /** Not by id in an object: `__proto__` may be one. */
  bridges: BridgeCoverage[];
}

interface BridgeCoverage {
  id: string;
  /** null = it has none that tells its starts from those of others. */
  name: string | null;
  /** Whether a later start of that name covers. */
  isOver: boolean;
  /** By its own clock, oldest first, apart from one another. */
  spans: Span[];
  /** Up to when it has said whether it covers, by its own clock. */
  knownToMs: number;
  /** How far the hub's clock is ahead of its own: no more than this, and no less. */
  offsetMs: number;
  leastOffsetMs: number;
  /** When it posted last. */
  heardAtMs: number;
}

interface Span {
  fromMs: number;
  toMs: number;
  /** Whether the same bridge had covered before. */
  isResumed: boolean;
  /** Whether what is before it is settled, as covered or as told: the clocks' measure may move it no more. */
  isPlaced: boolean;
}

/** What a batch says of its bridge, by the bridge's clock. */
export interface CoverageReport {
  bridgeId: string;
  bridgeName: string | null;
  covers: Covers | null;
  /** When it was without a subscription, with nothing left to report of an earlier one; null = it does not say so. */
  uncoveredAtMs: number | null;
  /** When this try was sent. */
  sentAtMs: number;
  /** How far the hub's clock is ahead at least; null before the bridge has had an answer. */
  leastOffsetMs: number | null;
  /** Whether this start of a bridge has covered before. */
  hasCovered: boolean;
}

/** How far the hub's clock is ahead of a bridge's: between these. */
export interface ClockOffset {
  leastMs: number;
  mostMs: number;
}

export interface CoverageGap {
  fromMs: number;
  toMs: number;
  reason: GapReason;
}

/** How much less far a span reaches for other bridges than its own: what clocks may be wrong by. */
export const CLOCK_MARGIN_MS = 100;
/** What the fastest request took at most, of a bridge that has had no answer yet. */
export const UNANSWERED_MS = 1_000;
/** A try that seems to take longer than a bridge waits for an answer shows that a clock was set. */
const CLOCK_SET_MS = 10_000;
/** Clocks drift: the least difference counts for less, by so much per millisecond, the older it is. */
const CLOCK_DRIFT = 1 / 1_000;
/** A pause after which bridges may have tried in vain: from its end on each has the whole time to post. */
const PAUSE_MS = 2 * HEARTBEAT_MS;
/** Spans are kept for so long after their end, as a better measure of the clocks may still move them. */
const KEPT_MS = 2 * 60_000;
/** Past these the oldest are forgotten, and a gap is told too wide. */
const MAX_SPANS = 50;
const MAX_BRIDGES = 50;

export function emptyCoverage(): Coverage {
  return { settledToMs: null, heardAtMs: 0, heardSinceMs: 0, bridges: [] };
}

/**
 * Somebody is here to be told, from now on: a time that passes until the first bridge covers is a gap like any other.
 * Changes `coverage`.
 * @returns whether it is the first to come
 */
export function awaitCoverage(coverage: Coverage, nowMs: number): boolean {
  if (coverage.settledToMs !== null) return false;
  coverage.settledToMs = nowMs;
  return true;
}

/**
 * Takes in what a batch that came in now says. Changes `coverage`.
 * @returns the gaps that can be told now, oldest first, and how far the hub's clock is ahead of the bridge's
 */
export function takeReport(
  coverage: Coverage,
  report: CoverageReport,
  nowMs: number,
): { gaps: CoverageGap[]; offset: ClockOffset } {
  if (nowMs - coverage.heardAtMs > PAUSE_MS) coverage.heardSinceMs = nowMs;
  coverage.heardAtMs = nowMs;
  const offset = noteReport(coverage, report, nowMs);
  const gaps = settle(coverage, nowMs);
  forget(coverage, nowMs);
  return { gaps, offset };
}

function noteReport(coverage: Coverage, report: CoverageReport, nowMs: number): ClockOffset {
  const { bridgeId, bridgeName, covers, uncoveredAtMs, sentAtMs } = report;
  const measuredMs = nowMs - sentAtMs;
  const known = coverage.bridges.find(({ id }) => id === bridgeId);
  if (!known && covers === null && uncoveredAtMs === null) return { leastMs: measuredMs, mostMs: measuredMs };
  const bridge = known ?? newBridge(bridgeId, bridgeName, measuredMs, nowMs);
  if (!known) coverage.bridges.push(bridge);
  bridge.offsetMs = offsetAfter(bridge, measuredMs, nowMs);
  bridge.leastOffsetMs = report.leastOffsetMs ?? bridge.offsetMs - UNANSWERED_MS;
  bridge.heardAtMs = nowMs;
  // A time after it was sent is a clock that was set, and must not hide a gap that is still to come.
  if (uncoveredAtMs !== null) bridge.knownToMs = Math.max(bridge.knownToMs, Math.min(uncoveredAtMs, sentAtMs));
  if (covers !== null) {
    if (!report.hasCovered || bridge.isOver) succeed(coverage, bridge);
    const toMs = Math.min(covers.to_ms, sentAtMs);
    addSpan(bridge, { fromMs: Math.min(covers.from_ms, toMs), toMs, isResumed: report.hasCovered, isPlaced: false });
    bridge.knownToMs = Math.max(bridge.knownToMs, toMs);
    if (coverage.settledToMs === null) {
      coverage.settledToMs = bridge.spans[0]!.fromMs + bridge.offsetMs;
      bridge.spans[0]!.isPlaced = true;
    }
  }
  return { leastMs: leastOffset(bridge), mostMs: bridge.offsetMs };
}

function newBridge(id: string, name: string | null, offsetMs: number, nowMs: number): BridgeCoverage {
  const leastOffsetMs = offsetMs - UNANSWERED_MS;
  return { id, name, isOver: false, spans: [], knownToMs: 0, offsetMs, leastOffsetMs, heardAtMs: nowMs };
}

/** Should the two bounds contradict each other, a clock was set. */
function leastOffset({ offsetMs, leastOffsetMs }: BridgeCoverage): number {
  return Math.min(offsetMs, leastOffsetMs);
}

/** The least for comparing with other bridges. */
function leastOffsetForOthers(bridge: BridgeCoverage): number {
  return Math.min(leastOffset(bridge), bridge.offsetMs - CLOCK_MARGIN_MS);
}

/** What earlier starts of its name had to say has been said. */
function succeed({ bridges }: Coverage, newest: BridgeCoverage): void {
  for (const other of bridges) other.isOver ||= other.name !== null && other.name === newest.name;
  newest.isOver = false;
}

function offsetAfter({ offsetMs, heardAtMs }: BridgeCoverage, measuredMs: number, nowMs: number): number {
  if (measuredMs - offsetMs > CLOCK_SET_MS) return measuredMs;
  return Math.min(measuredMs, offsetMs + Math.round((nowMs - heardAtMs) * CLOCK_DRIFT));
}

function addSpan({ spans }: BridgeCoverage, span: Span): void {
  const last = spans.at(-1);
  if (last && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs);
  else spans.push(span);
  if (spans.length > MAX_SPANS) spans.shift();
}

/** Tells what nobody can cover any more, and moves on to where that ends. */
function settle(coverage: Coverage, nowMs: number): CoverageGap[] {
  if (coverage.settledToMs === null) return [];
  const awaited = coverage.bridges.filter(bridge => !isSilent(coverage, bridge, nowMs));
  const { holes, coveredToMs } = findHoles(coverage, coverage.settledToMs);
  const gaps: CoverageGap[] = [];
  for (const { gap, span, endedBy, settledToMs } of holes) {
    const isKnown = awaited.every(bridge => {
      const aheadMs = bridge.id === endedBy ? bridge.offsetMs : leastOffsetForOthers(bridge);
      return gap.toMs <= bridge.knownToMs + aheadMs;
    });
    if (!isKnown) {
      coverage.settledToMs = Math.max(coverage.settledToMs, settledToMs);
      return gaps;
    }
    gaps.push(gap);
    span.isPlaced = true;
    coverage.settledToMs = gap.toMs;
  }
  coverage.settledToMs = Math.max(coverage.settledToMs, Math.min(coveredToMs, nowMs - KEPT_MS));
  return gaps;
}

/** Between two spans that nobody's reaches across; `settledToMs`: up to where it does, for any bridge. */
interface Hole {
  gap: CoverageGap;
  /** What it ends with, and whose that is. */
  span: Span;
  endedBy: string;
  settledToMs: number;
}

function findHoles(coverage: Coverage, settledToMs: number): { holes: Hole[]; coveredToMs: number } {
  const spans = coverage.bridges
    .flatMap(bridge => bridge.spans.map(span => ({ bridge, span, fromMs: span.fromMs + bridge.offsetMs })))
    .sort((a, b) => a.fromMs - b.fromMs);
  const holes: Hole[] = [];
  /** Of each bridge, its newest span so far. */
  const newest = new Map<string, Span>();
  let anyToMs = settledToMs;
  for (const { bridge, span, fromMs } of spans) {
    const own = newest.get(bridge.id);
    // By one clock it is exact whether anything lies between.
    const hasHole = fromMs > anyToMs && (own === undefined || span.fromMs > own.toMs);
    if (hasHole && !span.isPlaced) {
      const reason = span.isResumed ? 'redis_disconnected' : 'bridge_absent';
      const sinceMs = own === undefined ? anyToMs : Math.max(anyToMs, own.toMs + leastOffset(bridge));
      holes.push({ gap: { fromMs: sinceMs, toMs: fromMs, reason }, span, endedBy: bridge.id, settledToMs: anyToMs });
      anyToMs = fromMs;
    } else if (holes.length === 0) span.isPlaced = true;
    newest.set(bridge.id, span);
    anyToMs = Math.max(anyToMs, span.toMs + leastOffsetForOthers(bridge));
  }
  return { holes, coveredToMs: anyToMs };
}

function isSilent({ heardSinceMs }: Coverage, { heardAtMs, isOver }: BridgeCoverage, nowMs: number): boolean {
  return isOver || nowMs - Math.max(heardAtMs, heardSinceMs) > BRIDGE_ALIVE_MS;
}

/** Drops what no later gap can depend on. A bridge's newest span stays, for it may go on. */
function forget(coverage: Coverage, nowMs: number): void {
  const settledToMs = coverage.settledToMs ?? 0;
  coverage.bridges = coverage.bridges.filter(bridge => {
    const isOpen = (span: Span) => span.toMs + bridge.offsetMs > settledToMs;
    bridge.spans = bridge.spans.filter((span, i) => i === bridge.spans.length - 1 || isOpen(span));
    return !isSilent(coverage, bridge, nowMs) || bridge.spans.some(isOpen);
  });
  coverage.bridges.sort((a, b) => b.heardAtMs - a.heardAtMs).splice(MAX_BRIDGES);
}
