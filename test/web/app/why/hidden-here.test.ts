import { describe, expect, it } from 'vitest';
import { NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';
import { hiddenHereBy } from '../../../../web/app/why/hidden-here.ts';
import { patternEvent } from '../event.ts';

const marks = {
  isStarred: () => false,
  isMuted: () => false,
  sectorOf: new Map([['NVDA', 'Energy']]),
  nowMs: Date.parse('2026-11-20T15:00:00Z'),
};
const event = patternEvent({ symbol: 'NVDA', direction: 'bearish', detected_at: '2026-11-20T14:00:00.000Z' });

describe('what hides an event on the page', () => {
  it('is nothing, where nothing is hidden', () => {
    expect(hiddenHereBy(event, NO_LOCAL_FILTER, marks)).toEqual([]);
  });

  it('is each part of the local filter that does, and a muted symbol', () => {
    const local = {
      directions: ['up' as const],
      sectors: ['Utilities'],
      maxAgeMs: 60_000,
      text: 'nvda',
      starredOnly: true,
    };
    expect(hiddenHereBy(event, local, { ...marks, isMuted: () => true })).toEqual([
      'only direction up is shown',
      'only sector Utilities is shown',
      'only age < 1m is shown',
      'only starred is shown',
      'NVDA is muted',
    ]);
    expect(hiddenHereBy(event, { ...local, directions: ['down'], sectors: ['energy'], maxAgeMs: null }, marks)).toEqual(
      ['only starred is shown'],
    );
  });
});
