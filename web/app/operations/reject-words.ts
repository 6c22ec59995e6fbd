import { messageKeys } from './message-keys.ts';

/** What a producer may call each field that a pattern cannot do without. */
const NAMES = {
  pattern: ['pattern', 'pattern_type', 'pattern_name'],
  symbol: ['symbol', 'ticker'],
  confidence: ['confidence'],
} as const;
type Needed = keyof typeof NAMES;

/** Which field a reject is about; `message`: about all of it. */
export type RejectField = Needed | 'message';

const FIELD_OF: Readonly<Record<string, Needed>> = {
  missing_pattern: 'pattern',
  bad_pattern: 'pattern',
  missing_symbol: 'symbol',
  bad_symbol: 'symbol',
  bad_confidence: 'confidence',
};
const MAX_KEYS = 12;
const MAX_VALUE_CHARS = 40;

export function rejectField(reason: string): RejectField {
  return FIELD_OF[reason] ?? 'message';
}

/**
 * Why a message could not be read, by the reason it was rejected for and what is kept of it:
 * `no pattern, pattern_type or pattern_name; the message has: patern, symbol, confidence. "patern" may be meant`.
 */
export function rejectWords({ reason, sample }: { reason: string; sample: string }): string {
  const keys = messageKeys(sample);
  switch (reason) {
    case 'missing_pattern':
    case 'missing_symbol':
      return missingWords(FIELD_OF[reason]!, keys);
    case 'bad_confidence': {
      const value = shownValue('confidence', sample);
      if (value === null) return missingWords('confidence', keys);
      return `confidence is ${value}: expected a number from 0 to 1, or to 100`;
    }
    case 'missing_job_id':
      return `no job_id; ${hasWords(keys)}`;
    case 'bad_pattern':
      return 'the pattern’s name has over 100 characters';
    case 'bad_symbol': {
      const value = shownValue('symbol', sample) ?? shownValue('ticker', sample);
      return `the symbol ${value === null ? '' : `${value} `}is too long, or has characters that symbols do not have`;
    }
    case 'bad_json':
      return `is not JSON; begins with: ${cut(sample.trim()) || 'nothing'}`;
    case 'bad_shape':
      return keys.length === 0
        ? `is no object; begins with: ${cut(sample.trim()) || 'nothing'}`
        : `an object is expected where none is; ${hasWords(keys)}`;
    case 'too_large':
      return 'is larger than a message may be';
    case 'refused_by_edge':
      return 'became an event that the Worker refuses; the bridge’s log says why';
    default:
      return reason;
  }
}

/** Says which names are looked for, which are there, and which of these may be meant. */
function missingWords(field: Needed, keys: readonly string[]): string {
  const names = NAMES[field];
  // The name is there after all: then it is empty, or null.
  const empty = keys.find(key => (names as readonly string[]).includes(ownName(key)));
  if (empty !== undefined) return `${empty} is there, and empty`;
  const meant = keys.find(key => names.some(name => isNearly(ownName(key).toLowerCase(), name)));
  return `no ${listed(names)}; ${hasWords(keys)}${meant === undefined ? '' : `. "${meant}" may be meant`}`;
}

function hasWords(keys: readonly string[]): string {
  if (keys.length === 0) return 'the message has no fields';
  const more = keys.length > MAX_KEYS ? ` and ${keys.length - MAX_KEYS} more` : '';
  return `the message has: ${keys.slice(0, MAX_KEYS).join(', ')}${more}`;
}

function ownName(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** `a`, `a or b`, `a, b or c`. */
function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** The value of a field as it stands there, shortened; null = there is none. */
function shownValue(name: string, sample: string): string | null {
  const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]+)`).exec(sample)?.[1];
  return found === undefined ? null : cut(found.trim());
}

function cut(text: string): string {
  const [...characters] = text;
  return characters.length > MAX_VALUE_CHARS ? `${characters.slice(0, MAX_VALUE_CHARS).join('')}…` : text;
}

/** Whether one is made of the other by at most two letters added, left out or changed (one in short words). */
function isNearly(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length) < 6 ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** https://en.wikipedia.org/wiki/Levenshtein_distance, row by row. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
