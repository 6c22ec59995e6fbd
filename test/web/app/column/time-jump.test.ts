import { describe, expect, it } from 'vitest';
import { timeJump } from '../../../../web/app/column/time-jump.ts';
import type { Entry, PatternEntry } from '../../../../web/live/entry.ts';

const row = (minute: number) =>
  ({ type: 'pattern', key: `at${minute}`, detectedAtMs: minute * 60_000 }) as PatternEntry;
const note = { type: 'note', key: 'note' } as Entry;
const MINUTES = 60_000;
/** As a view may have them: in no order of time. */
const entries: Entry[] = [row(60), note, row(20), row(58), row(40), row(0)];
const jump = (from: number | null, minutes: number) =>
  timeJump(entries, from === null ? null : row(from), minutes * MINUTES);

describe('leaping in time', () => {
  it('goes to the first row that is as much earlier, or more', () => {
    expect(jump(60, -15)).toBe('at40');
    expect(jump(58, -15)).toBe('at40');
    expect(jump(40, -15)).toBe('at20');
  });
  it('goes to the first row that is as much later, or more', () => {
    expect(jump(20, 15)).toBe('at40');
    expect(jump(40, 15)).toBe('at58');
  });
  it('ends at the oldest and the newest', () => {
    expect(jump(0, -15)).toBe('at0');
    expect(jump(58, 15)).toBe('at60');
  });
  it('starts at the newest without a cursor', () => {
    expect(jump(null, -15)).toBe('at40');
  });
  it('goes nowhere where there are no rows', () => {
    expect(timeJump([note], null, -MINUTES)).toBeNull();
  });
});
