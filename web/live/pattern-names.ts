/** A pattern type as people read it: `Weekly_Breakout` is `Weekly Breakout`, `MACrossover` is `MA Crossover`. */
export function patternName(patternType: string): string {
  // What is not an identifier stays as it was sent.
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(patternType)) return patternType;
  const words = patternType
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const UNITS: readonly [RegExp, string][] = [
  [/^(\d+) ?(?:m|min|mins|minute|minutes)$/, 'm'],
  [/^(\d+) ?(?:h|hr|hour|hours)$/, 'h'],
  [/^(\d+) ?(?:d|day|days)$/, 'd'],
  [/^(\d+) ?(?:w|wk|week|weeks)$/, 'w'],
];
const NAMED: Record<string, string> = { hourly: '1h', daily: '1d', weekly: '1w', monthly: '1mo' };

/** A timeframe in short, whatever way it was sent: `5min` is `5m`, `daily` is `1d`; unknown ones stay as sent. */
export function timeframeWords(timeframe: string): string {
  const sent = timeframe.trim().toLowerCase();
  if (Object.hasOwn(NAMED, sent)) return NAMED[sent]!;
  for (const [pattern, unit] of UNITS) {
    const count = pattern.exec(sent)?.[1];
    if (count) return `${count}${unit}`;
  }
  return timeframe;
}
