import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

const hub = (topic: string) => env.HUB.getByName(topic);

describe('a live session', () => {
  it('is greeted with where the tape stands and what it may do', async () => {
    const client = await connect('daily');
    const [hello] = client.frames;
    expect(hello).toMatchObject({
      type: 'hello',
      protocol: 1,
      topic: 'daily',
      head: 0,
      oldest: 1,
      heartbeat_ms: 15_000,
    });
    expect(typeof client.socket.bufferedAmount).toBe('number');
  });

  it('gets exactly the events that its filter matches', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's', filter: { symbols: ['aapl'], confidence_min: 0.6 } });
    await hub('daily').publish(
      batchOf([
        pattern({ symbol: 'AAPL', confidence: 0.6 }),
        pattern({ symbol: 'MSFT' }),
        pattern({ symbol: 'AAPL', confidence: 0.599 }),
        pattern({ symbol: 'AAPL', confidence: 0.95, priority: 'critical' }),
      ]),
    );
    await client.next('events');
    expect(client.events.map(event => event.kind === 'pattern' && event.confidence)).toEqual([0.95, 0.6]);
  });
});
