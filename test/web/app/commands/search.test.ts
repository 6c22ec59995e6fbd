import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { search } from '../../../../web/app/commands/search.ts';

const items = [
  { title: 'Pause all columns', group: 'Page' },
  { title: 'Light theme', group: 'Appearance' },
  { title: 'Dark theme', group: 'Appearance' },
  { title: 'Go to Daily', group: 'Columns' },
  { title: 'Go to Intraday', group: 'Columns' },
  { title: 'Hold column', group: 'Columns' },
];
const titles = (query: string) => search(query, items).map(({ item }) => item.title);

describe('searching commands', () => {
  it('finds everything as it stands for an empty query', () => {
    expect(titles('')).toEqual(items.map(({ title }) => title));
    expect(titles('  ')).toHaveLength(items.length);
  });
  it('finds by the beginnings of words first', () => {
    expect(titles('dt')[0]).toBe('Dark theme');
    expect(titles('hc')[0]).toBe('Hold column');
    expect(titles('god')[0]).toBe('Go to Daily');
  });
  it('finds by what stands in a row before what is scattered', () => {
    expect(titles('day').slice(0, 2)).toContain('Go to Intraday');
    expect(titles('theme')).toHaveLength(2);
  });
  it('finds by letters with others between, in any case', () => {
    expect(titles('PSAL')).toEqual(['Pause all columns']);
  });
  it('ignores spaces', () => {
    expect(titles('da th')[0]).toBe('Dark theme');
  });
  it('finds by the group too, after what the title tells', () => {
    expect(titles('appearance')).toEqual(['Light theme', 'Dark theme']);
    expect(titles('col')[0]).toBe('Hold column');
  });
  it('finds nothing for letters that are not there in that order', () => {
    expect(titles('zzz')).toEqual([]);
    expect(titles('emeht')).toEqual([]);
  });
  it('marks the characters that were found', () => {
    const [hit] = search('dath', items);
    expect([...hit!.marks].map(place => hit!.item.title[place]).join('')).toBe('Dath');
  });
  it('marks, in rising places, exactly the query’s characters of any title it finds', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc -'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (query, title) => {
        const wanted = query.replace(/\s/g, '');
        const [hit] = search(query, [{ title, group: '' }]);
        const isSubsequence = new RegExp([...wanted].map(each => `\\${each}`.replace(/\\([a-z])/, '$1')).join('.*'));
        expect(hit !== undefined).toBe(isSubsequence.test(title));
        if (!hit || wanted === '') return;
        expect(hit.marks.map(place => title[place]).join('')).toBe(wanted);
        expect(hit.marks.every((place, rank) => rank === 0 || place > hit.marks[rank - 1]!)).toBe(true);
      }),
    );
  });
});
