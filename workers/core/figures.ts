import type { HubCounts } from '../../shared/api/operations.ts';
import { type HistogramName, HUB_HISTOGRAMS } from '../../shared/hub-histograms.ts';
import { Histogram, type HistogramCounts } from './histogram.ts';
import { RecentHistogram, type StoredSlots } from './recent-histogram.ts';

/** What one object of a topic holds and has done for sessions, or several of them together: plain, to be sent and stored. */
export interface Figures {
  sessions: { open: number; live: number; backfilling: number };
  subscriptions: number;
  queued_bytes: number;
  counts: HubCounts;
  histograms: Record<HistogramName, { counts: HistogramCounts; sumMs: number }>;
  /** `detection_to_delivery_ms` of the last hour. */
  recentDelivery: StoredSlots;
}

/** Of the replicas below an object: how many have sessions below or at them, and how many of these gave no answer. */
export interface NodeFigures {
  active: number;
  unanswered: number;
}

/** Of an object and all below it. */
export interface TreeFigures extends Figures {
  nodes: NodeFigures;
}

/** The sum of the figures of several objects, of at least one. */
export function sumFigures([first, ...rest]: readonly [Figures, ...Figures[]]): Figures {
  return rest.reduce(
    (sum, other) => ({
      sessions: addNumbers(sum.sessions, other.sessions),
      subscriptions: sum.subscriptions + other.subscriptions,
      queued_bytes: sum.queued_bytes + other.queued_bytes,
      counts: addCounts(sum.counts, other.counts),
      histograms: Object.fromEntries(
        HUB_HISTOGRAMS.map(name => [name, addHistograms(sum.histograms[name], other.histograms[name])]),
      ) as Figures['histograms'],
      recentDelivery: addSlots(sum.recentDelivery, other.recentDelivery),
    }),
    first,
  );
}

/** As of an object that holds nothing any more: what it has done stays. */
export function withoutSessions(figures: Figures): Figures {
  return {
    ...figures,
    sessions: { open: 0, live: 0, backfilling: 0 },
    subscriptions: 0,
    queued_bytes: 0,
  };
}

export function histogramsOf(figures: Figures): Record<HistogramName, Histogram> {
  return Object.fromEntries(
    HUB_HISTOGRAMS.map(name => [name, new Histogram(figures.histograms[name].counts, figures.histograms[name].sumMs)]),
  ) as Record<HistogramName, Histogram>;
}

export function recentDeliveryOf({ recentDelivery }: Figures): RecentHistogram {
  return new RecentHistogram(recentDelivery);
}

function addCounts(a: HubCounts, b: HubCounts): HubCounts {
  const { closed, client_errors, denied, ...numbers } = a;
  const { closed: closedB, client_errors: errorsB, denied: deniedB, ...numbersB } = b;
  return {
    ...addNumbers(numbers, numbersB),
    closed: addNumbers(closed, closedB),
    client_errors: addNumbers(client_errors, errorsB),
    denied: addNumbers(denied, deniedB),
  };
}

function addNumbers<T extends Record<string, number>>(a: T, b: T): T {
  const sum: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + value;
  return sum as T;
}

type HistogramFigures = Figures['histograms'][HistogramName];

function addHistograms(a: HistogramFigures, b: HistogramFigures): HistogramFigures {
  const sum = new Histogram(a.counts, a.sumMs);
  sum.addAll(new Histogram(b.counts, b.sumMs));
  return { counts: sum.counts, sumMs: sum.sumMs };
}

function addSlots(a: StoredSlots, b: StoredSlots): StoredSlots {
  const sum = new Map(a.map(([slot, counts]) => [slot, new Histogram(counts)]));
  for (const [slot, counts] of b) {
    const known = sum.get(slot);
    if (known) known.addAll(new Histogram(counts));
    else sum.set(slot, new Histogram(counts));
  }
  return [...sum].sort(([x], [y]) => x - y).map(([slot, { counts }]) => [slot, counts]);
}
