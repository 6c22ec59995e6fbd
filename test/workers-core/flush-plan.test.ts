import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveFrame, serverMessageSchema } from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';
import { MAX_FRAME_EVENTS } from '../../shared/limits.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { PRIORITIES, type Priority, priorityRank } from '../../shared/priority.ts';
import { Audience } from '../../workers/core/audience.ts';
import {
  type Allowance,
  CRITICAL_RANK,
  type Delivery,
  type PendingEvent,
  planFlush,
} from '../../workers/core/flush-plan.ts';
import { newReach } from '../../workers/core/reach.ts';
import { SubscriptionIndex } from '../../workers/core/subscription-index.ts';
import { MATCHABLE, patternEvent } from '../shared/samples.ts';
import { nearMatchables, normalFilters } from './arbitraries.ts';

const EPOCH = 'e-1';
const ALL: Filter = { kinds: ['pattern'] };
const UNLIMITED: Allowance = {
  ordinary: Number.POSITIVE_INFINITY,
  critical: Number.POSITIVE_INFINITY,
  thinned: false,
};

describe('what a session is sent', () => {
  it('is what clients understand, critical events first, then in seq order', () => {
    const priorities: Priority[] = ['low', 'critical', 'high', 'critical'];
    const events = priorities.map((priority, i) => pattern(i + 1, { priority }));
    const [delivery] = plan(events, [{ filters: [ALL] }]);
    expect(delivery).toMatchObject({ session: 0, ordinary: 2, critical: 2, withheld: undefined });
    expect(seqsOf(delivery!)).toEqual([2, 4, 1, 3]);
    for (const { text } of delivery!.frames) expect(() => serverMessageSchema.parse(JSON.parse(text))).not.toThrow();
  });

  it('is nothing at all when nothing matches it', () => {
    expect(plan([pattern(1)], [{ filters: [{ ...ALL, symbols: ['NVDA'] }] }, { filters: [] }])).toEqual([]);
    expect(plan([], [{ filters: [ALL] }])).toEqual([]);
  });

  it('is nothing when it is being closed', () => {
    const deliveries = plan([pattern(1)], [{ filters: [ALL], allowance: null }, { filters: [ALL] }]);
    expect(deliveries.map(({ session }) => session)).toEqual([1]);
  });

  it('is asked about once for each session that matches, whatever the number of events', () => {
    const asked: number[] = [];
    plan(
      [1, 2, 3].map(seq => pattern(seq)),
      [{ filters: [ALL] }, { filters: [] }, { filters: [ALL, ALL] }],
      session => {
        asked.push(session);
      },
    );
    expect(asked).toEqual([0, 2]);
  });
});

describe('a budget', () => {
  const budget = (ordinary: number, critical = ordinary): Allowance => ({ ordinary, critical, thinned: false });

  it('of 100 lets 100 of 150 events through and tells of 50', () => {
    const events = Array.from({ length: 150 }, (_, i) => pattern(i + 1));
    const [delivery] = plan(events, [{ filters: [ALL], allowance: budget(100) }]);
    expect(seqsOf(delivery!)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(delivery!.withheld).toEqual({ from: 101, to: 150, rate_limited: 50, skipped: 0 });
    expect(withheldTold(delivery!)).toEqual([delivery!.withheld, undefined]);
  });

  it('that runs short takes from the lowest priority first, and among equals from the latest', () => {
    const priorities: Priority[] = ['low', 'medium', 'high', 'low', 'medium', 'high'];
    const events = priorities.map((priority, i) => pattern(i + 1, { priority }));
    const sentWith = (ordinary: number) => seqsOf(plan(events, [{ filters: [ALL], allowance: budget(ordinary) }])[0]!);
    expect([6, 5, 4, 3, 2, 1].map(sentWith)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 5, 6],
      [2, 3, 5, 6],
      [2, 3, 6],
      [3, 6],
      [3],
    ]);
  });

  it('of ordinary events leaves CRITICAL ones theirs, and the other way round', () => {
    const events = [1, 2, 3, 4].map(seq => pattern(seq, { priority: seq % 2 === 0 ? 'critical' : 'high' }));
    const [noOrdinary, noCritical] = plan(events, [
      { filters: [ALL], allowance: budget(0, 2) },
      { filters: [ALL], allowance: budget(2, 0) },
    ]);
    expect(seqsOf(noOrdinary!)).toEqual([2, 4]);
    expect(noOrdinary).toMatchObject({ ordinary: 0, critical: 2, withheld: { from: 1, to: 3, rate_limited: 2 } });
    expect(seqsOf(noCritical!)).toEqual([1, 3]);
    expect(noCritical).toMatchObject({ ordinary: 2, critical: 0, withheld: { from: 2, to: 4, rate_limited: 2 } });
  });

  it('of nothing sends a frame that tells of everything', () => {
    const [delivery] = plan([pattern(4), pattern(7)], [{ filters: [ALL], allowance: budget(0) }]);
    expect(delivery!.frames.map(({ text }) => JSON.parse(text))).toEqual([
      {
        type: 'events',
        epoch: EPOCH,
        head: 7,
        events: [],
        withheld: { from: 4, to: 7, rate_limited: 2, skipped: 0 },
      },
    ]);
  });
});

describe('a reader that lags', () => {
  const thinned: Allowance = { ...UNLIMITED, thinned: true };

  it('gets only the newest of each symbol and pattern type', () => {
    const events = [
      pattern(1),
      pattern(2, { symbol: 'NVDA' }),
      pattern(3),
      pattern(4, { pattern_type: 'Doji' }),
      pattern(5, { symbol: 'NVDA' }),
    ];
    const [delivery] = plan(events, [{ filters: [ALL], allowance: thinned }]);
    expect(seqsOf(delivery!)).toEqual([3, 4, 5]);
    expect(delivery!.withheld).toEqual({ from: 1, to: 2, rate_limited: 0, skipped: 2 });
  });

  it('is told apart what was skipped and what was over its budget', () => {
    const events = [pattern(1), pattern(2, { symbol: 'NVDA' }), pattern(3), pattern(4, { symbol: 'F' })];
    const [delivery] = plan(events, [{ filters: [ALL], allowance: { ...thinned, ordinary: 1 } }]);
    expect(seqsOf(delivery!)).toEqual([2]);
    expect(delivery!.withheld).toEqual({ from: 1, to: 4, rate_limited: 2, skipped: 1 });
  });

  it('shares the frames of the others when there is nothing to skip', () => {
    const [lags, keepsUp] = plan([pattern(1)], [{ filters: [ALL], allowance: thinned }, { filters: [ALL] }]);
    expect(lags!.withheld).toBeUndefined();
    expect(lags!.frames).toBe(keepsUp!.frames);
  });
});

describe('frames', () => {
  it('are the very same for all sessions that match alike, by whatever filters', () => {
    const events = [pattern(1), pattern(2), pattern(3, { symbol: 'NVDA' })];
    const deliveries = plan(events, [
      { filters: [ALL] },
      { filters: [{ ...ALL, symbols: ['AAPL', 'NVDA'] }] },
      {
        filters: [
          { ...ALL, symbols: ['NVDA'] },
          { ...ALL, symbols: ['AAPL'] },
        ],
      },
    ]);
    expect(deliveries).toHaveLength(3);
    for (const { frames } of deliveries) expect(frames).toBe(deliveries[0]!.frames);
  });

  it('are their own for sessions that match differently', () => {
    const events = [pattern(1), pattern(2, { symbol: 'NVDA' })];
    const deliveries = plan(events, [
      { filters: [ALL] },
      { filters: [{ ...ALL, symbols: ['AAPL'] }] },
      { filters: [{ ...ALL, symbols: ['NVDA'] }] },
    ]);
    expect(deliveries.map(seqsOf)).toEqual([[1, 2], [1], [2]]);
    expect(new Set(deliveries.map(({ frames }) => frames)).size).toBe(3);
  });

  it('of a session that is short of budget change nothing for those that match alike', () => {
    const events = [pattern(1), pattern(2)];
    const [short, first, second] = plan(events, [
      { filters: [ALL], allowance: { ...UNLIMITED, ordinary: 1 } },
      { filters: [ALL] },
      { filters: [ALL], allowance: { ...UNLIMITED, ordinary: 2 } },
    ]);
    expect([short, first, second].map(delivery => seqsOf(delivery!))).toEqual([[1], [1, 2], [1, 2]]);
    expect(first!.frames).toBe(second!.frames);
  });
});

describe('whatever the sessions, filters, events and budgets', () => {
  const budget = fc.oneof(fc.nat(8), fc.constantFrom(100, Number.POSITIVE_INFINITY));
  const allowance = fc.record({ ordinary: budget, critical: budget, thinned: fc.boolean() });
  const someSession = fc.record({
    filters: fc.array(fc.oneof(normalFilters, fc.constant<Filter>({ kinds: [] }), fc.constant(ALL)), { maxLength: 3 }),
    allowance: fc.option(allowance, { freq: 6 }),
  });
  const someEvents = fc
    .array(
      fc.record({
        view: fc.oneof(
          nearMatchables,
          fc
            .record({ symbol: fc.constantFrom('AAPL', 'NVDA'), priority: fc.constantFrom(...PRIORITIES) })
            .map(some => ({ ...MATCHABLE, ...some })),
        ),
        after: fc.integer({ min: 1, max: 3 }),
        broadcast: fc.boolean(),
      }),
      { maxLength: 120, size: 'max' },
    )
    .map(some => {
      let seq = 0;
      return some.map(({ view, after, broadcast }) => {
        seq += after;
        return pending(seq, view, { broadcast });
      });
    });

  it('each matching event is sent once or told as withheld, as budget, priority and place demand', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(fc.array(someSession, { maxLength: 8 }), someEvents, (sessions, events) => {
        // A case is run again when it is made smaller.
        for (const event of events) event.reach = newReach();
        const deliveries = new Map(plan(events, sessions).map(delivery => [delivery.session, delivery]));
        sessions.forEach(({ filters, allowance }, session) => {
          const wanted = events.filter(
            ({ view, broadcast }) => broadcast || filters.some(filter => matches(filter, view)),
          );
          const delivery = deliveries.get(session);
          if (wanted.length === 0 || allowance === null) expect(delivery).toBeUndefined();
          else checkDelivery(delivery!, wanted, allowance, events.at(-1)!.seq);
        });
        checkSharing([...deliveries.values()]);
        checkReach(events, sessions, deliveries);
      }),
      { numRuns: 600 },
    );
  });
});

/** Holds a delivery against all that its session wanted, event by event. */
function checkDelivery(delivery: Delivery, wanted: PendingEvent[], allowance: Allowance, head: number): void {
  const bySeq = new Map(wanted.map(event => [event.seq, event]));
  const sent = seqsOf(delivery).map(seq => bySeq.get(seq)!);
  expect(sent).not.toContain(undefined);
  expect(new Set(sent).size).toBe(sent.length);

  const isNewest = (event: PendingEvent) =>
    !wanted.some(later => later.thinBy === event.thinBy && later.seq > event.seq);
  const eligible = allowance.thinned ? wanted.filter(isNewest) : wanted;
  const missing = wanted.filter(event => !sent.includes(event));
  expect(delivery.withheld).toEqual(
    missing.length === 0
      ? undefined
      : {
          from: missing[0]!.seq,
          to: missing.at(-1)!.seq,
          skipped: wanted.length - eligible.length,
          rate_limited: missing.length - (wanted.length - eligible.length),
        },
  );
  for (const event of sent) expect(eligible).toContain(event);

  for (const isCritical of [true, false]) {
    const ofKind = ({ rank }: PendingEvent) => (rank === CRITICAL_RANK) === isCritical;
    const budget = isCritical ? allowance.critical : allowance.ordinary;
    const sentOfKind = sent.filter(ofKind);
    expect(sentOfKind).toHaveLength(Math.min(budget, eligible.filter(ofKind).length));
    expect(isCritical ? delivery.critical : delivery.ordinary).toBe(sentOfKind.length);
    for (const left of eligible.filter(event => ofKind(event) && !sent.includes(event))) {
      for (const kept of sentOfKind) {
        expect(kept.rank > left.rank || (kept.rank === left.rank && kept.seq < left.seq)).toBe(true);
      }
    }
  }
  const inOrder = sent.toSorted(
    (a, b) => Number(b.rank === CRITICAL_RANK) - Number(a.rank === CRITICAL_RANK) || a.seq - b.seq,
  );
  expect(sent).toEqual(inOrder);
  checkFrames(delivery, head);
}

/** Of each event it is told how many sessions wanted it, and what kept it from those that were not sent it. */
function checkReach(
  events: PendingEvent[],
  sessions: { filters: Filter[]; allowance?: Allowance | null }[],
  deliveries: Map<number, Delivery>,
): void {
  for (const event of events) {
    const reach = newReach();
    sessions.forEach(({ filters, allowance }, session) => {
      const wants = ({ view, broadcast }: PendingEvent) => broadcast || filters.some(filter => matches(filter, view));
      if (!wants(event)) return;
      reach.matched++;
      const isNewest = !events.some(later => later.thinBy === event.thinBy && later.seq > event.seq && wants(later));
      if (allowance === null) reach.closed++;
      else if (seqsOf(deliveries.get(session)!).includes(event.seq)) return;
      else if (allowance?.thinned && !isNewest) reach.skipped++;
      else reach.rate_limited++;
    });
    expect(event.reach).toEqual(reach);
  }
  for (const delivery of deliveries.values()) {
    expect(delivery.events.map(({ seq }) => seq).toSorted()).toEqual(seqsOf(delivery).toSorted());
  }
}

/** After any frame, all that the session is still to be sent lies beyond that frame's head. */
function checkFrames(delivery: Delivery, head: number): void {
  const frames = framesOf(delivery);
  expect(frames.at(-1)!.head).toBe(head);
  frames.forEach((frame, i) => {
    expect(frame.epoch).toBe(EPOCH);
    expect(frame.head).toBeLessThanOrEqual(head);
    expect(frame.events.length).toBeLessThanOrEqual(MAX_FRAME_EVENTS);
    expect(frame.withheld).toEqual(i === 0 ? delivery.withheld : undefined);
    for (const { seq } of frames.slice(i + 1).flatMap(({ events }) => events)) expect(seq).toBeGreaterThan(frame.head);
  });
}

/** Sessions that are sent the same and miss nothing share one array of frames; no others do. */
function checkSharing(deliveries: Delivery[]): void {
  const complete = deliveries.filter(({ withheld }) => !withheld);
  for (const one of complete) {
    for (const other of complete) {
      const isAlike = JSON.stringify(seqsOf(one)) === JSON.stringify(seqsOf(other));
      expect(one.frames === other.frames).toBe(isAlike);
    }
  }
}

/** The plan of one flush; sessions are numbered from 0, and unlimited unless they say otherwise. */
function plan(
  events: PendingEvent[],
  sessions: { filters: Filter[]; allowance?: Allowance | null }[],
  onAsked: (session: number) => void = () => {},
): Delivery[] {
  const index = new SubscriptionIndex();
  const owners = new Map<number, number>();
  sessions.forEach(({ filters }, session) => {
    for (const filter of filters) owners.set(index.add(filter), session);
  });
  const audience = new Audience(index, slot => ({ session: owners.get(slot)!, group: null }));
  const flush = { epoch: EPOCH, head: events.at(-1)?.seq ?? 0 };
  return planFlush(flush, events, audience, new Set(sessions.keys()), session => {
    onAsked(session);
    const { allowance } = sessions[session]!;
    return allowance === undefined ? UNLIMITED : allowance;
  });
}

function pattern(
  seq: number,
  changes: { priority?: Priority; symbol?: string; pattern_type?: string } = {},
): PendingEvent {
  const event = patternEvent({ seq, ...changes });
  return {
    ...pending(seq, { ...MATCHABLE, ...changes }),
    body: JSON.stringify(event),
    bytes: JSON.stringify(event).length,
  };
}

function pending(seq: number, view: Matchable, { broadcast = false } = {}): PendingEvent {
  const body = JSON.stringify({ seq });
  return {
    seq,
    view,
    broadcast,
    shared: true,
    body,
    bytes: body.length,
    rank: priorityRank(view.priority ?? 'medium'),
    thinBy: JSON.stringify([view.kind, view.symbol, view.pattern_type]),
    reach: newReach(),
  };
}

function framesOf({ frames }: Delivery): LiveFrame[] {
  return frames.map(({ text }) => JSON.parse(text));
}

function seqsOf(delivery: Delivery): number[] {
  return framesOf(delivery).flatMap(({ events }) => events.map(({ seq }) => seq));
}

function withheldTold(delivery: Delivery): (LiveFrame['withheld'] | undefined)[] {
  return framesOf(delivery).map(({ withheld }) => withheld);
}
