import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { IngestEvent } from '../../shared/events.ts';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, common, pattern } from './support/events.ts';

const hub = (topic: string) => env.HUB.getByName(topic);

function systemHealth(status = 'healthy'): IngestEvent {
  return { ...common(), kind: 'system_health', status };
}

function criticalAlert(): IngestEvent {
  return {
    ...common(),
    kind: 'critical_alert',
    priority: 'critical',
    severity: 'info',
    message: 'restored',
    component: null,
  };
}

afterEach(reset);

describe('the default routing rules', () => {
  it('content_based: a pattern goes to those whose filter it passes', async () => {
    const [wants, doesNot] = await Promise.all([connect('daily'), connect('daily')]);
    await wants.subscribe({ id: 's', filter: { pattern_types: ['Doji'] } });
    await doesNot.subscribe({ id: 's', filter: { pattern_types: ['Hammer'] } });
    await hub('daily').publish(batchOf([pattern({ pattern_type: 'Doji' }), pattern({ pattern_type: 'Hammer' })]));
    await Promise.all([wants.next('events'), doesNot.next('events')]);
    expect(wants.liveSeqs).toEqual([1]);
    expect(doesNot.liveSeqs).toEqual([2]);
  });

  it('broadcast_all: what is on system goes to every session, whatever it subscribed to', async () => {
    const [without, withOther] = await Promise.all([connect('system'), connect('system')]);
    await withOther.subscribe({ id: 's', filter: { kinds: ['outcome'] } });
    await hub('system').publish(batchOf([systemHealth()]));
    await Promise.all([without.next('events'), withOther.next('events')]);
    expect([without.liveSeqs, withOther.liveSeqs]).toEqual([[1], [1]]);
  });

  it('the newest of each kind is sent to every newcomer to system, after hello', async () => {
    await hub('system').publish(batchOf([systemHealth('degraded'), criticalAlert(), systemHealth('healthy')]));
    const client = await connect('system');
    const frame = await client.next('events');
    expect(client.frames[0]!.type).toBe('hello');
    expect(frame).toMatchObject({ head: 3, events: [{ kind: 'critical_alert' }, { status: 'healthy' }] });
  });

  it('priority_first: a CRITICAL event passes a full window, and takes what waits with it', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await Promise.all(Array.from({ length: 400 }, () => connect('daily')));
    await runInDurableObject(hub('daily'), instance => {
      // The first is flushed at once and opens a window, in which the others wait for one flush; it lasts as long as they take.
      vi.spyOn(performance, 'now').mockReturnValue(performance.now());
      instance.publish(batchOf([pattern()]));
      instance.publish(batchOf([pattern()]));
      instance.publish(batchOf([pattern({ confidence: 0.95, priority: 'critical' })]));
      vi.restoreAllMocks();
    });
    await eventually(() => expect(client.liveSeqs).toEqual([1, 3, 2]));
  });

  it('load_balanced: sessions that name the same group share the events, each to one of them', async () => {
    const workers = await Promise.all([connect('daily'), connect('daily'), connect('daily')]);
    for (const worker of workers) await worker.subscribe({ id: 'w', filter: {}, group: 'workers' });
    const alone = await connect('daily');
    await alone.subscribe({ id: 's', group: 'others' });
    await hub('daily').publish(batchOf(Array.from({ length: 90 }, () => pattern())));
    await eventually(() => expect(workers.flatMap(worker => worker.liveSeqs).length).toBe(90));
    expect(new Set(workers.flatMap(worker => worker.liveSeqs)).size).toBe(90);
    for (const worker of workers) expect(worker.liveSeqs.length).toBeGreaterThan(10);
    await eventually(() => expect(alone.liveSeqs.length).toBe(90));
  });

  it('a combo whose timeframes correlate rises one step, and is found under its new priority', async () => {
    const client = await connect('combo');
    await client.subscribe({ id: 's', filter: { priority_min: 'high' } });
    await hub('combo').publish(
      batchOf([
        pattern({ tier: 'combo', priority: 'medium', correlation_strength: 0.8 }),
        pattern({ tier: 'combo', priority: 'medium', correlation_strength: 0.79 }),
        pattern({ tier: 'combo', priority: 'high', correlation_strength: 0.9 }),
      ]),
    );
    await client.next('events');
    expect(client.events.map(event => event.kind === 'pattern' && [event.seq, event.priority])).toEqual([
      [3, 'critical'],
      [1, 'high'],
    ]);
  });

  it('a backfill treats an event as its flush did', async () => {
    await hub('system').publish(batchOf([systemHealth(), systemHealth('degraded')]));
    const client = await connect('system');
    const { epoch } = await client.next('hello');
    await client.subscribe({ id: 's', filter: { kinds: ['outcome'] }, resume: { epoch, seq: 0 } });
    await client.backfilled('s');
    expect(client.replaySeqs('s')).toEqual([1, 2]);
  });

  it('decides from the cache while events alike come again', async () => {
    await hub('daily').publish(batchOf(Array.from({ length: 100 }, () => pattern())));
    expect((await hub('daily').readStats()).cache).toMatchObject({ misses: 1, hits: 99, hit_rate: 0.99 });
  });
});
