import { describe, expect, it } from 'vitest';
import { agePeriodMs, directionOf, hidesOf } from '../../../../web/app/filter/local.ts';
import { type LocalFilter, NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';
import { patternEvent } from '../event.ts';

const nowMs = Date.parse('2026-11-20T14:40:00.000Z');
const sectorOf = new Map([['NVDA', 'Information Technology']]);
const hides = (local: Partial<LocalFilter>, overrides = {}, isStarred = () => false) =>
  hidesOf({ ...NO_LOCAL_FILTER, ...local }, { isStarred, sectorOf, nowMs })!(patternEvent(overrides));

describe('the local filter', () => {
  it('hides nothing when it says nothing', () => {
    expect(hidesOf(NO_LOCAL_FILTER, { isStarred: () => false, sectorOf, nowMs })).toBeNull();
  });

  it('hides other directions; none said counts as other', () => {
    expect(hides({ directions: ['up'] })).toBe(false);
    expect(hides({ directions: ['down'] })).toBe(true);
    expect(hides({ directions: ['down', 'other'] }, { direction: null })).toBe(false);
    expect(directionOf(patternEvent({ direction: 'SELL' }))).toBe('down');
    expect(directionOf(patternEvent({ direction: 'sideways' }))).toBe('other');
  });

  it('hides other sectors, in any case; a symbol of which none is said is of n/a', () => {
    expect(hides({ sectors: ['Energy', 'information technology'] }, { symbol: 'NVDA' })).toBe(false);
    expect(hides({ sectors: ['Energy'] }, { symbol: 'NVDA' })).toBe(true);
    expect(hides({ sectors: ['Energy'] }, { symbol: 'ZZZ' })).toBe(true);
    expect(hides({ sectors: ['N/A'] }, { symbol: 'ZZZ' })).toBe(false);
  });

  it('hides nothing for its sector while sectors are not known', () => {
    const local = { ...NO_LOCAL_FILTER, sectors: ['Energy'] };
    expect(hidesOf(local, { isStarred: () => false, sectorOf: null, nowMs })).toBeNull();
  });

  it('hides what was detected too long ago', () => {
    expect(hides({ maxAgeMs: 225_000 })).toBe(false);
    expect(hides({ maxAgeMs: 224_000 })).toBe(true);
  });

  it('hides what is not starred', () => {
    expect(hides({ starredOnly: true })).toBe(true);
    expect(hides({ starredOnly: true }, {}, () => true)).toBe(false);
  });

  it('hides what does not contain the free text, in any case and with spaces for underscores', () => {
    expect(hides({ text: 'vwap break' })).toBe(false);
    expect(hides({ text: 'HIGH_conf' })).toBe(false);
    expect(hides({ text: 'doji' })).toBe(true);
  });

  it('hides what any part of it hides', () => {
    expect(hides({ directions: ['up'], text: 'doji' })).toBe(true);
  });

  it('by age looks again at a pace that suits the age', () => {
    expect([1_000, 600_000, 86_400_000].map(agePeriodMs)).toEqual([1_000, 12_000, 60_000]);
  });
});
