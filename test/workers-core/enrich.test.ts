import { describe, expect, it } from 'vitest';
import { eventSchema, type PatternEvent, type TopicEvent } from '../../shared/events.ts';
import { enrich } from '../../workers/core/enrich.ts';
import type { Decision } from '../../workers/core/router.ts';
import { ingestPattern, otherEvent } from '../shared/samples.ts';

const place = { seq: 7, id: 'c0ffee@1', edgeAtMs: 20, hubAtMs: 30 };

describe('a pattern', () => {
  it('gets its place and its hops, and is an event as clients know it', () => {
    const event = enriched(ingestPattern({ hops: { published_at_ms: 5, bridge_at_ms: 10 } }));
    expect(event).toMatchObject({ seq: 7, id: 'c0ffee@1' });
    expect(event.hops).toEqual({ published_at_ms: 5, bridge_at_ms: 10, edge_at_ms: 20, hub_at_ms: 30 });
    expect(() => eventSchema.parse(event)).not.toThrow();
  });

  it('keeps the market session that was sent, whatever the calendar says, and does not ask it', () => {
    const event = enrich(ingestPattern({ market_session: 'pre_market' }), decision(), place, () => {
      throw new Error('asked');
    }) as PatternEvent;
    expect([event.market_session, event.session_origin]).toEqual(['pre_market', 'sent']);
  });

  it('gets the market session of when it was detected when none was sent', () => {
    const detected_at = '2026-11-27T18:00:00.000Z';
    const event = enrich(ingestPattern({ detected_at }), decision(), place, atMs =>
      atMs === Date.parse(detected_at) ? 'post_market' : 'closed',
    ) as PatternEvent;
    expect([event.market_session, event.session_origin]).toEqual(['post_market', 'calendar']);
  });

  it('gets the priority that routing gave it', () => {
    expect(enriched(ingestPattern({ priority: 'high' }), { priority: 'critical' }).priority).toBe('critical');
  });

  it("gets the rules' tags after its own, each once", () => {
    const event = enriched(ingestPattern({ tags: ['multi_timeframe', 'tier:test'] }), {
      tags: ['watch', 'multi_timeframe', 'watch'],
    });
    expect(event.tags).toEqual(['multi_timeframe', 'tier:test', 'watch']);
  });

  it('keeps everything else as the producer sent it, fields without a name here too', () => {
    const sent = ingestPattern({ levels: [{ type: 'support', value: 1 }], risk: { level: 'medium' }, price: null });
    const before = structuredClone(sent);
    const event = enriched(sent, { priority: 'critical', tags: ['watch'] });
    expect(sent).toEqual(before);
    const { seq: _, hops, priority, market_session, session_origin, tags, id, ...kept } = event;
    expect({ ...kept, hops: before.hops, priority: 'medium', market_session: null, tags: [], id: before.id }).toEqual(
      before,
    );
  });
});

it('an event of another kind gets its place and its hops, and nothing that only patterns have', () => {
  const { seq: _, ...health } = otherEvent('system_health', { status: 'degraded', hops: { bridge_at_ms: 1 } });
  const event = enrich(
    health as TopicEvent,
    decision({ priority: 'critical', tags: ['watch'] }),
    place,
    () => 'closed',
  );
  expect(event).toEqual({
    ...health,
    id: 'c0ffee@1',
    seq: 7,
    hops: { bridge_at_ms: 1, edge_at_ms: 20, hub_at_ms: 30 },
  });
});

function decision(changes: Partial<Decision> = {}): Decision {
  return { priority: 'medium', broadcast: false, immediate: false, shared: false, tags: [], rules: [], ...changes };
}

function enriched(event: TopicEvent, changes: Partial<Decision> = {}): PatternEvent {
  return enrich(event, decision(changes), place, () => 'regular') as PatternEvent;
}
