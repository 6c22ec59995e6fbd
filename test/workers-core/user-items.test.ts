import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../shared/text.ts';
import { USER_KINDS, USER_LIMITS, type UserKind } from '../../shared/user-kinds.ts';
import { type ItemChange, UserItems } from '../../workers/core/user-items.ts';

const put = (kind: UserKind, id: string, text = 'true'): ItemChange => ({ kind, id, text });
const drop = (kind: UserKind, id: string): ItemChange => ({ kind, id, text: null });
/** So many bytes, id and value together. */
const large = (kind: UserKind, id: string, bytes: number) => put(kind, id, 'x'.repeat(bytes - id.length));

function made(...changes: ItemChange[]): UserItems {
  const items = new UserItems([]);
  const planned = items.plan(changes);
  if ('excess' in planned) throw new Error(planned.excess.message);
  items.apply(planned.changes);
  return items;
}

describe('a plan', () => {
  it('has what changes something, and of several changes of an item the last', () => {
    const items = made(put('stars', 'a'), put('stars', 'b'));
    const changes = [put('stars', 'a'), drop('stars', 'c'), put('stars', 'd'), drop('stars', 'd'), drop('stars', 'b')];
    expect(items.plan(changes)).toEqual({ changes: [drop('stars', 'b')] });
  });

  it('knows items of one id and different kinds apart', () => {
    const items = made(put('stars', 'a'), put('mutes', 'a'));
    items.apply([drop('stars', 'a')]);
    expect(items.all()).toEqual([{ kind: 'mutes', id: 'a', text: 'true' }]);
  });

  it('fits exactly as many items as a kind may have', () => {
    const most = Array.from({ length: USER_LIMITS.max_items.views }, (_, n) => put('views', `v${n}`));
    const items = made(...most);
    expect(items.plan([put('views', 'one'), drop('views', 'v0')])).toHaveProperty('changes');
    expect(items.plan([put('stars', 'a'), put('views', 'one'), put('stars', 'b')])).toEqual({
      excess: { at: 1, message: 'a user has at most 100 views' },
    });
  });

  it('fits exactly as many bytes as a kind may have, in UTF-8', () => {
    const { max_kind_bytes } = USER_LIMITS;
    expect(made(large('views', 'a', max_kind_bytes)).size).toBe(1);
    expect(new UserItems([]).plan([large('views', 'a', max_kind_bytes + 1)])).toMatchObject({ excess: { at: 0 } });
    expect(new UserItems([]).plan([put('views', '名', 'x'.repeat(max_kind_bytes - 2))])).toHaveProperty('excess');
  });

  it('fits exactly as many bytes as a user may have', () => {
    const { max_kind_bytes } = USER_LIMITS;
    const [one, two, three, four, five] = USER_KINDS;
    const items = made(...[one, two, three, four].map(kind => large(kind, 'a', max_kind_bytes)));
    expect(items.plan([put(five, 'theme')])).toEqual({
      excess: { at: 0, message: 'all of a user takes at most 262144 bytes' },
    });
    expect(items.plan([put(five, 'theme'), drop(one, 'a')])).toHaveProperty('changes');
    // What is there may always go.
    expect(items.plan([drop(one, 'a')])).toEqual({ changes: [drop(one, 'a')] });
  });
});

it('what is kept is what a map would keep, within the limits, whatever is asked', () => {
  const change = fc.record({
    kind: fc.constantFrom('stars' as const, 'views' as const),
    id: fc.constantFrom('a', 'b', 'é'),
    text: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 40_000 }).map(length => 'x'.repeat(length)),
    ),
  });
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 20 }), batches => {
      const items = new UserItems([]);
      const oracle = new Map<string, string>();
      for (const batch of batches) {
        const next = new Map(oracle);
        for (const { kind, id, text } of batch) {
          if (text === null) next.delete(`${kind} ${id}`);
          else next.set(`${kind} ${id}`, text);
        }
        const fits = ['stars', 'views'].every(kind => {
          const own = [...next].filter(([key]) => key.startsWith(`${kind} `));
          const bytes = own.reduce((sum, [key, text]) => sum + utf8Bytes(key) - kind.length - 1 + text.length, 0);
          return bytes <= USER_LIMITS.max_kind_bytes;
        });
        const planned = items.plan(batch);
        expect('changes' in planned).toBe(fits);
        if ('excess' in planned) continue;
        items.apply(planned.changes);
        oracle.clear();
        for (const [key, text] of next) oracle.set(key, text);
        expect(new Map(items.all().map(({ kind, id, text }) => [`${kind} ${id}`, text]))).toEqual(oracle);
        // Counted as if it had been read from disk.
        expect(new UserItems(items.all()).plan([])).toEqual(items.plan([]));
      }
    }),
  );
});
