import { describe, expect, it } from 'vitest';
import { nearest } from '../../../../web/app/why/nearest.ts';
import { patternEvent } from '../event.ts';

// New York is five hours behind.
const events = [
  '2026-11-19T19:36:10.000Z',
  '2026-11-20T14:31:00.000Z',
  '2026-11-20T19:36:10.000Z',
  '2026-11-20T04:59:00.000Z',
].map((detected_at, i) => patternEvent({ seq: i + 1, detected_at }));
const seqs = (time: string, most = 10) => nearest(events, time, { clock: 'exchange', most }).map(({ seq }) => seq);

describe('the events nearest to a time of day', () => {
  it('come first, the newest day before the others', () => {
    expect(seqs('14:36')).toEqual([3, 1, 2, 4]);
    expect(seqs('09:30:59', 1)).toEqual([2]);
  });

  it('are also those just before midnight', () => {
    expect(seqs('00:01', 1)).toEqual([4]);
  });

  it('are the newest where no time is given', () => {
    expect(seqs('', 2)).toEqual([4, 3]);
  });
});
