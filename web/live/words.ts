import { CLOSE_CODES } from '../../shared/codes.ts';
import type { ColumnState } from './column-state.ts';
import { type Clock, momentWords, shortTime, weekdayWords, zoneWords } from './times.ts';

/** What a state is called: `glyph` and `label` for a pill, `words` for a sentence that says the same in full. */
export interface StateWords {
  glyph: string;
  label: string;
  words: string;
}

/** The words for a column's state; `title` is the column's, times are told by `clock`. */
export function stateWords(state: ColumnState, { title, nowMs, clock }: WordsContext): StateWords {
  switch (state.name) {
    case 'connecting':
      return {
        glyph: '◌',
        label: 'Connecting',
        words: state.attempt > 0 ? `Connecting, attempt ${state.attempt + 1}` : 'Connecting',
      };
    case 'empty':
      return { glyph: '○', label: 'No match', words: emptyWords(state, title) };
    case 'quiet': {
      const last =
        state.lastEventAtMs === null
          ? 'No pattern yet.'
          : `Last pattern ${momentWords(state.lastEventAtMs, nowMs, clock)} ${zoneWords(clock)}.`;
      const heartbeat =
        state.heartbeatAtMs === null
          ? 'No pipeline heartbeat yet'
          : `Pipeline heartbeat ${ageWords(nowMs - state.heartbeatAtMs)} ago`;
      return { glyph: '◔', label: 'Quiet', words: `Quiet. ${last} ${heartbeat}` };
    }
    case 'closed_market': {
      const why = state.holiday === null ? 'Market closed' : `Market closed: ${state.holiday}`;
      const opens =
        state.opensAtMs === null
          ? ''
          : `. Opens ${weekdayWords(state.opensAtMs, clock)} ${shortTime(state.opensAtMs, clock)} ${zoneWords(clock)}, in ${spanWords(state.opensAtMs - nowMs)}`;
      return { glyph: '☾', label: 'Closed', words: `${why}${opens}` };
    }
    case 'live':
      return { glyph: '●', label: 'Live', words: 'Live' };
    case 'stale':
      return {
        glyph: '▨',
        label: 'Stale',
        words:
          state.heartbeatAtMs === null
            ? 'Data stale: no pipeline heartbeat yet'
            : `Data ${ageWords(nowMs - state.heartbeatAtMs)} old: no pipeline heartbeat`,
      };
    case 'reconnecting': {
      const when =
        state.retryAtMs === null ? 'now' : `in ${Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1_000))} s`;
      const cause = state.reason === 'connection lost' ? '' : `: ${state.reason}`;
      const words =
        state.reason === CLOSE_CODES.draining.means
          ? `The server is being restarted. Connecting again ${when}`
          : `Connection lost${cause}. Attempt ${state.attempt} ${when}`;
      return { glyph: '◍', label: 'Reconnecting', words };
    }
    case 'backfilling':
      return {
        glyph: '◐',
        label: 'Backfilling',
        words: state.received > 0 ? `Backfilling: ${events(state.received)} so far` : 'Backfilling',
      };
    case 'error': {
      const code = state.code === null ? '' : ` (${state.code})`;
      return { glyph: '■', label: 'Error', words: `${state.cause}${code}. ${state.action}` };
    }
    case 'offline': {
      const since =
        state.sinceMs === null ? '' : ` since ${momentWords(state.sinceMs, nowMs, clock)} ${zoneWords(clock)}`;
      return { glyph: '⊘', label: 'Offline', words: `Offline${since}: what is shown stays, nothing new comes` };
    }
  }
}

export interface WordsContext {
  title: string;
  nowMs: number;
  clock: Clock;
}

function emptyWords(
  { local, muted, unrelated, subscriptions }: ColumnState & { name: 'empty' },
  title: string,
): string {
  if (subscriptions === 0) return `All ${title} subscriptions are paused`;
  const causes = [
    local > 0 && `${whole.format(local)} hidden by your local filter`,
    muted > 0 && `${whole.format(muted)} muted`,
    unrelated > 0 && `${whole.format(unrelated)} not related to the selection`,
  ].filter(Boolean);
  if (causes.length === 0) return `No ${title} patterns match the filter`;
  return `No ${title} patterns match: ${causes.join(', ')}`;
}

/** A span of time in one unit, rounded down: `4 s`, `12 min`, `3 h`, `2 d`; less than none is `0 s`. */
export function ageWords(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A span of time in two units, for what one waits for: `2 d 3 h`, `1 h 23 min`, `4 min`; under a minute `1 min`. */
export function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
  if (hours > 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${minutes} min`;
}

/** `1 event`, `2 events`, `1,234 events`. */
export function events(count: number): string {
  return `${whole.format(count)} event${count === 1 ? '' : 's'}`;
}

const whole = new Intl.NumberFormat('en-US');

/** A confidence (0..1) as two digits, and as one to five segments: below 60, then by tens. */
export function confidenceWords(confidence: number): { percent: string; band: 1 | 2 | 3 | 4 | 5 } {
  const percent = percentOf(confidence);
  return {
    percent: String(percent),
    band: Math.min(Math.max(Math.floor(percent / 10) - 4, 1), 5) as 1 | 2 | 3 | 4 | 5,
  };
}

/** Whole percent, rounded down so that 89.9 does not read as 90; by thousandths, so that .29 is 29. */
export function percentOf(confidence: number): number {
  return Math.floor(Math.round(confidence * 1_000) / 10);
}

/** A change in thousandths as whole points of a percentage: `+4`, `−12`; empty for less than half a point. */
export function changeWords(change: number): string {
  const points = Math.round(Math.abs(change) / 10);
  return points === 0 ? '' : `${change > 0 ? '+' : '−'}${points}`;
}

/** What a direction that the producer sent means, with a glyph; `word` is what a screen reader says, empty for none. */
export function directionWords(direction: string | null): {
  name: 'up' | 'down' | 'other' | 'none';
  glyph: string;
  word: string;
} {
  const sent = direction?.trim().toLowerCase() ?? '';
  if (sent === '') return { name: 'none', glyph: '–', word: '' };
  if (UP.has(sent)) return { name: 'up', glyph: '▲', word: 'up' };
  if (DOWN.has(sent)) return { name: 'down', glyph: '▼', word: 'down' };
  return { name: 'other', glyph: '◆', word: sent };
}

const UP = new Set(['up', 'bullish', 'long', 'buy', 'bull']);
const DOWN = new Set(['down', 'bearish', 'short', 'sell', 'bear']);

const price = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** A price without currency, which the producer does not name. */
export function priceWords(value: number): string {
  return price.format(value);
}
