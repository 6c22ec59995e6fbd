import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../web/live/timeline.ts';
import { patternEvent } from '../../shared/samples.ts';

function seqs(timeline: Timeline<string>): (number | string)[] {
  return timeline.entries.map(entry => (entry.type === 'event' ? entry.event.seq : entry.words));
}
function timelineOf(capacity: number, added: number[]): Timeline<string> {
  const timeline = new Timeline<string>(capacity);
  for (const seq of added) timeline.addEvent('e1', patternEvent({ seq }));
  return timeline;
}

describe('a timeline', () => {
  it('shows the newest first, though urgent ones come before their time', () => {
    expect(seqs(timelineOf(10, [1, 5, 2, 3, 4]))).toEqual([5, 4, 3, 2, 1]);
  });

  it('shows each event once', () => {
    const timeline = timelineOf(10, [1, 2]);
    expect(timeline.addEvent('e1', patternEvent({ seq: 2 }))).toBe(false);
    expect(timeline.addEvent('e2', patternEvent({ seq: 2 }))).toBe(true);
    expect(seqs(timeline)).toEqual([2, 2, 1]);
  });

  it('leaves a note where it came in', () => {
    const timeline = timelineOf(10, [1, 2]);
    timeline.addNote('gap', 'gap');
    timeline.addEvent('e1', patternEvent({ seq: 4 }));
    timeline.addEvent('e1', patternEvent({ seq: 3 }));
    expect(seqs(timeline)).toEqual([4, 3, 'gap', 2, 1]);
  });

  it('puts a tape that began anew above the one before, whatever its numbers', () => {
    const timeline = timelineOf(10, [100]);
    timeline.addEvent('e2', patternEvent({ seq: 1 }));
    expect(seqs(timeline)).toEqual([1, 100]);
  });

  it('hands over what was drawn when it leaves, once', () => {
    const timeline = timelineOf(2, [1, 2]);
    for (const entry of timeline.entries) entry.node = `drawn ${entry.type === 'event' && entry.event.seq}`;
    timeline.addNote('gap', 'gap');
    expect(timeline.dropped.splice(0)).toEqual(['drawn 1']);
    timeline.clear();
    expect(timeline.dropped).toEqual(['drawn 2']);
    expect(timeline.entries).toEqual([]);
    expect(timeline.addEvent('e1', patternEvent({ seq: 1 }))).toBe(true);
  });

  it('never holds more than its capacity, and always the newest of what came in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(40), (capacity, count) => {
        const all = Array.from({ length: count }, (_, i) => i + 1);
        expect(seqs(timelineOf(capacity, all))).toEqual(all.toReversed().slice(0, capacity));
      }),
    );
  });
});
