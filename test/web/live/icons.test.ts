import { readFileSync } from 'node:fs';
import type { IconNode } from 'lucide';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../web/live/icon-path.ts';
import { patternPath } from '../../../web/live/icons.ts';
import { PATTERNS } from '../../simulator/catalogue.ts';

const neutral = patternPath('nobody has heard of it');
const samples = readFileSync(new URL('../../fixtures/wire-samples.jsonl', import.meta.url), 'utf8');
const sampled = [...samples.matchAll(/"pattern_type": ?"([^"\\]+)"/g)].map(([, name]) => name!);

describe('a pattern’s icon', () => {
  it('is its own for every name that the producer is known to send', () => {
    const names = [...Object.values(PATTERNS).flatMap(all => all.map(({ name }) => name)), ...sampled];
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) expect(patternPath(name), name).not.toBe(neutral);
  });

  it('is the same however the name is written', () => {
    expect(patternPath('weekly breakout')).toBe(patternPath('Weekly_Breakout'));
    expect(patternPath('Doji')).not.toBe(patternPath('Hammer'));
  });

  it('is neutral for names nobody knows, also those of objects’ own', () => {
    for (const name of ['', 'constructor', '__proto__', 'نمط']) expect(patternPath(name)).toBe(neutral);
  });
});

describe('an icon as one path', () => {
  const path = (...icon: IconNode) => pathOf(icon);

  it('joins its shapes, each from its own start', () => {
    expect(path(['path', { d: 'm1 2 3 4' }], ['path', { d: 'M5 6h7' }])).toBe('M0 0m1 2 3 4M0 0M5 6h7');
    expect(path(['line', { x1: '1', y1: '2', x2: '3', y2: '4' }])).toBe('M1 2L3 4');
    expect(path(['polyline', { points: '1 2 3 4 5 6' }])).toBe('M1 2 3 4 5 6');
    expect(path(['circle', { cx: '12', cy: '12', r: '3' }])).toBe('M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0');
    expect(path(['rect', { x: '1', y: '2', width: '10', height: '6', rx: '1' }])).toBe(
      'M2 2h8a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-8a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1z',
    );
    expect(path(['rect', { x: '1', y: '2', width: '10', height: '6' }])).toContain('M1 2h10');
  });

  it('refuses a shape it does not know', () => {
    expect(() => path(['text', {}])).toThrow('no path is known for text');
  });
});
