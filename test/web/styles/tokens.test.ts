import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, separation, VISIONS } from './colour.ts';

const css = readFileSync(new URL('../../../web/styles/tokens.css', import.meta.url), 'utf8');
const PALETTES = ['default', 'western', 'east_asian'];
const THEMES = ['dark', 'light'];
const SURFACES = ['bg', 's1', 's2'] as const;
const TEXTS = ['text', 'muted', 'daily', 'intraday', 'combo', 'up', 'down', 'warn', 'err', 'ok'] as const;

describe.each(THEMES)('the %s theme', theme => {
  it.each(PALETTES)('keeps every word readable on every surface with the %s palette', palette => {
    const tokens = tokensOf(theme, palette);
    for (const surface of SURFACES) {
      for (const text of TEXTS) {
        const ratio = contrast(tokens[text]!, tokens[surface]!);
        expect(ratio, `${text} on ${surface} is ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('keeps the edges of controls and the focus ring visible on every surface', () => {
    const tokens = tokensOf(theme, 'default');
    for (const surface of SURFACES) {
      for (const edge of ['control', 'focus']) {
        expect(contrast(tokens[edge]!, tokens[surface]!), `${edge} on ${surface}`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it.each(VISIONS)('keeps the tiers, and up and down, apart for %s vision', vision => {
    const tokens = tokensOf(theme, 'default');
    const pairs = [
      ['daily', 'intraday'],
      ['daily', 'combo'],
      ['intraday', 'combo'],
      ['up', 'down'],
    ] as const;
    for (const [one, other] of pairs) {
      const distance = separation(tokens[one]!, tokens[other]!, vision);
      expect(distance, `${one} and ${other} are ${distance.toFixed(1)} apart`).toBeGreaterThanOrEqual(14);
    }
  });

  it.each(PALETTES)('keeps up and down well apart with the %s palette', palette => {
    const tokens = tokensOf(theme, palette);
    expect(separation(tokens.up!, tokens.down!, 'normal')).toBeGreaterThanOrEqual(30);
  });
});

it('exchanges up and down between the Western and the East-Asian palette', () => {
  for (const theme of THEMES) {
    const western = tokensOf(theme, 'western');
    const eastAsian = tokensOf(theme, 'east_asian');
    expect([western.up, western.down]).toEqual([eastAsian.down, eastAsian.up]);
  }
});

/** The colours as the cascade gives them: the later and the more specific win, which is the order they are written in. */
function tokensOf(theme: string, palette: string): Record<string, string> {
  const blocks = [
    ':root',
    `[data-theme="${theme}"]`,
    `[data-palette="${palette}"]`,
    `[data-palette="${palette}"][data-theme="${theme}"]`,
  ];
  return Object.assign({}, ...blocks.map(coloursIn));
}

function coloursIn(selector: string): Record<string, string> {
  const start = css.indexOf(`\n${selector} {`);
  if (start < 0) return {};
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, hex]) => [name, hex]));
}
