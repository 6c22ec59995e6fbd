import type { Gap, TopicState, Withheld } from '../client/client.ts';

/** How the page names a connection's state, for its `data-state` and its glyphs. */
export type StateName = 'connecting' | 'live' | 'backfilling' | 'reconnecting' | 'closed';

/** A state as the page shows it: a name for styles and tests, a glyph so that colour is never alone, words. */
export function stateWords(state: TopicState, nowMs: number): { name: StateName; glyph: string; words: string } {
  switch (state.name) {
    case 'connecting':
      return {
        name: 'connecting',
        glyph: '◌',
        words: state.attempt > 0 ? `Connecting, attempt ${state.attempt + 1}` : 'Connecting',
      };
    case 'backfilling':
      return { name: 'backfilling', glyph: '◐', words: 'Backfilling' };
    case 'open':
      return { name: 'live', glyph: '●', words: 'Live' };
    case 'reconnecting': {
      const seconds = Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1_000));
      return { name: 'reconnecting', glyph: '◍', words: `Reconnecting in ${seconds} s: ${state.reason}` };
    }
    case 'closed':
      return {
        name: 'closed',
        glyph: '■',
        words: `Closed: ${state.reason}${state.code === null ? '' : ` (${state.code})`}`,
      };
  }
}

/** Whether the data is fresh, whatever the connection says: a bridge's heartbeat must have come lately. */
export function freshnessWords(
  lastHeartbeatAtMs: number | null,
  staleAfterMs: number,
  nowMs: number,
): { isStale: boolean; words: string } {
  if (lastHeartbeatAtMs === null) return { isStale: true, words: 'Data stale: no heartbeat yet' };
  const ageMs = nowMs - lastHeartbeatAtMs;
  if (ageMs > staleAfterMs) return { isStale: true, words: `Data stale: last heartbeat ${ageWords(ageMs)} ago` };
  return { isStale: false, words: `Data fresh: heartbeat ${ageWords(ageMs)} ago` };
}

/** A span of time in one unit, rounded down: `4 s`, `12 min`, `3 h`, `2 d`; less than none is `0 s`. */
export function ageWords(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const newYork = { timeZone: 'America/New_York' } as const;
const clock = new Intl.DateTimeFormat('en-GB', { ...newYork, hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-US', { ...newYork, month: 'short', day: 'numeric' });

/** A time on the exchange's clock: `14:36:15 ET`, with the day before it when that is not today's. */
export function exchangeTime(atMs: number, nowMs: number): string {
  if (!Number.isFinite(atMs)) return 'time unknown';
  const date = day.format(atMs);
  return `${date === day.format(nowMs) ? '' : `${date} `}${clock.format(atMs)} ET`;
}

/** A confidence (0..1) as a percentage and as one to five segments: below 60, then by tens. */
export function confidenceWords(confidence: number): { percent: string; segments: string } {
  const percent = Math.floor(Math.round(confidence * 1_000) / 10);
  const filled = Math.min(Math.max(Math.floor(percent / 10) - 4, 1), 5);
  return { percent: `${percent} %`, segments: '▰'.repeat(filled) + '▱'.repeat(5 - filled) };
}

/** What stands for a direction that the producer sent: up, down, another, or none. */
export function directionGlyph(direction: string | null): { glyph: string; name: 'up' | 'down' | 'other' } {
  const word = direction?.toLowerCase() ?? '';
  if (UP.includes(word)) return { glyph: '▲', name: 'up' };
  if (DOWN.includes(word)) return { glyph: '▼', name: 'down' };
  return { glyph: word === '' ? '·' : '◆', name: 'other' };
}

const UP = ['up', 'bullish', 'long', 'buy'];
const DOWN = ['down', 'bearish', 'short', 'sell'];

const number = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** A price without currency, which the producer does not name; a dash when none was sent. */
export function priceWords(price: number | null): string {
  return price === null ? '–' : number.format(price);
}

const GAP_WORDS: Record<string, string> = {
  redis_disconnected: 'the bridge had lost Redis',
  bridge_absent: 'no bridge was running',
  outbox_overflow: 'the bridge could not keep all that waited',
};

/** A time in which events may be missing. */
export function gapWords(gap: Gap, nowMs: number): string {
  const from = exchangeTime(Date.parse(gap.from), nowMs);
  const to = exchangeTime(Date.parse(gap.to), nowMs);
  return `Gap: events from ${from} to ${to} may be missing (${GAP_WORDS[gap.reason] ?? gap.reason})`;
}

/** What was not sent to this page between two times. */
export function withheldWords(
  { rate_limited, skipped }: Pick<Withheld, 'rate_limited' | 'skipped'>,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  nowMs: number,
): string {
  const from = exchangeTime(fromMs, nowMs);
  const to = exchangeTime(toMs, nowMs);
  const causes = [
    rate_limited > 0 && `${rate_limited} over the rate limit`,
    skipped > 0 && `${skipped} skipped because this page read slowly`,
  ].filter(Boolean);
  return `Withheld: ${events(rate_limited + skipped)} not sent, ${from === to ? from : `${from} to ${to}`} (${causes.join(', ')})`;
}

/** `1 event`, `2 events`. */
export function events(count: number): string {
  return `${count} event${count === 1 ? '' : 's'}`;
}

/** The filter box as a filter: symbols parted by commas or spaces, confidence in percent; empty = everything. */
export function filterFrom(symbols: string, confidence: string): { symbols?: string[]; confidence_min?: number } {
  const wanted = symbols.split(/[\s,;]+/).filter(symbol => symbol !== '');
  const percent = Number(confidence);
  return {
    ...(wanted.length > 0 && { symbols: wanted.map(symbol => symbol.toUpperCase()) }),
    ...(percent > 0 && { confidence_min: Math.min(percent, 100) / 100 }),
  };
}
