import type { PatternEvent } from '../../../shared/events.ts';
import { type Clock, clockTime } from '../../live/times.ts';

const DAY_S = 86_400;

/** The events nearest to a time of day (`14:36` or `14:36:15` by `clock`), of equal ones the newest; '' = the newest. */
export function nearest(
  events: readonly PatternEvent[],
  time: string,
  { clock, most }: { clock: Clock; most: number },
): PatternEvent[] {
  const wanted = secondsOf(time);
  const distance = ({ detected_at }: PatternEvent) => {
    if (wanted === null) return 0;
    const apart = Math.abs(secondsOf(clockTime(Date.parse(detected_at), clock))! - wanted);
    return Math.min(apart, DAY_S - apart);
  };
  return events.toSorted((a, b) => distance(a) - distance(b) || b.seq - a.seq).slice(0, most);
}

function secondsOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(time);
  return found && Number(found[1]) * 3_600 + Number(found[2]) * 60 + Number(found[3] ?? 0);
}
