import type { MarketSession } from '../../../shared/events.ts';
import type { SessionNow } from '../../live/calendar.ts';
import { countdownWords } from '../words.ts';

const NAMES: Record<MarketSession, string> = {
  pre_market: 'pre-market',
  regular: 'open',
  post_market: 'after hours',
  closed: 'closed',
};

/**
 * Where the exchange stands: `NYSE open`, `closes in 1:23:45`, and why it is an unusual day. What the calendar does not
 * tell is left out.
 */
export function sessionWords(
  exchange: string,
  now: SessionNow,
  nowMs: number,
): { name: string; change: string; why: string | null } {
  const { session, opensAtMs, closesAtMs, holiday, halfDay } = now;
  const change =
    closesAtMs !== null
      ? `closes in ${countdownWords(closesAtMs - nowMs)}`
      : opensAtMs !== null
        ? `opens in ${countdownWords(opensAtMs - nowMs)}`
        : '';
  const why = holiday ?? (halfDay === null ? null : `closes early: ${halfDay}`);
  return { name: `${exchange} ${NAMES[session]}`, change, why };
}
