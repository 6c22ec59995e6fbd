/** Rejects of one channel and reason within one minute; `minute` counts from the epoch. */
export interface RejectMinute {
  minute: number;
  channel: string;
  reason: string;
  count: number;
}

/** How fast messages of a channel are rejected for one reason. */
export interface RejectRate {
  reason: string;
  /** Over the last minute. */
  perMinute: number;
  /** Over the time before, at most half an hour; null while too little of it was counted. */
  beforePerMinute: number | null;
}

const MINUTE_MS = 60_000;
/** What the last minute is compared with. */
const BEFORE_MINUTES = 30;
const LEAST_BEFORE_MINUTES = 5;
/** So many minutes have to be kept. */
export const REJECT_MINUTES = BEFORE_MINUTES + 2;

/** It has risen when it is that many times what it was, and not just a few. */
const RISE = 3;
const LEAST_PER_MINUTE = 5;
/** Where nothing is known to compare with. */
const MANY_PER_MINUTE = 30;

export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS);
}

/**
 * The rates of a channel, by reason.
 * @param minutes of this channel and others, at least the last `REJECT_MINUTES`
 * @param countedSinceMs since when its messages have been listened to
 */
export function rejectRates(
  minutes: readonly RejectMinute[],
  channel: string,
  countedSinceMs: number | null,
  nowMs: number,
): RejectRate[] {
  const own = minutes.filter(entry => entry.channel === channel);
  const reasons = [...new Set(own.map(({ reason }) => reason))];
  return reasons.map(reason => {
    const counts = new Map(own.filter(entry => entry.reason === reason).map(({ minute, count }) => [minute, count]));
    const at = (minutesAgo: number) => counts.get(minuteOf(nowMs) - minutesAgo) ?? 0;
    // Of the minute before, the part that is less than a minute ago.
    const part = 1 - (nowMs % MINUTE_MS) / MINUTE_MS;
    const countedMinutes = countedSinceMs === null ? 0 : minuteOf(nowMs) - minuteOf(countedSinceMs) - 2;
    const span = Math.min(BEFORE_MINUTES, countedMinutes);
    let before = 0;
    for (let minutesAgo = 2; minutesAgo < 2 + span; minutesAgo++) before += at(minutesAgo);
    return {
      reason,
      perMinute: at(0) + part * at(1),
      beforePerMinute: span < LEAST_BEFORE_MINUTES ? null : before / span,
    };
  });
}

/** The sentence that tells of a rise, e.g. `rejects rose to 12/min on x (missing_pattern), from 0.2/min`; null: none. */
export function riseInWords(channel: string, { reason, perMinute, beforePerMinute }: RejectRate): string | null {
  if (beforePerMinute === null) {
    return perMinute < MANY_PER_MINUTE ? null : `${inWords(perMinute)} rejects/min on ${channel} (${reason})`;
  }
  if (perMinute < LEAST_PER_MINUTE || perMinute < RISE * beforePerMinute) return null;
  return `rejects rose to ${inWords(perMinute)}/min on ${channel} (${reason}), from ${inWords(beforePerMinute)}/min`;
}

function inWords(rate: number): string {
  return rate < 10 ? String(Math.round(rate * 10) / 10) : String(Math.round(rate));
}
