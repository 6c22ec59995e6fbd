import { beforeEach, describe, expect, it } from 'vitest';
import { TIERS } from '../../../../shared/topics.ts';
import { defaultFilters, type NamedSubscription } from '../../../../web/app/state/filters.ts';
import {
  deleteNotShown,
  followSubscriptions,
  notShown,
  readUserSubscriptions,
  showToo,
  userSubscriptions,
  withChanges,
  withEdit,
} from '../../../../web/app/state/named.ts';
import { filtersOf, setFilters, setMain, setSubscriptions } from '../../../../web/app/state/tiers.ts';

const [main] = defaultFilters().subscriptions as [NamedSubscription];
const shown = (name: string, symbols: string[], isPaused = false) => ({
  id: `n-${name}`,
  name,
  filter: { symbols },
  isPaused,
});
const chips = {
  id: 'n-Chips',
  name: 'Chips',
  topics: ['daily' as const],
  filter: { symbols: ['NVDA'] },
  enabled: true,
};
const edit = (before: NamedSubscription[], after: NamedSubscription[]) => ({ tier: 'daily' as const, before, after });

describe('what is done in a column', () => {
  it('adds, changes and deletes the user’s subscription of that name', () => {
    const added = withEdit([], edit([main], [main, shown('Chips', ['NVDA'])]));
    expect(added).toEqual([chips]);
    const renamed = { ...shown('Chips', ['AMD'], true), name: 'Silicon' };
    const changed = withEdit(added, edit([main, shown('Chips', ['NVDA'])], [main, renamed]));
    expect(changed).toEqual([{ ...chips, name: 'Silicon', filter: { symbols: ['AMD'] }, enabled: false }]);
    expect(withEdit(changed, edit([main, renamed], [main]))).toEqual([]);
  });
  it('leaves the main one and those of other columns alone', () => {
    const intraday = { ...chips, topics: ['intraday' as const] };
    const after = withEdit([intraday], edit([main], [{ ...main, filter: {} }, shown('Chips', ['AMD'])]));
    expect(after).toEqual([intraday, { ...chips, id: 'n-Chips-2', filter: { symbols: ['AMD'] } }]);
    expect(withEdit(after, edit([main, shown('Chips', ['AMD'])], [main]))).toEqual([intraday]);
  });
  it('takes one of several columns out of that column only', () => {
    const both = { ...chips, topics: ['daily' as const, 'combo' as const] };
    expect(withEdit([both], edit([shown('Chips', ['NVDA'])], []))).toEqual([{ ...chips, topics: ['combo'] }]);
  });
});

describe('what is done elsewhere', () => {
  const column = [main, shown('Chips', ['NVDA'])];
  it('comes into the columns it is for', () => {
    const banks = { ...chips, id: 'b', name: 'Banks', filter: { symbols: ['JPM'] } };
    const added = withChanges(column, 'daily', [chips], [chips, banks]);
    expect(added).toEqual([...column, shown('Banks', ['JPM'])]);
    expect(withChanges(column, 'combo', [chips], [chips, banks])).toEqual(column);
    const renamed = withChanges(added, 'daily', [chips, banks], [chips, { ...banks, name: 'Lenders', enabled: false }]);
    expect(renamed.at(-1)).toEqual({ ...shown('Banks', ['JPM'], true), name: 'Lenders' });
    expect(withChanges(renamed, 'daily', [chips, { ...banks, name: 'Lenders' }], [chips])).toEqual(column);
  });
  it('does not come into a column that shows something else by a link', () => {
    expect(withChanges([main], 'daily', [chips], [{ ...chips, enabled: false }])).toEqual([main]);
    expect(withChanges([main], 'daily', [chips], [])).toEqual([main]);
  });
  it('never gives two of a column one name or one id', () => {
    const other = { ...chips, id: 'o', name: 'Other' };
    const two = [main, shown('Chips', ['NVDA']), { ...shown('Other', ['A']), id: 'n-X' }];
    expect(withChanges(two, 'daily', [chips, other], [chips, { ...other, name: 'Chips' }])).toEqual(two);
    expect(withChanges(two, 'daily', [], [{ ...chips, id: 'x', name: 'X' }]).at(-1)!.id).toBe('n-X-2');
  });
});

describe('the user’s subscriptions', () => {
  setSubscriptions('combo', [main, shown('Early', ['A'])]);
  followSubscriptions();
  const first = userSubscriptions.peek();
  beforeEach(() => {
    userSubscriptions.value = [];
    for (const tier of TIERS) setFilters(tier, defaultFilters());
  });

  it('have what was done before they were followed', () => {
    expect(first).toContainEqual({
      ...chips,
      id: 'n-Early',
      name: 'Early',
      topics: ['combo'],
      filter: { symbols: ['A'] },
    });
  });
  it('follow the columns, and the columns follow them', () => {
    setSubscriptions('daily', [main, shown('Chips', ['NVDA'])]);
    expect(userSubscriptions.value).toEqual([chips]);
    userSubscriptions.value = [{ ...chips, topics: ['daily', 'combo'], enabled: false }];
    expect(filtersOf('daily').subscriptions[1]!.isPaused).toBe(true);
    expect(filtersOf('combo').subscriptions).toEqual([main, shown('Chips', ['NVDA'], true)]);
    userSubscriptions.value = [];
    for (const tier of TIERS) expect(filtersOf(tier).subscriptions).toEqual([main]);
  });
  it('are not what a link or a view shows', () => {
    setSubscriptions('daily', [main, shown('Chips', ['NVDA'])]);
    setFilters('daily', { ...defaultFilters(), subscriptions: [main, shown('Linked', ['A'])] });
    setMain('daily', {});
    expect(userSubscriptions.value).toEqual([chips]);
  });
  it('are told when a link does not show them, to be shown too or deleted', () => {
    setSubscriptions('daily', [main, shown('Chips', ['NVDA'])]);
    setFilters('daily', { ...defaultFilters(), subscriptions: [main, { ...shown('Linked', ['A']), id: 'n-Chips' }] });
    expect(notShown('daily')).toEqual([chips]);
    expect(notShown('combo')).toEqual([]);
    showToo('daily', chips);
    expect(filtersOf('daily').subscriptions[2]).toEqual({ ...shown('Chips', ['NVDA']), id: 'n-Chips-2' });
    expect(userSubscriptions.value).toEqual([chips]);
    setFilters('daily', defaultFilters());
    deleteNotShown('daily', chips);
    expect(userSubscriptions.value).toEqual([]);
  });
  it('are read from what is stored, without what no column can show', () => {
    const odd = [
      null,
      { ...chips, name: ' ' },
      { ...chips, filter: { kinds: ['outcome'] } },
      { ...chips, topics: ['system'] },
      { ...chips, topics: ['weekly', 'daily'] },
      { ...chips, topics: 'daily' },
      { ...chips, id: 7 },
    ];
    expect(readUserSubscriptions([...odd, chips, { ...chips, name: 'Twice' }])).toEqual([chips]);
    expect(readUserSubscriptions({})).toBeUndefined();
  });
});
