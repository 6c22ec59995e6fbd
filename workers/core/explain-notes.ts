import type { ExplainNote, Explanation } from '../../shared/api/explain.ts';

/** What is known of an event apart from any session, as sentences. */
export function notesOf(
  facts: Pick<Explanation, 'subscriptions' | 'matches' | 'routing' | 'delivery'> & {
    isFlushed: boolean;
    eventsPerSecond: number;
  },
): ExplainNote[] {
  const { subscriptions, matches, routing, delivery, isFlushed, eventsPerSecond } = facts;
  const notes: ExplainNote[] = [];
  const add = (code: ExplainNote['code'], text: string) => notes.push({ code, text });
  if (routing.broadcast_all) {
    add('broadcast', 'A routing rule sends it to every session of the topic, whatever it subscribed to.');
  } else if (subscriptions.length === 0) {
    add('no_subscription', 'The session has no subscription, so it gets nothing.');
  } else if (!matches) {
    add('filter', `No subscription matches it: ${subscriptions.map(failuresOf).join('; ')}.`);
  }
  if (routing.load_balanced && subscriptions.some(({ matches, group }) => matches && group !== null)) {
    add('group', 'Sessions that name the same group share it: one of those that it matches gets it.');
  }
  if (!isFlushed) {
    add('not_flushed', 'It waits for the flush: nobody has got it live yet.');
    return notes;
  }
  if (delivery === null) {
    const since = 'the hub has slept or been restarted since, or more than 10,000 events have come';
    add('not_remembered', `Whom its flush reached is not known any more: ${since}.`);
    return notes;
  }
  const { live_sessions, behind_sessions, matching_sessions, withheld, closed_sessions } = delivery;
  const of = `of the ${count(matching_sessions, 'live session')} that it was for`;
  if (live_sessions === 0) add('nobody_live', 'No session was connected and live when it was flushed.');
  if (withheld.rate_limited > 0) {
    const budget = `had no budget left (${eventsPerSecond} events a second)`;
    add('rate_limited', `${withheld.rate_limited} ${of} ${budget} and were told of it as withheld.`);
  }
  if (withheld.skipped > 0) {
    add('skipped', `${withheld.skipped} ${of} read slowly, got something newer of the same, and were told.`);
  }
  if (closed_sessions > 0) {
    add('closed', `${closed_sessions} ${of} read far too slowly or could not be sent to, and were closed to resume.`);
  }
  if (behind_sessions > 0) {
    const sessions = count(behind_sessions, 'session');
    add('catching_up', `${sessions} not live when it was flushed: what is theirs they read from the tape.`);
  }
  return notes;
}

/** What is known of one session and an event, as sentences; nothing when no subscription of it is for the event. */
export function sessionNotesOf(facts: {
  seq: number;
  subscriptions: Explanation['subscriptions'];
  /** Whether its flush would send it to this session, by the members that groups have now. */
  isFor: boolean;
  session: NonNullable<Explanation['session']>;
}): ExplainNote[] {
  const { seq, subscriptions, isFor, session } = facts;
  const matching = subscriptions.filter(({ matches }) => matches);
  if (!isFor && matching.length === 0) return [];
  const notes: ExplainNote[] = [];
  const add = (code: ExplainNote['code'], text: string) => notes.push({ code, text });
  const since = Math.min(...matching.map(each => each.since ?? 0));
  if (matching.length > 0 && seq <= since) {
    const snapshot = 'what was there before it gets only as a snapshot, if it asked for one';
    add('subscribed_later', `It subscribed after the event, from ${since} on: ${snapshot}.`);
  } else if (matching.length === 0 && seq <= session.since) {
    add('connected_later', `It connected after the event, when the newest was ${session.since}.`);
  }
  if (!isFor) add('share_of_another', 'By the members that its group has now, the event is another session’s share.');
  const isAwaited = session.backfills.some(({ reached, until }) => reached < seq && seq <= until);
  if (session.state === 'behind' && (isAwaited || session.position.seq < seq)) {
    const backfills = session.backfills.map(each => `“${each.subscription}” has reached ${each.reached}`);
    const reached = backfills.length > 0 ? backfills.join(', ') : `it has reached ${session.position.seq}`;
    add('behind', `It is sent what it missed from the tape (${reached}); the event may still come.`);
  }
  if (session.blocked_ms !== null) {
    add('blocked', `It has not read for ${session.blocked_ms} ms, and is sent nothing until it does.`);
  }
  if (session.reader !== 'keeps_up') {
    add('reads_slowly', `It has ${session.buffered_bytes} bytes unread, and gets only the newest of each thing.`);
  }
  for (const { from, to, rate_limited, skipped } of session.withheld) {
    const why = [
      rate_limited > 0 && `${rate_limited} for want of budget`,
      skipped > 0 && `${skipped} as it reads slowly`,
    ];
    const range = from === to ? 'this event was' : `events from ${from} to ${to} were`;
    add('withheld', `In one flush ${range} withheld from it, and it was told: ${why.filter(Boolean).join(', ')}.`);
  }
  if (notes.length === 0 && session.position.seq >= seq) {
    add('sent', 'Nothing is known that kept it from this session: it was sent it, as far as this hub remembers.');
  }
  return notes;
}

function failuresOf({ id, clauses }: Explanation['subscriptions'][number]): string {
  const failed = clauses.filter(({ holds }) => !holds).map(({ clause }) => clause);
  return `${id === null ? 'the filter' : `“${id}”`} by ${failed.join(', ')}`;
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
