import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it } from 'vitest';
import { USER_LIMITS } from '../../shared/user-kinds.ts';
import { eventually } from '../support/eventually.ts';
import { Guest } from './support/guest.ts';
import { bearer, jwtEnv, request, tickets } from './support/jwt.ts';
import { connectUser, UserClient, upgradeUser } from './support/user-client.ts';

afterEach(reset);

const mute = (id: string) => ({ kind: 'mutes', id, value: true }) as const;
const unmute = (id: string) => ({ kind: 'mutes', id, value: null }) as const;

/** How many tables are on disk for a guest. */
function tables({ hub }: Guest): Promise<number> {
  return runInDurableObject(hub, (_, ctx) => {
    const sql = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'`;
    return ctx.storage.sql.exec(sql).toArray().length;
  });
}

describe('GET /ws/me', () => {
  it('greets with all that is kept, the limits, and who it is', async () => {
    const guest = await Guest.arrive();
    const { body } = await guest.ask('PUT', '/mutes', { mutes: ['B', 'A'] });
    const client = await connectUser(guest.cookie);
    const hello = await client.next('hello');
    expect(hello).toMatchObject({ protocol: 1, topic: 'me', revision: body.revision, items: [mute('B'), mute('A')] });
    expect(hello.identity).toEqual({ user_id: guest.userId, guest: true });
    expect(hello.limits.max_items.subscriptions).toBe(200);
    client.send('ping');
    await eventually(() => expect(client.texts).toEqual(['pong']));
  });

  it('tells every session of a change over HTTP, and no other user', async () => {
    const [guest, other] = [await Guest.arrive(), await Guest.arrive()];
    const [one, two] = [await connectUser(guest.cookie), await connectUser(guest.cookie)];
    const stranger = await connectUser(other.cookie);
    const { body } = await guest.ask('PUT', '/mutes', { mutes: ['A', 'B'] });
    for (const client of [one, two]) {
      expect(await client.next('changed')).toEqual({
        type: 'changed',
        revision: body.revision,
        changes: [mute('A'), mute('B')],
      });
    }
    const { body: deleted } = await guest.ask('PUT', '/mutes', { mutes: ['B'] });
    expect(await one.next('changed', 2)).toEqual({
      type: 'changed',
      revision: deleted.revision,
      changes: [unmute('A')],
    });
    await stranger.change(mute('X'));
    expect(stranger.of('changed')).toHaveLength(1);
    expect((await guest.ask('GET', '/mutes')).body.mutes).toEqual(['B']);
  });

  it('takes changes, answers who made them, and tells the others', async () => {
    const guest = await Guest.arrive();
    const [one, two] = [await connectUser(guest.cookie), await connectUser(guest.cookie)];
    const answer = await one.change(mute('A'), { kind: 'settings', id: 'theme', value: 'dark' });
    expect(answer).toMatchObject({ type: 'changed', id: '1', changes: [mute('A'), { id: 'theme', value: 'dark' }] });
    expect(await two.next('changed')).toEqual({ ...answer, id: undefined });
    expect((await guest.ask('GET', '')).body).toMatchObject({ mutes: ['A'], settings: { theme: 'dark' } });
  });

  it('answers what changes nothing without telling anybody else', async () => {
    const guest = await Guest.arrive();
    const [one, two] = [await connectUser(guest.cookie), await connectUser(guest.cookie)];
    const { revision } = (await one.change(mute('A'))) as { revision: number };
    expect(await two.change(mute('A'), unmute('B'))).toMatchObject({ revision, changes: [] });
    await two.change(mute('C'));
    expect(one.of('changed').map(({ changes }) => changes)).toEqual([[mute('A')], [mute('C')]]);
  });

  it('makes none of the changes of a message that is wrong, and names what is', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    for (const [changes, field] of [
      [[mute('A'), mute('small')], 'changes.1.id'],
      [[{ kind: 'friends', id: 'a', value: true }], 'changes.0.kind'],
      [[{ kind: 'settings', id: 'colour', value: 'red' }], 'changes.0.id'],
      [[{ kind: 'settings', id: 'theme', value: 'red' }], 'changes.0.value'],
      [[{ kind: 'views', id: 'v', value: { query: '' } }], 'changes.0.value.query'],
      [[{ kind: 'views', id: 'v', value: { query: 'd=', x: 1 } }], 'changes.0.value.x'],
      [[], 'changes'],
      [Array(USER_LIMITS.max_changes + 1).fill(mute('A')), 'changes'],
    ] as const) {
      const answer = await client.change(...(changes as never[]));
      expect(answer).toMatchObject({ type: 'error', code: 'bad_message', field, retryable: false });
    }
    client.send({ type: 'subscribe', id: 's' });
    await eventually(() =>
      expect(client.of('error').at(-1)).toMatchObject({ id: 's', code: 'bad_message', field: 'type' }),
    );
    expect((await guest.ask('GET', '')).body.revision).toBe(0);
    expect(await client.change(mute('A'))).toMatchObject({ type: 'changed' });
  });

  it('names the change that is too much', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    const view = (id: string, length: number) => ({ kind: 'views', id, value: { query: 'x'.repeat(length) } }) as const;
    await client.change(view('a', 40_000));
    expect(await client.change(mute('A'), view('b', 30_000))).toMatchObject({ code: 'over_limit', field: 'changes.1' });
    expect(await client.change(view('a', 10_000), view('b', 30_000))).toMatchObject({ type: 'changed' });
  });

  it('closes who cannot be talked to, as every topic does', async () => {
    const guest = await Guest.arrive();
    const [twice, large, fast] = await Promise.all([1, 2, 3].map(() => connectUser(guest.cookie)));
    twice!.send('{');
    expect(await twice!.next('error')).toMatchObject({ code: 'bad_json' });
    twice!.send('{');
    large!.send(`"${'x'.repeat(65_536)}"`);
    expect(await twice!.closing()).toMatchObject({ code: 4009 });
    expect(await large!.closing()).toMatchObject({ code: 4009 });
    // As often as it takes: on a slow machine allowance comes back while they are read. Each is answered, or the last.
    for (let sent = 250; !fast!.closed; sent += 250) {
      for (let n = 0; n < 250; n++) fast!.send('{}');
      await eventually(() => expect(fast!.closed !== null || fast!.of('error').length >= sent).toBe(true));
    }
    expect(fast!.closed).toMatchObject({ code: 4008 });
    expect(fast!.of('error')).toContainEqual(expect.objectContaining({ code: 'rate_limited', retryable: true }));
  });

  it('lets a user have 32 sessions, and one more when one has gone', async () => {
    const guest = await Guest.arrive();
    const clients = await Promise.all(Array.from({ length: USER_LIMITS.max_sockets }, () => connectUser(guest.cookie)));
    await expect(upgradeUser(guest.cookie)).rejects.toThrow('no upgrade: 429');
    await connectUser((await Guest.arrive()).cookie);
    clients[0]!.socket.close(1000);
    await eventually(() => upgradeUser(guest.cookie));
  });

  it('sends a session that does not read away, and still serves the others', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    // Not accepted: all that it is sent waits.
    const unread = await upgradeUser(guest.cookie);
    for (let n = 0; n < 30; n++) {
      await client.change({ kind: 'views', id: 'v', value: { query: `${n}${'x'.repeat(50_000)}` } });
    }
    const slow = new UserClient(unread);
    expect(await slow.closing()).toMatchObject({ code: 4010 });
    expect(await client.change(mute('A'))).toMatchObject({ type: 'changed' });
  });
});

describe('a write that storage refuses', () => {
  it('changes nothing, and sends who asked for it away to connect again', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    await client.change(mute('A'));
    await runInDurableObject(guest.hub, (_, ctx) => {
      const { sql } = ctx.storage;
      sql.exec(`CREATE TRIGGER full BEFORE INSERT ON items BEGIN SELECT RAISE(ABORT, 'full'); END`);
    });
    client.send({ type: 'change', id: 'b', changes: [mute('B')] });
    expect(await client.closing()).toMatchObject({ code: 4012 });
    await runInDurableObject(guest.hub, (_, ctx) => ctx.storage.sql.exec('DROP TRIGGER full'));
    const again = await connectUser(guest.cookie);
    expect((await again.next('hello')).items).toEqual([mute('A')]);
    expect(await again.change(mute('B'))).toMatchObject({ changes: [mute('B')] });
  });
});

describe('with tokens', () => {
  const open = async (ticket: string) => {
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': `tickstock.v1, ticket.${ticket}` };
    return new UserClient((await request('/ws/me', { headers })).webSocket!);
  };

  it('a ticket for me lets its user in once, whatever topics the token is for', async () => {
    const { me, daily } = (await tickets(['me', 'daily'], await bearer({ sub: 'ann', topics: ['daily'] }))).tickets;
    const client = await open(me!);
    expect((await client.next('hello')).identity).toEqual({ user_id: 'ann', guest: false });
    await evictDurableObject(jwtEnv.USER.getByName('ann'));
    expect(await (await open(me!)).closing()).toMatchObject({ code: 4001 });
    expect(await (await open(daily!)).closing()).toMatchObject({ code: 4001 });
    client.socket.close(1000);
    // A ticket that was used stays used when nothing else of its user is kept.
    await eventually(() =>
      runInDurableObject(jwtEnv.USER.getByName('ann'), async (_, ctx) =>
        expect(await ctx.storage.getAlarm()).not.toBeNull(),
      ),
    );
    expect(await (await open(me!)).closing()).toMatchObject({ code: 4001 });
    await runInDurableObject(jwtEnv.USER.getByName('ann'), (_, ctx) => {
      ctx.storage.sql.exec('UPDATE used_tickets SET expires_at_ms = 1');
    });
    await runDurableObjectAlarm(jwtEnv.USER.getByName('ann'));
    await runInDurableObject(jwtEnv.USER.getByName('ann'), (_, ctx) => {
      expect(ctx.storage.sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'used_tickets'`).toArray()).toEqual([]);
    });
  });
});

describe('an object that was evicted', () => {
  it('wakes with what it keeps and with its sessions, and has no timer', async () => {
    const guest = await Guest.arrive();
    const [one, two] = [await connectUser(guest.cookie), await connectUser(guest.cookie)];
    const before = await one.change(mute('A'));
    // Waits for pending timers: it would time out if one were left.
    await evictDurableObject(guest.hub);
    const after = await one.change(mute('B'));
    expect((after as { revision: number }).revision).toBeGreaterThan((before as { revision: number }).revision);
    expect(await two.next('changed', 2)).toMatchObject({ changes: [mute('B')] });
    await evictDurableObject(guest.hub);
    expect((await guest.ask('GET', '/mutes')).body.mutes).toEqual(['A', 'B']);
  });
});

describe('what is on disk', () => {
  it('is nothing for who only looks', async () => {
    const guest = await Guest.arrive();
    await guest.ask('GET', '');
    const client = await connectUser(guest.cookie);
    await client.change(unmute('A'));
    expect(await tables(guest)).toBe(0);
  });

  it('is nothing any more when everything is deleted and nobody is connected', async () => {
    const guest = await Guest.arrive();
    const client = await connectUser(guest.cookie);
    await client.change(mute('A'));
    await client.change(unmute('A'));
    expect(await tables(guest)).toBeGreaterThan(0);
    client.socket.close(1000);
    await eventually(async () => expect(await tables(guest)).toBe(0));
    await guest.ask('PUT', '/mutes', { mutes: ['A'] });
    expect(await tables(guest)).toBeGreaterThan(0);
    expect((await guest.ask('DELETE', '/mutes')).body).toEqual({ revision: 0 });
    expect(await tables(guest)).toBe(0);
    // And it begins anew.
    await guest.ask('PUT', '/mutes', { mutes: ['B'] });
    expect((await guest.ask('GET', '/mutes')).body.mutes).toEqual(['B']);
  });
});
