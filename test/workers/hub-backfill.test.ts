import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connect, type TestClient } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Appends `count` events; every third is of AAPL, the rest of MSFT. */
async function publish(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 500) {
    const events = range(1, Math.min(500, left)).map(() => pattern());
    for (const [i, event] of events.entries()) event.symbol = i % 3 === 0 ? 'AAPL' : 'MSFT';
    await daily().publish(batchOf(events));
  }
}

async function positionOf(client: TestClient) {
  const { epoch, head } = await client.next('hello');
  return { epoch, seq: head };
}

/** The seqs on the tape above `after` that match a symbol, by reading the tape itself. */
async function storedSeqs(symbol: string, after: number): Promise<number[]> {
  return runInDurableObject(daily(), (_, { storage }) =>
    storage.sql
      .exec<{ seq: number }>('SELECT seq FROM tape WHERE symbol = ? AND seq > ? ORDER BY seq', symbol, after)
      .toArray()
      .map(({ seq }) => seq),
  );
}

afterEach(reset);

describe('a resume', () => {
  for (const missed of [1, 50, 5_000]) {
    it(`delivers exactly the matching ones of ${missed} missed events, oldest first, and then what comes live`, async () => {
      await publish(10);
      const position = await positionOf(await connect('daily'));
      await publish(missed);
      const client = await connect('daily');
      const answer = await client.subscribe({ id: 's', filter: { symbols: ['AAPL'] }, resume: position });
      expect(answer).toMatchObject({ recovered: true, position: { epoch: position.epoch, seq: 10 + missed } });
      await client.backfilled('s');
      expect(client.replaySeqs('s')).toEqual(await storedSeqs('AAPL', 10));
      expect(client.replayFrames('s').at(-1)!.head).toBe(10 + missed);
      await daily().publish(batchOf([pattern({ symbol: 'AAPL' })]));
      await eventually(() => expect(client.liveSeqs).toEqual([11 + missed]));
    });
  }

  it('from where the tape stands ends at once, with an empty frame', async () => {
    await publish(3);
    const client = await connect('daily');
    await client.subscribe({ id: 's', resume: await positionOf(client), snapshot: 50 });
    await client.backfilled('s');
    expect(client.replayFrames('s')).toMatchObject([{ events: [], done: true, head: 3 }]);
  });

  it('gets events published during its backfill once, after it', async () => {
    await publish(3_000);
    const client = await connect('daily');
    const { epoch } = await positionOf(client);
    await client.subscribe({ id: 's', resume: { epoch, seq: 0 } });
    await eventually(() => expect(client.replaySeqs('s').length).toBeGreaterThan(0));
    await publish(90);
    await eventually(() => expect(client.liveSeqs.length).toBe(90));
    expect(client.replaySeqs('s')).toEqual(range(1, 3_000));
    expect(client.liveSeqs).toEqual(range(3_001, 3_090));
  });

  it('of two subscriptions from different positions, cut in the middle of the first, loses nothing', async () => {
    await publish(4_000);
    const first = await connect('daily');
    const { epoch } = await positionOf(first);
    await first.subscribe({ id: 'a', filter: { symbols: ['AAPL'] }, resume: { epoch, seq: 500 } });
    await first.subscribe({ id: 'b', filter: { symbols: ['MSFT'] }, resume: { epoch, seq: 2_000 } });
    await eventually(() => expect(first.replayFrames('a').length).toBeGreaterThan(2));
    const got = first.replaySeqs('a');
    const positions = new Map([
      ['a', first.replayFrames('a').at(-1)?.head ?? 500],
      ['b', first.replayFrames('b').at(-1)?.head ?? 2_000],
    ]);
    expect(positions.get('b')).toBe(2_000);
    first.socket.close(1000);
    await publish(50);

    const second = await connect('daily');
    for (const [id, symbol] of [
      ['a', 'AAPL'],
      ['b', 'MSFT'],
    ] as const) {
      await second.subscribe({ id, filter: { symbols: [symbol] }, resume: { epoch, seq: positions.get(id)! } });
    }
    await second.backfilled('a');
    await second.backfilled('b');
    expect([...got, ...second.replaySeqs('a')]).toEqual(await storedSeqs('AAPL', 500));
    expect(second.replaySeqs('b')).toEqual(await storedSeqs('MSFT', 2_000));
  });

  it('gets nothing live before its last backfill is done', async () => {
    await publish(2_000);
    const client = await connect('daily');
    const { epoch } = await positionOf(client);
    await client.subscribe({ id: 'live' });
    await client.subscribe({ id: 'a', resume: { epoch, seq: 0 } });
    await client.subscribe({ id: 'b', resume: { epoch, seq: 1_000 } });
    await publish(10);
    await eventually(() => expect(client.liveSeqs).toEqual(range(2_001, 2_010)));
    const order = client.of('events').map(frame => ('replay' in frame ? frame.id : 'live'));
    expect(order.indexOf('live')).toBeGreaterThan(order.lastIndexOf('b'));
    expect(order.indexOf('b')).toBeGreaterThan(order.lastIndexOf('a'));
  });

  it('that is replaced ends, and the new one is served in its place', async () => {
    await publish(3_000);
    const client = await connect('daily');
    const { epoch } = await positionOf(client);
    client.send({ type: 'subscribe', id: 's', filter: { symbols: ['AAPL'] }, resume: { epoch, seq: 0 } });
    client.send({ type: 'subscribe', id: 's', filter: { symbols: ['MSFT'] }, resume: { epoch, seq: 2_990 } });
    await client.next('subscribed', 2);
    const answeredAt = client.frames.lastIndexOf(client.of('subscribed').at(-1)!);
    const afterIt = () => client.replayFrames('s').filter(frame => client.frames.indexOf(frame) > answeredAt);
    await eventually(() => expect(afterIt().at(-1)?.done).toBe(true));
    const seqs = afterIt().flatMap(({ events }) => events.map(({ seq }) => seq));
    expect(seqs).toEqual(await storedSeqs('MSFT', 2_990));
  });

  for (const [name, position] of [
    ['of another epoch', (epoch: string) => ({ epoch: `not-${epoch}`, seq: 5 })],
    ['newer than the tape', (epoch: string) => ({ epoch, seq: 21 })],
  ] as const) {
    it(`${name} is not recovered and gets the snapshot instead`, async () => {
      await publish(20);
      const client = await connect('daily');
      const { epoch } = await positionOf(client);
      expect(await client.subscribe({ id: 's', resume: position(epoch), snapshot: 5 })).toMatchObject({
        recovered: false,
      });
      await client.backfilled('s');
      expect(client.replaySeqs('s')).toEqual(range(16, 20));
    });
  }

  it('older than the tape is not recovered, also without a snapshot', async () => {
    await publish(20);
    await runInDurableObject(daily(), (_, { storage }) =>
      storage.sql.exec('UPDATE tape SET received_at_ms = 0 WHERE seq < 11'),
    );
    await publish(1);
    const client = await connect('daily');
    expect(await client.next('hello')).toMatchObject({ head: 21, oldest: 11 });
    const { epoch } = await positionOf(client);
    expect(await client.subscribe({ id: 's', resume: { epoch, seq: 9 } })).toMatchObject({ recovered: false });
    await client.backfilled('s');
    expect(client.replaySeqs('s')).toEqual([]);
    expect(await client.subscribe({ id: 't', resume: { epoch, seq: 10 } })).toMatchObject({ recovered: true });
    await client.backfilled('t');
    expect(client.replaySeqs('t')).toEqual(range(11, 21));
  });

  it('that reads past a gap is told of it', async () => {
    const gaps = [{ from_ms: 1_000, to_ms: 2_000, reason: 'outbox_overflow' as const }];
    const before = await positionOf(await connect('daily'));
    await daily().publish(batchOf([pattern()], { gaps }));
    const client = await connect('daily');
    await client.subscribe({ id: 's', resume: before });
    await client.backfilled('s');
    expect(client.of('gap')).toMatchObject([{ seq: 1, reason: 'outbox_overflow', from: '1970-01-01T00:00:01.000Z' }]);
    expect(client.replaySeqs('s')).toEqual([2]);
  });
});

describe('a session that is behind', () => {
  it('gets its share of a group’s events once it has caught up', async () => {
    await publish(3_000);
    const client = await connect('daily');
    const { epoch } = await positionOf(client);
    await client.subscribe({ id: 'w', filter: { symbols: ['IBM'] }, group: 'workers' });
    await client.subscribe({ id: 's', filter: { symbols: ['AAPL'] }, resume: { epoch, seq: 0 } });
    await daily().publish(batchOf([pattern({ symbol: 'IBM' }), pattern({ symbol: 'AAPL' })]));
    await eventually(() => expect(client.liveSeqs).toEqual([3_001, 3_002]));
  });

  it('can resume a subscription from further on than it stands', async () => {
    await publish(3_000);
    const client = await connect('daily');
    const { epoch } = await positionOf(client);
    client.send({ type: 'subscribe', id: 'a', filter: { symbols: ['AAPL'] }, resume: { epoch, seq: 0 } });
    await daily().publish(batchOf([pattern(), pattern(), pattern()]));
    client.send({ type: 'subscribe', id: 'b', resume: { epoch, seq: 3_002 } });
    const answer = await client.next('subscribed', 2);
    expect(answer).toMatchObject({ id: 'b', recovered: true });
    await client.backfilled('b');
    // Live, or replayed where the machine was so fast that the session had caught up before `b` came.
    const toB = () => {
      const since = client.frames.slice(client.frames.indexOf(answer)).filter(frame => frame.type === 'events');
      const events = since.filter(frame => !('replay' in frame) || frame.id === 'b').flatMap(({ events }) => events);
      return events.map(({ seq }) => seq).filter(seq => seq > 3_002);
    };
    await eventually(() => expect(toB()).toEqual([3_003]));
  });
});

describe('a snapshot', () => {
  it('is the newest events that match, oldest first, however far back they are', async () => {
    await daily().publish(
      batchOf([pattern({ symbol: 'IBM' }), pattern({ symbol: 'IBM' }), pattern({ symbol: 'IBM' })]),
    );
    await publish(6_000);
    const client = await connect('daily');
    await client.subscribe({ id: 's', filter: { symbols: ['IBM'] }, snapshot: 2 });
    await client.subscribe({ id: 't', filter: { symbols: ['AAPL'] }, snapshot: 200 });
    await client.subscribe({ id: 'u', filter: { symbols: ['NONE'] }, snapshot: 10 });
    await client.backfilled('u');
    expect(client.replaySeqs('s')).toEqual([2, 3]);
    expect(client.replaySeqs('t')).toEqual((await storedSeqs('AAPL', 0)).slice(-200));
    expect(client.replayFrames('u')).toMatchObject([{ events: [], done: true, head: 6_003 }]);
  });

  it('is followed by live events, none of them twice', async () => {
    await publish(30);
    const client = await connect('daily');
    await client.subscribe({ id: 's', snapshot: 10 });
    await publish(5);
    await eventually(() => expect(client.liveSeqs).toEqual(range(31, 35)));
    expect(client.replaySeqs('s')).toEqual(range(21, 30));
  });
});
