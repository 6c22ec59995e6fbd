import type { MarketSession } from '../../../shared/events.ts';
import { PRIORITIES, type Priority } from '../../../shared/priority.ts';
import type { Direction } from '../state/filters.ts';

/** What can stand before a `:`, `>` or `<` in a filter's text, with an example for messages and help. */
export const KEYS = {
  sym: { example: 'sym:BRK.B', means: 'symbol' },
  in: { example: 'in:tech', means: 'universe of symbols' },
  pat: { example: 'pat:"Bull Flag"', means: 'pattern' },
  tf: { example: 'tf:5m', means: 'timeframe' },
  conf: { example: 'conf>=70', means: 'confidence, in percent' },
  prio: { example: 'prio:high', means: 'least priority' },
  session: { example: 'session:regular', means: 'market session' },
  dir: { example: 'dir:up', means: 'direction, hidden here' },
  sector: { example: 'sector:Energy', means: 'sector, hidden here' },
  age: { example: 'age<10m', means: 'age, hidden here' },
  is: { example: 'is:starred', means: 'starred only, hidden here' },
} as const;
export type Key = keyof typeof KEYS;

const KEY_ALIASES: Readonly<Record<string, Key>> = {
  symbol: 'sym',
  pattern: 'pat',
  timeframe: 'tf',
  confidence: 'conf',
  priority: 'prio',
  direction: 'dir',
};

/** The key that a word is, in any case; null = none. */
export function keyNamed(word: string): Key | null {
  const plain = word.toLowerCase();
  if (Object.hasOwn(KEYS, plain)) return plain as Key;
  return Object.hasOwn(KEY_ALIASES, plain) ? KEY_ALIASES[plain]! : null;
}

/** Each market session with the word it is typed as, and its name. */
export const SESSIONS: Readonly<Record<MarketSession, { word: string; name: string; aliases: readonly string[] }>> = {
  pre_market: { word: 'pre', name: 'Pre-market', aliases: ['pre_market', 'pre-market', 'premarket'] },
  regular: { word: 'regular', name: 'Regular', aliases: ['rth', 'open'] },
  post_market: {
    word: 'post',
    name: 'Post-market',
    aliases: ['post_market', 'post-market', 'postmarket', 'after', 'after-hours'],
  },
  closed: { word: 'closed', name: 'Closed', aliases: [] },
};

export function sessionNamed(word: string): MarketSession | null {
  const plain = word.toLowerCase();
  const found = sessions().find(([, { word, aliases }]) => word === plain || aliases.includes(plain));
  return found?.[0] ?? null;
}

/** The word that a session is typed as; null = it is none of ours. */
export function sessionWord(session: string): string | null {
  return sessions().find(([name]) => name === session)?.[1].word ?? null;
}

const DIRECTION_ALIASES: Readonly<Record<Direction, readonly string[]>> = {
  up: ['up', 'bullish', 'bull', 'long'],
  down: ['down', 'bearish', 'bear', 'short'],
  other: ['other', 'neutral', 'none'],
};

export function directionNamed(word: string): Direction | null {
  const plain = word.toLowerCase();
  const found = Object.entries(DIRECTION_ALIASES).find(([, aliases]) => aliases.includes(plain));
  return found ? (found[0] as Direction) : null;
}

export function priorityNamed(word: string): Priority | null {
  const plain = word.toLowerCase();
  return PRIORITIES.find(priority => priority === plain) ?? null;
}

function sessions() {
  return Object.entries(SESSIONS) as [MarketSession, (typeof SESSIONS)[MarketSession]][];
}
