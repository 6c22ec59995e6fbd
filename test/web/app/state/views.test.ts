import { describe, expect, it } from 'vitest';
import {
  MAX_VIEWS,
  readViews,
  refusalOfName,
  refusalOfSave,
  withoutView,
  withRenamed,
  withView,
} from '../../../../web/app/state/views.ts';

const open = { name: 'Open', query: 'd=conf%3E=60&i=sym:NVDA&c=&v=ggg' };
const close = { name: 'Close', query: 'd=conf%3E=90' };

describe('saved views', () => {
  it('are added in order, and replaced in place by one of the same name', () => {
    const both = withView(withView([], open), close);
    expect(both).toEqual([open, close]);
    expect(withView(both, { name: ' Open ', query: 'd=' })).toEqual([{ name: 'Open', query: 'd=' }, close]);
  });

  it('are renamed and deleted', () => {
    expect(withRenamed([open, close], 'Open', ' Morning ')).toEqual([{ ...open, name: 'Morning' }, close]);
    expect(withoutView([open, close], 'Open')).toEqual([close]);
  });

  it('need a name of their own', () => {
    expect(refusalOfName(' ', [])).toMatch(/needs a name/);
    expect(refusalOfName('n'.repeat(41), [])).toMatch(/at most 40/);
    expect(refusalOfName(' Open ', [open])).toMatch(/already/);
    expect(refusalOfName('Open', [open], 'Open')).toBeNull();
    expect(refusalOfName('New', [open])).toBeNull();
  });

  it('are read from what is stored, without what is unusable', () => {
    const garbage = [null, 1, 'x', {}, { name: 'no query' }, { name: '', query: 'd=' }, { name: 'empty', query: '' }];
    const long = { name: 'long', query: `d=${'x'.repeat(60_000)}` };
    expect(readViews([...garbage, long, open, { ...close, name: 'Open' }, close])).toEqual([open, close]);
    expect(readViews({})).toBeUndefined();
  });

  it('are so many at most: a further one is refused, and none is lost', () => {
    const many = Array.from({ length: MAX_VIEWS }, (_, n) => ({ name: `v${n}`, query: 'd=' }));
    expect(readViews(many)).toHaveLength(MAX_VIEWS);
    expect(refusalOfSave('new', many)).toMatch(/no more are kept/);
    expect(refusalOfSave(' v3 ', many)).toBeNull();
    expect(refusalOfSave('new', many.slice(1))).toBeNull();
    expect(refusalOfSave(' ', [])).toMatch(/needs a name/);
  });
});
