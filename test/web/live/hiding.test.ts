import { describe, expect, it } from 'vitest';
import { Hiding } from '../../../web/live/hiding.ts';
import { pattern } from './support.ts';

const [read, related, other] = [pattern(1), pattern(2), pattern(3)];
const isRelated = ({ id }: { id: string }) => id === related.id;

function hiddenBy(hiding: Hiding) {
  return [read, related, other].map(hiding.hider(read.id));
}

describe('what is hidden', () => {
  it('is nothing at first', () => {
    expect(hiddenBy(new Hiding())).toEqual(['', '', '']);
  });

  it('is told by the first that hides it: a mute, then a local filter, then being unrelated', () => {
    const hiding = new Hiding();
    hiding.setRelated(isRelated, true);
    expect(hiddenBy(hiding)).toEqual(['', '', 'unrelated']);
    hiding.hides = ({ id }) => id !== read.id;
    expect(hiddenBy(hiding)).toEqual(['', 'local', 'local']);
    hiding.marks = { isStarred: () => false, isMuted: ({ id }) => id === other.id };
    expect(hiddenBy(hiding)).toEqual(['', 'local', 'muted']);
  });

  it('stays as it is while related rows are only outlined, or none are asked for', () => {
    const hiding = new Hiding();
    expect(hiding.setRelated(isRelated, false)).toBe(false);
    expect(hiddenBy(hiding)).toEqual(['', '', '']);
    expect(hiding.setRelated(isRelated, true)).toBe(true);
    expect(hiding.setRelated(null, true)).toBe(true);
    expect(hiding.relates).toBeNull();
    expect(hiddenBy(hiding)).toEqual(['', '', '']);
  });
});
