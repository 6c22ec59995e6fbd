/**
 * Every spelling of the timeframe that a word names, shortest first: `5m` and `5min` both give `5m`, `5min`, `5mins`, …
 * The server compares timeframes exactly, and producers spell them as they like. null = the word names none.
 */
export function timeframeSpellings(word: string): readonly string[] | null {
  const found = readTimeframe(word);
  return found && spellingsOf(found.amount, found.unit);
}

/** A timeframe as it is shown and typed: `5m`, `1h`; null = the word names none. */
export function timeframeLabel(word: string): string | null {
  const found = readTimeframe(word);
  return found && `${found.amount}${found.unit}`;
}

/** A listed timeframe as the page shows it. */
export interface TimeframeGroup {
  label: string;
  /** The listed spellings it stands for. */
  values: readonly string[];
  /** Whether it is one spelling exactly, rather than all of a timeframe. */
  isExact: boolean;
}

/** The listed timeframes, those that are listed in every spelling under one label, the shortest first. */
export function groupTimeframes(listed: readonly string[]): TimeframeGroup[] {
  const left = new Set(listed);
  const groups: (TimeframeGroup & { seconds: number })[] = [];
  for (const value of listed) {
    const found = readTimeframe(value);
    if (!found || !left.has(value)) continue;
    const spellings = spellingsOf(found.amount, found.unit);
    if (!spellings.every(spelling => left.has(spelling))) continue;
    for (const spelling of spellings) left.delete(spelling);
    const seconds = found.amount * UNITS[found.unit].seconds;
    groups.push({ label: `${found.amount}${found.unit}`, values: spellings, isExact: false, seconds });
  }
  groups.sort((a, b) => a.seconds - b.seconds);
  const exact = [...left].map(value => ({ label: value, values: [value], isExact: true }));
  return [...groups.map(({ seconds: _, ...group }) => group), ...exact];
}

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo';

const UNITS: Record<Unit, { seconds: number; words: readonly string[]; adverb?: string }> = {
  s: { seconds: 1, words: ['s', 'sec', 'second', 'seconds'] },
  m: { seconds: 60, words: ['m', 'min', 'mins', 'minute', 'minutes'] },
  h: { seconds: 3_600, words: ['h', 'hr', 'hour', 'hours'], adverb: 'hourly' },
  d: { seconds: 86_400, words: ['d', 'day', 'days'], adverb: 'daily' },
  w: { seconds: 604_800, words: ['w', 'wk', 'week', 'weeks'], adverb: 'weekly' },
  mo: { seconds: 2_592_000, words: ['mo', 'M', 'month', 'months'], adverb: 'monthly' },
};

const amountAndUnit = /^(\d{1,4})[ _-]?([A-Za-z]+)$/;

function readTimeframe(word: string): { amount: number; unit: Unit } | null {
  for (const [unit, { adverb }] of entries()) if (word.toLowerCase() === adverb) return { amount: 1, unit };
  const parts = amountAndUnit.exec(word);
  if (!parts) return null;
  const amount = Number(parts[1]);
  const named = parts[2]!;
  // The one unit whose case counts: 1m is a minute, 1M a month.
  const plain = named === 'M' ? 'M' : named.toLowerCase();
  const unit = entries().find(([, { words }]) => words.includes(plain))?.[0];
  if (!unit || amount === 0) return null;
  return unit === 'm' && amount % 60 === 0 ? { amount: amount / 60, unit: 'h' } : { amount, unit };
}

function spellingsOf(amount: number, unit: Unit): string[] {
  const { words, adverb } = UNITS[unit];
  const spellings = words.map(word => `${amount}${word}`);
  if (unit === 'h') spellings.push(`${amount * 60}m`, `${amount * 60}min`);
  if (adverb && amount === 1) spellings.push(adverb);
  return spellings;
}

function entries() {
  return Object.entries(UNITS) as [Unit, (typeof UNITS)[Unit]][];
}
