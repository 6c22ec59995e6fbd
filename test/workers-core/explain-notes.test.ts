import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../shared/api/explain.ts';
import { notesOf, sessionNotesOf } from '../../workers/core/explain-notes.ts';

type Delivery = NonNullable<Explanation['delivery']>;
type Session = NonNullable<Explanation['session']>;

const routing: Explanation['routing'] = {
  rules: [],
  broadcast_all: false,
  priority_first: false,
  load_balanced: true,
  priority: 'high',
};
const delivery = (changes: Partial<Delivery> = {}): Delivery => ({
  flushed_at_ms: 1,
  live_sessions: 3,
  behind_sessions: 0,
  matching_sessions: 3,
  sent_sessions: 3,
  withheld: { rate_limited: 0, skipped: 0 },
  closed_sessions: 0,
  ...changes,
});
const subscription = (changes: Partial<Explanation['subscriptions'][number]> = {}) => ({
  id: 's',
  filter: {},
  group: null,
  since: 0,
  clauses: [],
  matches: true,
  ...changes,
});
const session = (changes: Partial<Session> = {}): Session => ({
  session_id: 'x',
  user_id: 'ann',
  guest: false,
  since: 0,
  state: 'live',
  position: { epoch: 'e', seq: 9 },
  backfills: [],
  blocked_ms: null,
  buffered_bytes: 0,
  reader: 'keeps_up',
  events_per_second: 100,
  withheld: [],
  ...changes,
});

describe('what is told of a flush', () => {
  const notes = (changes: Partial<Parameters<typeof notesOf>[0]> = {}) =>
    notesOf({
      subscriptions: [subscription()],
      matches: true,
      routing,
      delivery: delivery(),
      isFlushed: true,
      eventsPerSecond: 100,
      ...changes,
    });

  it('is nothing where everybody that it was for got it', () => {
    expect(notes()).toEqual([]);
  });

  it('is how many did not, and why', () => {
    const withheld = { rate_limited: 1, skipped: 2 };
    expect(notes({ delivery: delivery({ withheld, closed_sessions: 1, behind_sessions: 1 }) })).toEqual([
      {
        code: 'rate_limited',
        text: '1 of the 3 live sessions that it was for had no budget left (100 events a second) and were told of it as withheld.',
      },
      {
        code: 'skipped',
        text: '2 of the 3 live sessions that it was for read slowly, got something newer of the same, and were told.',
      },
      {
        code: 'closed',
        text: '1 of the 3 live sessions that it was for read far too slowly or could not be sent to, and were closed to resume.',
      },
      {
        code: 'catching_up',
        text: '1 session not live when it was flushed: what is theirs they read from the tape.',
      },
    ]);
  });

  it('is that it has not been, or that it is not remembered', () => {
    expect(notes({ delivery: null, isFlushed: false }).map(({ code }) => code)).toEqual(['not_flushed']);
    expect(notes({ delivery: null }).map(({ code }) => code)).toEqual(['not_remembered']);
  });

  it('is that sessions share it only where a subscription that matches names a group', () => {
    const codes = (changes: object) => notes({ subscriptions: [subscription(changes)] }).map(({ code }) => code);
    expect(codes({ group: 'g' })).toEqual(['group']);
    expect(codes({ group: 'g', matches: false })).toEqual([]);
  });
});

describe('what is told of a session', () => {
  const codes = (changes: Partial<Session>, facts: Partial<Parameters<typeof sessionNotesOf>[0]> = {}) =>
    sessionNotesOf({
      seq: 5,
      subscriptions: [subscription()],
      isFor: true,
      session: session(changes),
      ...facts,
    }).map(({ code }) => code);

  it('is nothing where no subscription of it is for the event', () => {
    expect(codes({}, { isFor: false, subscriptions: [subscription({ matches: false })] })).toEqual([]);
  });

  it('is that it was sent it only where nothing is known against it, and its position is past it', () => {
    expect(codes({})).toEqual(['sent']);
    expect(codes({ position: { epoch: 'e', seq: 4 } })).toEqual([]);
    expect(codes({ blocked_ms: 10 })).toEqual(['blocked']);
    expect(codes({ reader: 'thinned' })).toEqual(['reads_slowly']);
    expect(codes({}, { isFor: false })).toEqual(['share_of_another']);
    expect(codes({}, { subscriptions: [subscription({ since: 5 })] })).toEqual(['subscribed_later']);
    expect(codes({}, { subscriptions: [subscription({ since: 5 }), subscription({ since: 4 })] })).toEqual(['sent']);
    expect(codes({ since: 5 }, { subscriptions: [] })).toEqual(['connected_later']);
  });

  it('is that it is still to be sent what it missed', () => {
    const behind = { state: 'behind', position: { epoch: 'e', seq: 4 } } as const;
    expect(codes(behind)).toEqual(['behind']);
    const backfills = (reached: number, until: number) => [{ subscription: 's', reached, until }];
    const further = { state: 'behind', position: { epoch: 'e', seq: 9 } } as const;
    expect(codes({ ...further, backfills: backfills(4, 9) })).toEqual(['behind']);
    expect(codes({ ...further, backfills: backfills(5, 9) })).toEqual(['sent']);
    expect(codes({ ...further, backfills: backfills(1, 4) })).toEqual(['sent']);
  });

  it('is what was withheld from it, in words', () => {
    const told = (withheld: Session['withheld']) =>
      sessionNotesOf({ seq: 5, subscriptions: [subscription()], isFor: true, session: session({ withheld }) });
    expect(told([{ from: 5, to: 5, rate_limited: 0, skipped: 1 }])).toEqual([
      {
        code: 'withheld',
        text: 'In one flush this event was withheld from it, and it was told: 1 as it reads slowly.',
      },
    ]);
    expect(told([{ from: 3, to: 8, rate_limited: 2, skipped: 1 }])[0]!.text).toContain(
      'events from 3 to 8 were withheld from it, and it was told: 2 for want of budget, 1 as it reads slowly.',
    );
  });
});
