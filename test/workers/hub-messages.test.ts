import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

const subscribe = (more: object) => ({ type: 'subscribe', id: 's', ...more });
const symbols = (count: number) => Array.from({ length: count }, (_, i) => `S${i}`);

describe('a bad message', () => {
  const cases: [name: string, message: object, code: string, mentions: string][] = [
    ['of an unknown type', { type: 'publish', id: 's' }, 'bad_message', 'type'],
    ['without an id', { type: 'subscribe' }, 'bad_message', 'id'],
    ['with an id that is too long', subscribe({ id: 'x'.repeat(65) }), 'bad_message', 'id'],
    ['with a misspelt field', subscribe({ filtre: {} }), 'bad_message', 'filtre'],
    ['with a snapshot that is too large', subscribe({ snapshot: 201 }), 'bad_message', 'snapshot'],
    ['with a group and a snapshot', subscribe({ group: 'g', snapshot: 1 }), 'bad_message', 'group'],
    ['with a group and a resume', subscribe({ group: 'g', resume: { epoch: 'e', seq: 1 } }), 'bad_message', 'group'],
    ['with an unknown filter field', subscribe({ filter: { symbol: ['AAPL'] } }), 'bad_filter', 'symbol'],
    ['with a filter value of the wrong type', subscribe({ filter: { symbols: 'AAPL' } }), 'bad_filter', 'symbols'],
    ['with a confidence out of range', subscribe({ filter: { confidence_min: 1.1 } }), 'bad_filter', 'confidence_min'],
    [
      'with 1,001 values',
      subscribe({ filter: { kinds: [], symbols: symbols(1_001) } }),
      'bad_filter',
      'max_filter_values',
    ],
    [
      'with filters of over 15,000 bytes',
      subscribe({ filter: { symbols: ['x'.repeat(15_000)] } }),
      'bad_filter',
      'max_filter_bytes',
    ],
    ['that unsubscribes what is not there', { type: 'unsubscribe', id: 'none' }, 'unknown_subscription', 'id'],
  ];
  for (const [name, message, code, mentions] of cases) {
    it(`${name} is answered ${code}, changes nothing, and the next is handled as usual`, async () => {
      const client = await connect('daily');
      await client.subscribe({ id: 'before', filter: { symbols: ['IBM'] } });
      client.send(message);
      const error = await client.next('error');
      expect(error.code).toBe(code);
      expect(error.message).toContain(mentions);
      expect(error.retryable).toBe(false);
      expect(error.id).toBe('id' in message && String(message.id).length <= 64 ? message.id : undefined);
      await client.subscribe({ id: 'after', filter: { symbols: ['MSFT'] } });
      await env.HUB.getByName('daily').publish(
        batchOf([pattern(), pattern({ symbol: 'IBM' }), pattern({ symbol: 'MSFT' })]),
      );
      await client.next('events');
      expect(client.liveSeqs).toEqual([2, 3]);
    });
  }

  it('counts values and bytes over all filters of a session', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'a', filter: { symbols: symbols(600) } });
    client.send({ type: 'subscribe', id: 'b', filter: { symbols: symbols(500) } });
    expect(await client.next('error')).toMatchObject({ code: 'bad_filter', id: 'b' });
    await client.subscribe({ id: 'a', filter: { symbols: symbols(300) } });
    await client.subscribe({ id: 'b', filter: { symbols: symbols(500) } });
  });

  it('is refused as the 33rd subscription, while one of the 32 may be replaced', async () => {
    const client = await connect('daily');
    for (let i = 0; i < 32; i++) await client.subscribe({ id: `s${i}` });
    client.send(subscribe({ id: 'one-more' }));
    expect(await client.next('error')).toMatchObject({ code: 'too_many_subscriptions', id: 'one-more' });
    await client.subscribe({ id: 's0', filter: { symbols: ['AAPL'] } });
  });

  it('fits a socket with the largest filters that are allowed, in any script', async () => {
    const client = await connect('daily');
    const id = '鷹'.repeat(64);
    await client.subscribe({ id, filter: { symbols: Array.from({ length: 900 }, (_, i) => `é${i}${'x'.repeat(8)}`) } });
  });

  it('that is not JSON is told, and closes the session with 4009 when it comes twice in a row', async () => {
    const client = await connect('daily');
    client.send('{');
    expect(await client.next('error')).toMatchObject({ code: 'bad_json' });
    await client.subscribe({ id: 's' });
    client.send('nonsense');
    await client.next('error', 2);
    client.send('again');
    expect(await client.closing()).toMatchObject({ code: 4009 });
  });

  it('in a binary frame is not JSON', async () => {
    const client = await connect('daily');
    client.socket.send(new Uint8Array([1, 2, 3]));
    expect(await client.next('error')).toMatchObject({ code: 'bad_json' });
  });

  it('of 1 MB closes the session with 4009', async () => {
    const client = await connect('daily');
    client.send('x'.repeat(1024 * 1024));
    expect(await client.closing()).toMatchObject({ code: 4009 });
  });

  it('too many is told as rate_limited, and a flood closes the session with 4008', async () => {
    const client = await connect('daily');
    // On a clock that stands still, however long the machine takes over each.
    vi.setSystemTime(Date.now());
    const { message_burst: burst } = SESSION_LIMITS;
    for (let i = 0; i <= 2 * burst; i++) client.send({ type: 'unsubscribe', id: 'none' });
    expect(await client.closing()).toMatchObject({ code: 4008 });
    const codes = client.of('error').map(({ code }) => code);
    expect(codes).toEqual([...Array(burst).fill('unknown_subscription'), ...Array(burst).fill('rate_limited')]);
  });
});
