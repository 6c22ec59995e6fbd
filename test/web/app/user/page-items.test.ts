import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UserItem } from '../../../../shared/user-data.ts';
import { userChangeSchema } from '../../../../shared/user-data.ts';
import { defaultFilters } from '../../../../web/app/state/filters.ts';
import { mutes, starOf, stars } from '../../../../web/app/state/marks.ts';
import { userSubscriptions } from '../../../../web/app/state/named.ts';
import { clock, DEFAULTS, isTourSeen, keySettings, theme } from '../../../../web/app/state/settings.ts';
import { encodeState } from '../../../../web/app/state/url.ts';
import { views } from '../../../../web/app/state/views.ts';
import { readKeptUser } from '../../../../web/app/user/kept-user.ts';
import { heldItems, hold, itemOf, readable, readItem } from '../../../../web/app/user/page-items.ts';
import { readUserFrame } from '../../../../web/app/user/user-frames.ts';
import { pageFilters } from '../arbitraries.ts';
import { patternEvent } from '../event.ts';

const filters = { daily: defaultFilters(), intraday: defaultFilters(), combo: defaultFilters() };
const query = encodeState({ filters, views: { daily: 'top', intraday: 'stream', combo: 'grouped' } });

beforeEach(() => {
  userSubscriptions.value = [];
  hold(new Map());
});

function holdSomething(): void {
  stars.value = [starOf(patternEvent()), starOf(patternEvent({ symbol: 'BRK.B', timeframe: '5min', direction: 'up' }))];
  mutes.value = ['TSLA'];
  views.value = [{ name: 'Morning', query }];
  userSubscriptions.value = [{ id: 'n-C', name: 'C', topics: ['daily'], filter: { symbols: ['A'] }, enabled: true }];
  theme.value = 'dark';
  keySettings.value = { isOn: false, overrides: { star: ['s'] } };
  isTourSeen.value = true;
}

describe('what the page holds', () => {
  it('is items that the server takes, and that come back as they were', () => {
    holdSomething();
    const items = heldItems();
    expect([...items.keys()].map(key => key.split(' ')[0])).toEqual([
      ...['subscriptions', 'views', 'stars', 'stars', 'mutes'],
      ...['settings', 'settings', 'settings'],
    ]);
    for (const [key, text] of items) {
      const item = itemOf(key, text);
      expect(userChangeSchema.safeParse(item).error).toBeUndefined();
      expect(readItem(userChangeSchema.parse(item))).toEqual([key, text]);
      expect(readItem({ ...item, value: null })).toEqual([key, null]);
    }
  });

  it('is what it is told to hold, in the order it had, and nothing else', () => {
    holdSomething();
    const items = heldItems();
    const [first, second] = stars.value;
    hold(new Map());
    expect([stars.value, mutes.value, views.value, userSubscriptions.value]).toEqual([[], [], [], []]);
    expect([theme.value, keySettings.value, isTourSeen.value]).toEqual([DEFAULTS.theme, DEFAULTS.keys, false]);
    stars.value = [second!];
    hold(items);
    expect(stars.value).toEqual([second, first]);
    expect(heldItems().size).toBe(items.size);
    const before = stars.value;
    hold(items);
    expect(stars.value).toBe(before);
  });

  it('has no item for a setting that the user has not set', () => {
    clock.value = 'local';
    expect([...heldItems()]).toEqual([['settings clock', '"local"']]);
    clock.value = DEFAULTS.clock;
    expect(heldItems().size).toBe(0);
  });

  it('has every filter of a subscription in the form in which it comes back', () => {
    fc.assert(
      fc.property(pageFilters, filter => {
        const value = { name: 'x', topics: ['combo' as const], filter, enabled: false };
        const read = readItem({ kind: 'subscriptions', id: 's', value })!;
        hold(new Map([read as [string, string]]));
        expect([...heldItems()]).toEqual([read]);
      }),
    );
  });
});

it.each([
  { kind: 'stars', id: 'x'.repeat(401), value: true },
  { kind: 'views', id: 'v', value: { query: 'nothing=1' } },
  { kind: 'subscriptions', id: 's', value: { name: 'S', topics: ['system'], filter: {}, enabled: true } },
  { kind: 'subscriptions', id: 's', value: { name: 'S', topics: ['daily'], filter: { kinds: [] }, enabled: true } },
  { kind: 'settings', id: 'theme', value: 'violet' },
  { kind: 'settings', id: 'volume', value: 7 },
  { kind: 'alerts', id: 'a', value: {} },
  { kind: 'toString', id: 'a', value: {} },
])('an item that the page cannot hold is left alone: %j', item => {
  expect(readItem(item as unknown as UserItem)).toBeUndefined();
});

it('what was kept of items that the page can hold no more is not taken for deleted', () => {
  const kept = new Map([
    ['mutes A', 'true'],
    ['alerts a', '{}'],
    ['settings theme', '"violet"'],
  ]);
  expect(readable(kept)).toEqual(new Map([['mutes A', 'true']]));
});

describe('a frame', () => {
  const hello = {
    type: 'hello',
    identity: { user_id: 'a', guest: true },
    items: [{ kind: 'mutes', id: 'A', value: true }],
  };
  it.each([hello, { type: 'changed', changes: [], later: 1 }, { type: 'error', message: 'no' }])(
    'is read: %j',
    frame => {
      expect(readUserFrame(JSON.stringify(frame))).toEqual(frame);
    },
  );
  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"type":"events"}',
    '{"type":"changed","changes":[{"kind":"mutes"}]}',
    '{"type":"error"}',
    JSON.stringify({ ...hello, identity: null }),
    JSON.stringify({ ...hello, items: {} }),
  ])('that is something else is left alone: %s', text => {
    expect(readUserFrame(text)).toBeNull();
  });
});

it('what the server had is read as it was kept, or not at all', () => {
  const kept = { user_id: 'a', guest: true, items: [['mutes A', 'true']] };
  expect(readKeptUser(kept)).toEqual({ ...kept, items: new Map([['mutes A', 'true']]) });
  for (const odd of [
    undefined,
    null,
    7,
    {},
    { ...kept, guest: 1 },
    { ...kept, items: [['a']] },
    { ...kept, items: [['a', 1]] },
    { ...kept, items: [['a', '{']] },
  ]) {
    expect(readKeptUser(odd)).toBeUndefined();
  }
});
