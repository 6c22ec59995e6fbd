import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readReference } from '../../bridge/local/read-reference.ts';

const read = (value: unknown) => readReference(JSON.stringify(value, null, 1));

describe('a file of reference data', () => {
  it('is read with symbols in capitals and names of universes in small letters; what it does not say is null', () => {
    expect(
      read({
        symbols: [{ symbol: ' aapl ', name: 'Apple Inc.' }],
        universes: [{ name: 'Tech', symbols: ['aapl', 'nvda'] }],
      }),
    ).toEqual({
      symbols: [{ symbol: 'AAPL', name: 'Apple Inc.', sector: null }],
      universes: [{ name: 'tech', symbols: ['AAPL', 'NVDA'] }],
    });
    expect(read({})).toEqual({ symbols: [], universes: [] });
  });

  it('such as the documented example is good', () => {
    const { symbols, universes } = readReference(readFileSync('docs/reference.example.json', 'utf8'));
    expect([symbols.length, universes.length]).toEqual([10, 2]);
  });

  it.each([
    ['a symbol without a name of its own', { symbols: [{ name: 'x' }] }, /^line \d+: symbols\.0\.symbol: /],
    ['a symbol with a space', { symbols: [{ symbol: 'A B' }] }, /^line \d+: symbols\.0\.symbol: expected 1 to 20/],
    [
      'an empty sector',
      { symbols: [{ symbol: 'A' }, { symbol: 'B', sector: ' ' }] },
      /^line \d+: symbols\.1\.sector: is empty/,
    ],
    [
      'a symbol twice',
      { symbols: [{ symbol: 'A' }, { symbol: 'a' }] },
      /^line \d+: symbols\.1\.symbol: A is there twice/,
    ],
    ['a field that there is not', { symbols: [{ symbol: 'A', industry: 'x' }] }, /^line \d+: symbols\.0: .*industry/],
    ['an empty universe', { universes: [{ name: 'x', symbols: [] }] }, /^line \d+: universes\.0\.symbols: is empty/],
    [
      'a universe with a space in its name',
      { universes: [{ name: 'a b', symbols: ['A'] }] },
      /^line \d+: universes\.0\.name: /,
    ],
    [
      'a universe twice',
      { universes: ['x', 'X'].map(name => ({ name, symbols: ['A'] })) },
      /^line \d+: universes\.1\.name: x is there twice/,
    ],
    [
      'a symbol twice in a universe',
      { universes: [{ name: 'x', symbols: ['A', 'B', 'a'] }] },
      /^line \d+: universes\.0\.symbols\.2: A is there twice/,
    ],
  ])('is refused with %s, and the error says where', (_, file, message) => {
    expect(() => read(file)).toThrow(message);
  });

  it('is refused with the line of what is wrong', () => {
    const file = '{\n "symbols": [\n  {"symbol": "A"},\n  {"symbol": "B",\n   "sector": ""}\n ]\n}';
    expect(() => readReference(file)).toThrow('line 5: symbols.1.sector: is empty');
    expect(() => readReference('[]')).toThrow(/^line 1: /);
  });

  it('that is no JSON is refused with the line', () => {
    expect(() => readReference('{\n  "symbols": [\n    oops\n  ]\n}')).toThrow('line 3: is not JSON');
  });
});
