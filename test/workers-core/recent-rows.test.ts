import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseFilter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { priorityRank } from '../../shared/priority.ts';
import { columnsOf, type RecentRow, RecentRows } from '../../workers/core/recent-rows.ts';
import { ROUTING } from '../../workers/core/router.ts';
import { filters, matchables } from '../shared/arbitraries.ts';

const CAPACITY = 10;
const normalFilters = filters.map(filter => normaliseFilter('daily', filter));

/** An event, or a gap, and whether it goes to everybody. */
interface Told {
  view: Matchable;
  broadcast: boolean;
}

const rows = fc.array(
  fc.record<Told>({
    view: fc.oneof({ weight: 9, arbitrary: matchables }, { weight: 1, arbitrary: fc.constant({ kind: 'gap' }) }),
    broadcast: fc.boolean(),
  }),
  { maxLength: 3 * CAPACITY },
);

function rowOf({ view, broadcast }: Told, seq: number): RecentRow {
  const routing = broadcast ? ROUTING.broadcast : ROUTING.shared;
  return columnsOf(view, { seq, routing, received_at_ms: seq * 1_000 });
}

/** With the rows that it is to hold, oldest first; the first has seq 8. */
function filled(told: readonly Told[]): { recent: RecentRows; held: (Told & { seq: number })[] } {
  const recent = new RecentRows(CAPACITY);
  const placed = told.map((one, i) => ({ ...one, seq: 8 + i }));
  for (const { seq, ...one } of placed) recent.add(rowOf(one, seq));
  return { recent, held: placed.slice(-CAPACITY) };
}

const isEvent = ({ view }: Told) => view.kind !== 'gap';

describe('the newest rows', () => {
  it('count what matches, and what is of the kinds asked for, from any seq on', () => {
    fc.assert(
      fc.property(rows, normalFilters, fc.integer({ min: 1, max: 45 }), (told, filter, from) => {
        const { recent, held } = filled(told);
        const events = held.filter(row => isEvent(row) && row.seq >= from);
        expect(recent.count(filter, from)).toEqual({
          matching: events.filter(({ view }) => matches(filter, view)).length,
          total: events.filter(({ view }) => matches({ kinds: filter.kinds ?? [] }, view)).length,
        });
      }),
    );
  });

  it('are searched from any seq down to another for what matches, and for what goes to everybody', () => {
    const seq = fc.integer({ min: 1, max: 45 });
    const query = fc.record({
      filter: normalFilters,
      upTo: seq,
      least: seq,
      limit: fc.integer({ min: 1, max: CAPACITY }),
      broadcast: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, query, (told, query) => {
        const { recent, held } = filled(told);
        const { filter, upTo, least, limit, broadcast } = query;
        const found = held
          .filter(row => isEvent(row) && row.seq >= least && row.seq <= upTo)
          .filter(row => matches(filter, row.view) || (broadcast && row.broadcast))
          .map(row => row.seq)
          .reverse();
        expect(recent.findNewest(query)).toEqual(found.slice(0, limit));
      }),
    );
  });

  it('are grouped, if they are patterns, by type, tenth of confidence and priority, those after a moment apart', () => {
    const patterns = fc.record({
      kind: fc.constantFrom('pattern', 'pattern', 'outcome'),
      pattern_type: fc.constantFrom('Doji', 'Hammer'),
      confidence: fc.constantFrom(0, 0.099, 0.1, 0.85, 0.999, 1),
      priority: fc.constantFrom('low' as const, 'critical' as const),
    });
    const arrivals = fc.array(
      patterns.map(view => ({ view, broadcast: false })),
      { maxLength: 3 * CAPACITY },
    );
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 45 }), fc.integer({ min: 0, max: 45 }), (told, from, lately) => {
        const { recent, held } = filled(told);
        const patterns = held.filter(({ view, seq }) => view.kind === 'pattern' && seq >= from);
        const groups = recent.groupPatterns(from, lately * 1_000);
        const groupOf = ({ view }: Told) =>
          groups.find(
            group =>
              group.pattern_type === view.pattern_type &&
              group.tenth === Math.min(Math.floor(view.confidence! * 10), 9) &&
              group.priority === priorityRank(view.priority!),
          );
        const members = Map.groupBy(patterns, groupOf);
        expect(members.size).toBe(groups.length);
        for (const [group, rows] of members) {
          const late = rows.filter(({ seq }) => seq > lately);
          const latelyFromMs = late.length > 0 ? late[0]!.seq * 1_000 : null;
          expect(group).toMatchObject({ count: rows.length, lately: late.length, latelyFromMs });
        }
      }),
    );
  });

  it('follow one another', () => {
    const { recent } = filled([{ view: { kind: 'pattern' }, broadcast: false }]);
    expect(() => recent.add(rowOf({ view: { kind: 'pattern' }, broadcast: false }, 10))).toThrow('row 10 after 8');
  });

  it('count right however many texts have come and gone', () => {
    const recent = new RecentRows(CAPACITY);
    for (let seq = 1; seq <= 10 * CAPACITY; seq++) {
      recent.add(rowOf({ view: { kind: 'pattern', symbol: `S${seq}` }, broadcast: false }, seq));
      const symbols = Array.from({ length: seq }, (_, i) => `S${i + 1}`);
      expect(recent.count({ symbols }, 1)).toMatchObject({ matching: Math.min(seq, CAPACITY) });
      expect(recent.count({ symbols: [`S${seq}`, `S${seq - CAPACITY}`] }, 1)).toMatchObject({ matching: 1 });
    }
  });
});
