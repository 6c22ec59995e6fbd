import { reset } from 'cloudflare:test';
import { afterEach, describe, expect, it } from 'vitest';
import { USER_KINDS, USER_LIMITS } from '../../shared/user-kinds.ts';
import { Guest } from './support/guest.ts';
import { bearer, request } from './support/jwt.ts';

afterEach(reset);

const star = (symbol: string) => JSON.stringify(['daily', symbol, 'Doji', null, 'up']);
const subscription = { name: 'Chips', topics: ['daily'], filter: { symbols: ['NVDA'] }, enabled: true };
const DOCUMENTS = {
  subscriptions: [{ id: 'chips', ...subscription }],
  views: [{ name: 'Morning', query: 'd=conf%3E=60' }],
  stars: [star('NVDA'), star('TSLA')],
  mutes: ['AAPL'],
  settings: { theme: 'dark', keys: { is_on: false, overrides: { star: ['s', 'Ctrl S'] } }, tour_seen: true },
};

describe('GET /api/me', () => {
  it('is empty for who has nothing, and says who that is', async () => {
    const guest = await Guest.arrive();
    const { status, body } = await guest.ask('GET', '');
    expect(status).toBe(200);
    expect(body).toEqual({
      identity: { user_id: guest.userId, guest: true, role: 'user', topics: null },
      revision: 0,
      subscriptions: [],
      views: [],
      stars: [],
      mutes: [],
      settings: {},
    });
  });

  it('has all that was put, at a revision that every change raises', async () => {
    const guest = await Guest.arrive();
    let last = 0;
    for (const kind of USER_KINDS) {
      const { status, body } = await guest.ask('PUT', `/${kind}`, { [kind]: DOCUMENTS[kind] });
      expect(status).toBe(200);
      expect(body[kind]).toEqual(DOCUMENTS[kind]);
      expect(body.revision).toBeGreaterThan(last);
      last = body.revision;
      expect((await guest.ask('GET', `/${kind}`)).body).toEqual({ revision: last, [kind]: DOCUMENTS[kind] });
    }
    expect((await guest.ask('GET', '')).body).toMatchObject({ revision: last, ...DOCUMENTS });
  });
});

describe('a kind', () => {
  it('is replaced as a whole, and deleted as a whole, beside the others', async () => {
    const guest = await Guest.arrive();
    await guest.ask('PUT', '/mutes', { mutes: ['AAPL'] });
    await guest.ask('PUT', '/stars', { stars: [star('A'), star('B')] });
    const { body } = await guest.ask('PUT', '/stars', { stars: [star('C'), star('B')] });
    expect(body.stars).toEqual([star('B'), star('C')]);
    expect((await guest.ask('DELETE', '/stars')).status).toBe(200);
    expect((await guest.ask('GET', '')).body).toMatchObject({ stars: [], mutes: ['AAPL'] });
  });

  it('that is put as it is changes nothing', async () => {
    const guest = await Guest.arrive();
    const first = await guest.ask('PUT', '/settings', { settings: { theme: 'dark', clock: 'local' } });
    const second = await guest.ask('PUT', '/settings', { settings: { clock: 'local', theme: 'dark' } });
    expect(second.body).toEqual(first.body);
  });
});

describe('one subscription', () => {
  it('is put, read and deleted by its id', async () => {
    const guest = await Guest.arrive();
    const put = await guest.ask('PUT', '/subscriptions/chips', subscription);
    expect(put.body).toEqual({ revision: put.body.revision, subscription: { id: 'chips', ...subscription } });
    expect((await guest.ask('GET', '/subscriptions/chips')).body).toEqual(put.body);
    await guest.ask('PUT', '/subscriptions/a%2Fb%20c', { ...subscription, enabled: false });
    expect((await guest.ask('GET', '/subscriptions/a%2Fb%20c')).body.subscription).toMatchObject({ enabled: false });
    expect((await guest.ask('DELETE', '/subscriptions/chips')).status).toBe(200);
    expect(await guest.ask('GET', '/subscriptions/chips')).toMatchObject({ status: 404, body: { field: 'id' } });
    expect((await guest.ask('GET', '/subscriptions')).body.subscriptions).toHaveLength(1);
  });

  it('that is not there is deleted already', async () => {
    const guest = await Guest.arrive();
    expect(await guest.ask('DELETE', '/subscriptions/none')).toEqual({ status: 200, body: { revision: 0 } });
  });
});

describe('a write with if_revision', () => {
  it('is done when nobody was faster, else answered with what is kept now', async () => {
    const guest = await Guest.arrive();
    const { revision } = (await guest.ask('PUT', '/mutes', { mutes: ['A'], if_revision: 0 })).body;
    const next = await guest.ask('PUT', '/mutes', { mutes: ['A', 'B'], if_revision: revision });
    expect(next.status).toBe(200);
    const late = await guest.ask('PUT', '/mutes', { mutes: ['C'], if_revision: revision });
    expect(late).toMatchObject({
      status: 409,
      body: {
        title: 'revision_conflict',
        field: 'if_revision',
        current: { revision: next.body.revision, mutes: ['A', 'B'] },
      },
    });
    const subscribed = await guest.ask('PUT', '/subscriptions/chips', { ...subscription, if_revision: revision });
    expect(subscribed.status).toBe(409);
    expect((await guest.ask('DELETE', `/mutes?if_revision=${revision}`)).status).toBe(409);
    expect((await guest.ask('GET', '/mutes')).body.mutes).toEqual(['A', 'B']);
    expect((await guest.ask('DELETE', `/mutes?if_revision=${next.body.revision}`)).status).toBe(200);
  });

  it('never takes a revision from before everything was deleted for one of now', async () => {
    const guest = await Guest.arrive();
    const { revision } = (await guest.ask('PUT', '/mutes', { mutes: ['A'] })).body;
    await guest.ask('DELETE', '/mutes');
    const again = await guest.ask('PUT', '/mutes', { mutes: ['B'] });
    expect(again.body.revision).toBeGreaterThanOrEqual(revision);
    await guest.ask('PUT', '/mutes', { mutes: ['B', 'C'] });
    expect((await guest.ask('PUT', '/mutes', { mutes: [], if_revision: revision })).status).toBe(409);
  });
});

describe('bad input', () => {
  const filter = (value: unknown) => ({ ...subscription, filter: value });
  for (const [name, path, body, field] of [
    ['no JSON', '/stars', '{', undefined],
    ['no object', '/stars', '[]', undefined],
    ['no document', '/stars', {}, 'stars'],
    ['a field it does not have', '/stars', { stars: [], star: 1 }, 'star'],
    ['a revision that is none', '/stars', { stars: [], if_revision: 'x' }, 'if_revision'],
    ['a star that is no JSON', '/stars', { stars: [star('A'), 'NVDA'] }, 'stars.1'],
    ['a star of too few parts', '/stars', { stars: ['["daily","A"]'] }, 'stars.0'],
    ['a star written otherwise', '/stars', { stars: ['["daily", "A","B",null,null]'] }, 'stars.0'],
    ['a star that is too long', '/stars', { stars: [star('A'.repeat(400))] }, 'stars.0'],
    ['a mute in small letters', '/mutes', { mutes: ['nvda'] }, 'mutes.0'],
    ['a mute twice', '/mutes', { mutes: ['A', 'B', 'A'] }, 'mutes.2'],
    ['a view without a name', '/views', { views: [{ name: '', query: 'd=' }] }, 'views.0.name'],
    ['a view with a blank at the end', '/views', { views: [{ name: 'a ', query: 'd=' }] }, 'views.0.name'],
    ['a view with half a character', '/views', { views: [{ name: 'a\ud800', query: 'd=' }] }, 'views.0.name'],
    ['a view without a query', '/views', { views: [{ name: 'a' }] }, 'views.0.query'],
    ['a setting there is not', '/settings', { settings: { colour: 'red' } }, 'settings.colour'],
    ['a setting it cannot have', '/settings', { settings: { theme: 'red' } }, 'settings.theme'],
    ['keys that are none', '/settings', { settings: { keys: { is_on: 1, overrides: {} } } }, 'settings.keys.is_on'],
    ['a subscription without a name', '/subscriptions/a', { ...subscription, name: undefined }, 'name'],
    ['a subscription to nothing', '/subscriptions/a', { ...subscription, topics: [] }, 'topics'],
    ['a subscription to a topic twice', '/subscriptions/a', { ...subscription, topics: ['daily', 'daily'] }, 'topics'],
    ['a subscription to no topic', '/subscriptions/a', { ...subscription, topics: ['weekly'] }, 'topics.0'],
    ['a filter that is none', '/subscriptions/a', filter({ symbol: ['A'] }), 'filter.symbol'],
    ['a filter with too many values', '/subscriptions/a', filter({ symbols: Array(1_001).fill('A') }), 'filter'],
    ['a filter that is too long', '/subscriptions/a', filter({ symbols: ['A'.repeat(15_000)] }), 'filter'],
    ['an id that is too long', `/subscriptions/${'a'.repeat(65)}`, subscription, 'id'],
    ['an id in the body', '/subscriptions/a', { ...subscription, id: 'b' }, 'id'],
    [
      'too many subscriptions',
      '/subscriptions',
      { subscriptions: Array(201).fill({ id: 'a', ...subscription }) },
      'subscriptions',
    ],
  ] as const) {
    it(`is answered with 400 that names the field: ${name}`, async () => {
      const guest = await Guest.arrive();
      const answer = await guest.ask('PUT', path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.field).toBe(field);
      expect((await guest.ask('GET', '')).body.revision).toBe(0);
    });
  }

  it('is refused in addresses too: other kinds, other parameters', async () => {
    const guest = await Guest.arrive();
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await guest.ask(method, '/friends')).status).toBe(404);
    expect(await guest.ask('GET', '?user_id=x')).toMatchObject({ status: 400, body: { field: 'user_id' } });
    expect(await guest.ask('DELETE', '/stars?if_revision=x')).toMatchObject({
      status: 400,
      body: { field: 'if_revision' },
    });
    expect((await guest.ask('PUT', '/stars', `{"stars":["${'x'.repeat(300_000)}"]}`)).status).toBe(413);
  });
});

describe('the limits of a user', () => {
  it('hold for the bytes of a kind', async () => {
    const guest = await Guest.arrive();
    const views = [1, 2].map(n => ({ name: `v${n}`, query: 'x'.repeat(40_000) }));
    const answer = await guest.ask('PUT', '/views', { views });
    expect(answer).toMatchObject({ status: 400, body: { title: 'over_limit', field: 'views' } });
    expect((await guest.ask('PUT', '/views', { views: views.slice(1) })).status).toBe(200);
    // Room is counted after what goes.
    expect((await guest.ask('PUT', '/views', { views: [{ ...views[0], query: 'y'.repeat(50_000) }] })).status).toBe(
      200,
    );
  });

  it('hold for the number of subscriptions, put one by one', async () => {
    const guest = await Guest.arrive();
    const { subscriptions: most } = USER_LIMITS.max_items;
    const all = Array.from({ length: most }, (_, n) => ({ id: `s${n}`, ...subscription }));
    expect((await guest.ask('PUT', '/subscriptions', { subscriptions: all })).status).toBe(200);
    const more = await guest.ask('PUT', '/subscriptions/more', subscription);
    expect(more).toMatchObject({ status: 400, body: { title: 'over_limit', field: 'subscriptions' } });
    expect(more.body.detail).toContain('200');
    expect((await guest.ask('PUT', '/subscriptions/s7', { ...subscription, enabled: false })).status).toBe(200);
  });
});

describe('two users', () => {
  it('never see or change each other’s, whatever a request says of its sender', async () => {
    const [ann, bob] = [await Guest.arrive(), await Guest.arrive()];
    await ann.ask('PUT', '/mutes', { mutes: ['ANN'] });
    await bob.ask('PUT', '/mutes', { mutes: ['BOB'] });
    await bob.ask('DELETE', '/stars');
    expect((await ann.ask('GET', '/mutes')).body.mutes).toEqual(['ANN']);
    expect((await bob.ask('GET', '/mutes')).body.mutes).toEqual(['BOB']);
    expect((await bob.ask('GET', `/${ann.userId}`)).status).toBe(404);
    expect((await bob.ask('GET', `?user_id=${ann.userId}`)).status).toBe(400);
  });

  it('are told apart by their tokens, and nobody comes without one', async () => {
    const [ann, bob] = [await bearer({ sub: 'ann', topics: [] }), await bearer({ sub: 'bob' })];
    const put = { method: 'PUT', body: JSON.stringify({ mutes: ['ANN'] }) };
    expect((await request('/api/me/mutes', { ...put, headers: ann })).status).toBe(200);
    expect(await (await request('/api/me/mutes', { headers: ann })).json()).toMatchObject({ mutes: ['ANN'] });
    expect(await (await request('/api/me/mutes', { headers: bob })).json()).toMatchObject({ mutes: [] });
    expect((await request('/api/me/mutes')).status).toBe(401);
    expect((await request('/api/me/mutes', put)).status).toBe(401);
  });
});
