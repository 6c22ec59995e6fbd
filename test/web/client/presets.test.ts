import { describe, expect, it } from 'vitest';
import { clientMessageSchema } from '../../../shared/client-protocol.ts';
import { normaliseFilter } from '../../../shared/filter.ts';
import { type Matchable, matches } from '../../../shared/matches.ts';
import { DEFAULT_POLICY, priorityFor } from '../../../shared/tier-policy.ts';
import { BadFilterError } from '../../../web/client/check-filter.ts';
import * as presets from '../../../web/client/presets.ts';

const SELECTIONS: Record<string, presets.Selection[]> = {
  daily: presets.daily(),
  highConfidence: presets.highConfidence(),
  symbols: presets.symbols(['AAPL']),
  scalping: presets.scalping(),
  swing: presets.swing(),
  risk: presets.risk(),
};

function pattern(changes: Partial<Matchable>): Matchable {
  const event = {
    kind: 'pattern',
    symbol: 'AAPL',
    pattern_type: 'Doji',
    confidence: 0.95,
    market_session: 'regular',
    ...changes,
  } as const;
  return { priority: priorityFor(DEFAULT_POLICY.daily, event.confidence ?? 0), ...event };
}

/** The topics on which a preset asks for an event. */
function topicsFor(selections: presets.Selection[], event: Matchable): string[] {
  return selections
    .filter(({ topic, filter }) => matches(normaliseFilter(topic, filter), event))
    .map(({ topic }) => topic);
}

it.each(Object.entries(SELECTIONS))('%s is what the protocol accepts', (_, selections) => {
  for (const { filter } of selections) {
    expect(clientMessageSchema.safeParse({ type: 'subscribe', id: 's', filter }).success).toBe(true);
  }
});

it.each<[keyof typeof SELECTIONS, number, string[]]>([
  ['daily', 0.7, ['daily']],
  ['highConfidence', 0.8, ['daily', 'intraday', 'combo']],
  ['symbols', 0.6, ['daily', 'intraday', 'combo']],
  ['scalping', 0.8, ['intraday']],
  ['swing', 0.7, ['daily', 'combo']],
  ['risk', 0.8, ['daily', 'intraday', 'combo']],
])('%s begins at %d, on %s', (name, least, topics) => {
  expect(topicsFor(SELECTIONS[name]!, pattern({ confidence: least }))).toEqual(topics);
  expect(topicsFor(SELECTIONS[name]!, pattern({ confidence: least - 0.001 }))).toEqual([]);
});

describe('priority', () => {
  it('lets scalping have what was raised to high, but nothing under 0.75', () => {
    expect(topicsFor(presets.scalping(), pattern({ confidence: 0.75, priority: 'high' }))).toEqual(['intraday']);
    expect(topicsFor(presets.scalping(), pattern({ confidence: 0.749, priority: 'critical' }))).toEqual([]);
  });

  it('lets risk have what was raised to high, from 0.6', () => {
    expect(topicsFor(presets.risk(), pattern({ confidence: 0.6, priority: 'high' }))).toEqual([
      'daily',
      'intraday',
      'combo',
    ]);
    expect(topicsFor(presets.risk(), pattern({ confidence: 0.599, priority: 'high' }))).toEqual([]);
  });
});

it('scalping keeps to regular hours, swing and risk do not', () => {
  const late = pattern({ market_session: 'post_market' });
  expect(topicsFor(presets.scalping(), late)).toEqual([]);
  expect(topicsFor(presets.swing(), late)).toEqual(['daily', 'combo']);
  expect(topicsFor(presets.risk(), late)).toEqual(['daily', 'intraday', 'combo']);
});

it('risk hears the producer’s critical alerts, whatever it is narrowed to', () => {
  const alert: Matchable = { kind: 'critical_alert', priority: 'critical' };
  expect(topicsFor(presets.risk({ symbols: ['AAPL'] }), alert)).toEqual(['system']);
  expect(topicsFor(presets.risk(), { kind: 'streaming_health' })).toEqual([]);
});

it.each<[string, (narrowing: presets.Narrowing) => presets.Selection[]]>([
  ['daily', presets.daily],
  ['highConfidence', presets.highConfidence],
  ['symbols', ({ symbols = [], ...rest }) => presets.symbols(symbols, rest)],
  ['scalping', presets.scalping],
  ['swing', presets.swing],
  ['risk', presets.risk],
])('%s can be narrowed to symbols and pattern types', (_, preset) => {
  const narrowed = preset({ symbols: ['aapl'], patterns: ['Doji'] });
  expect(topicsFor(narrowed, pattern({}))).not.toEqual([]);
  expect(topicsFor(narrowed, pattern({ symbol: 'TSLA' }))).toEqual([]);
  expect(topicsFor(narrowed, pattern({ pattern_type: 'Hammer' }))).toEqual([]);
});

it('an empty watch list asks for nothing, not for everything', () => {
  expect(presets.symbols([])).toEqual([]);
});

it('what the server would refuse is thrown', () => {
  const symbols = Array.from({ length: 1_000 }, (_, i) => `S${i}`);
  expect(() => presets.daily({ symbols })).toThrow(BadFilterError);
});

it('every call gives filters of its own', () => {
  presets.daily({ symbols: ['A'] })[0]!.filter.symbols!.push('B');
  expect(presets.daily({ symbols: ['A'] })[0]!.filter.symbols).toEqual(['A']);
});
