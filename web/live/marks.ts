import type { PatternEvent } from '../../shared/events.ts';

/** What is to be known of an event before it is trusted: shown beside it. */
export interface Mark {
  /** Short, for a row. */
  sign: string;
  /** In full, for a tooltip and screen readers. */
  words: string;
  /** Whether it is the time that is in doubt. */
  isOfTime: boolean;
}

/** The caveats of an event, the gravest first. */
export function caveatsOf({ source, tier_origin, time_origin }: PatternEvent): Mark[] {
  const marks: Mark[] = [];
  if (isStandIn(source))
    marks.push({ sign: 'sim', words: `not from the market: source is ${source}`, isOfTime: false });
  if (time_origin === 'received')
    marks.push({ sign: 'rcv', words: 'no time was sent: this is when it was received', isOfTime: true });
  if (time_origin === 'naive')
    marks.push({ sign: 'tz?', words: 'its time came without a zone and is read as UTC', isOfTime: true });
  if (tier_origin === 'default')
    marks.push({ sign: 'tier?', words: 'no tier was sent: this is the channel’s', isOfTime: false });
  return marks;
}

/** Whether a source stands in for the producer: simulators, fallbacks, load tests. */
export function isStandIn(source: string): boolean {
  return /simulat|synthetic|fallback|load.?test|mock/i.test(source);
}

/** Whether what a source sends is made up. */
export function isSimulator(source: string): boolean {
  return /simulat|synthetic/i.test(source);
}
