import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TopicEvent } from '../../shared/events.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import { TOPICS } from '../../shared/topics.ts';
import { CACHE_LIMITS, type Decision, Router } from '../../workers/core/router.ts';
import { type Condition, DEFAULT_RULES, type Rule, STRATEGIES } from '../../workers/core/router-rules.ts';
import { ingestPattern, otherEvent } from '../shared/samples.ts';

const PLAIN: Decision = { priority: 'medium', broadcast: false, immediate: false, shared: false, tags: [], rules: [] };

describe('the default rules', () => {
  const onDaily = new Router('daily', DEFAULT_RULES);
  const onCombo = new Router('combo', DEFAULT_RULES);
  const onSystem = new Router('system', DEFAULT_RULES);
  const combo = (changes: object) => ingestPattern({ tier: 'combo', ...changes });

  it('let the index decide about a pattern, and groups share it', () => {
    expect(onDaily.decide(ingestPattern(), 0)).toEqual({
      ...PLAIN,
      shared: true,
      rules: ['by-content', 'groups-share'],
    });
  });

  it.each([
    ['low', 'medium', false],
    ['medium', 'high', false],
    ['high', 'critical', true],
    ['critical', 'critical', true],
  ])('raise a %s combo of strong correlation to %s; immediate: %s', (priority, raised, immediate) => {
    expect(onCombo.decide(combo({ priority, correlation_strength: 0.8 }), 0)).toMatchObject({
      priority: raised,
      immediate,
    });
  });

  it.each([0.799, null])('leave a combo of correlation %s as it is', correlation_strength => {
    expect(onCombo.decide(combo({ priority: 'high', correlation_strength }), 0)).toMatchObject({
      priority: 'high',
      immediate: false,
    });
  });

  it('raise no pattern of another tier', () => {
    const event = ingestPattern({ priority: 'high', correlation_strength: 0.9 });
    expect(onDaily.decide(event, 0)).toMatchObject({ priority: 'high', immediate: false });
  });

  it('send a critical pattern at once, to those who asked for it', () => {
    const event = ingestPattern({ priority: 'critical' });
    expect(onDaily.decide(event, 0)).toMatchObject({ immediate: true, broadcast: false });
  });

  it('send what is about the producer to everybody, and critical alerts at once', () => {
    expect(onSystem.decide(other('system_health'), 0)).toMatchObject({ broadcast: true, immediate: false });
    expect(onSystem.decide(other('critical_alert', { priority: 'critical' }), 0)).toMatchObject({
      priority: 'critical',
      broadcast: true,
      immediate: true,
    });
  });
});

describe('a condition', () => {
  it.each<[string, Condition, boolean]>([
    ['equals', { field: 'symbol', equals: 'AAPL' }, true],
    ['equals, in letter case', { field: 'symbol', equals: 'aapl' }, false],
    ['equals a number', { field: 'price', equals: 185.5 }, true],
    ['equals a number, not its text', { field: 'price', equals: '185.5' }, false],
    ['equals a boolean', { field: 'real_time', equals: false }, true],
    ['one of', { field: 'pattern_type', one_of: ['Doji', 'BreakoutBO'] }, true],
    ['none of', { field: 'pattern_type', one_of: ['Doji', 'Hammer'] }, false],
    ['at least, inclusive', { field: 'confidence', min: 0.75 }, true],
    ['at least', { field: 'confidence', min: 0.751 }, false],
    ['at most, inclusive', { field: 'confidence', max: 0.75 }, true],
    ['at most', { field: 'confidence', max: 0.749 }, false],
    ['a range', { field: 'confidence', min: 0.7, max: 0.8 }, true],
    ['bounds of what is no number', { field: 'symbol', min: 0 }, false],
    ['bounds of what is missing', { field: 'volume', max: 5 }, false],
    ['text that holds text', { field: 'pattern_type', contains: 'out' }, true],
    ['text that does not', { field: 'pattern_type', contains: 'OUT' }, false],
    ['a list that holds a value', { field: 'tags', contains: 'tier:test' }, true],
    ['a list that holds it only as a part', { field: 'tags', contains: 'tier' }, false],
    ['a number does not contain', { field: 'price', contains: '185' }, false],
    ['an object does not contain', { field: 'data', contains: 'rsi' }, false],
    ['what is missing does not contain', { field: 'nothing', contains: 'x' }, false],
    ['several tests of one field', { field: 'symbol', contains: 'A', equals: 'AAPL' }, true],
    ['several tests of which one fails', { field: 'symbol', contains: 'B', equals: 'AAPL' }, false],
    ['a path into data', { field: 'data.risk.level', equals: 'high' }, true],
    ['a path past what is there', { field: 'data.risk.level.more', equals: 'high' }, false],
    ['a path through null', { field: 'market_context.regime', equals: 'bull' }, false],
    ['what every object inherits', { field: 'constructor.name', equals: 'Object' }, false],
    ['the topic', { field: 'topic', equals: 'daily' }, true],
    ['another topic', { field: 'topic', equals: 'combo' }, false],
    ['the kind', { field: 'kind', equals: 'pattern' }, true],
    ['the priority', { field: 'priority', one_of: ['low', 'medium'] }, true],
  ])('%s: %j', (_, condition, isMet) => {
    const router = new Router('daily', [{ id: 'x', when: { all: [condition] }, tags: ['met'] }]);
    const event = ingestPattern({ tags: ['tier:test'], data: { risk: { level: 'high' } } });
    expect(router.decide(event, 0).tags).toEqual(isMet ? ['met'] : []);
  });

  it('must hold with all others of its rule', () => {
    const all = [
      { field: 'symbol', equals: 'AAPL' },
      { field: 'confidence', min: 0.8 },
    ];
    const router = new Router('daily', [{ id: 'x', when: { all }, tags: ['met'] }]);
    expect(router.decide(ingestPattern(), 0).tags).toEqual([]);
    expect(router.decide(ingestPattern({ confidence: 0.8 }), 0).tags).toEqual(['met']);
  });

  it('on kinds lets the others be', () => {
    const router = new Router('system', [{ id: 'x', when: { kinds: ['system_health'] }, strategy: 'broadcast_all' }]);
    expect(router.decide(other('system_health'), 0).broadcast).toBe(true);
    expect(router.decide(other('streaming_health'), 0).broadcast).toBe(false);
  });
});

describe('rules in order', () => {
  it('a later one sees the priority that an earlier one gave', () => {
    const raise: Rule = { id: 'raise', when: {}, priority: 'raise' };
    const first: Rule = {
      id: 'first',
      when: { all: [{ field: 'priority', equals: 'high' }] },
      strategy: 'priority_first',
    };
    expect(new Router('daily', [raise, first]).decide(ingestPattern(), 0)).toMatchObject({
      priority: 'high',
      immediate: true,
    });
    expect(new Router('daily', [first, raise]).decide(ingestPattern(), 0)).toMatchObject({
      priority: 'high',
      immediate: false,
    });
  });

  it('a priority is never lowered', () => {
    const router = new Router('daily', [{ id: 'x', when: {}, priority: 'high' }]);
    expect(router.decide(ingestPattern({ priority: 'critical' }), 0).priority).toBe('critical');
    expect(router.decide(ingestPattern({ priority: 'low' }), 0).priority).toBe('high');
  });

  it('the last that says to whom decides; what else they decide adds up', () => {
    const rules: Rule[] = [
      { id: 'a', when: {}, strategy: 'broadcast_all', tags: ['a'] },
      { id: 'b', when: {}, strategy: 'load_balanced', tags: ['b'] },
      { id: 'c', when: {}, strategy: 'priority_first' },
      { id: 'd', when: { all: [{ field: 'symbol', equals: 'AAPL' }] }, strategy: 'content_based' },
    ];
    const router = new Router('daily', rules);
    const added = { immediate: true, shared: true, tags: ['a', 'b'] };
    expect(router.decide(ingestPattern(), 0)).toMatchObject({ ...added, broadcast: false });
    expect(router.decide(ingestPattern({ symbol: 'NVDA' }), 0)).toMatchObject({ ...added, broadcast: true });
  });

  it('none at all leave every event as it is', () => {
    expect(new Router('daily', []).decide(ingestPattern(), 0)).toEqual(PLAIN);
  });
});

describe('the cache of decisions', () => {
  const bySymbol: Rule = { id: 'by-symbol', when: { all: [{ field: 'symbol', equals: 'AAPL' }] }, tags: ['apple'] };

  it('knows an event by the fields that rules read, and by no other', () => {
    const router = new Router('daily', DEFAULT_RULES);
    router.decide(ingestPattern(), 0);
    router.decide(
      ingestPattern({
        id: 'other',
        detected_at: '2026-11-20T15:00:00.000Z',
        symbol: 'NVDA',
        data: {},
        confidence: 0.6,
      }),
      1,
    );
    expect([router.misses, router.hits]).toEqual([1, 1]);
    router.decide(ingestPattern({ priority: 'high' }), 2);
    router.decide(ingestPattern({ tier: 'combo' }), 3);
    router.decide(other('outcome'), 4);
    expect([router.misses, router.hits, router.cachedDecisions]).toEqual([4, 1, 4]);
  });

  it('decides anew after five minutes', () => {
    const router = new Router('daily', DEFAULT_RULES);
    for (const nowMs of [0, 299_999, 300_000, 300_001]) router.decide(ingestPattern(), nowMs);
    expect([router.misses, router.hits]).toEqual([2, 2]);
  });

  it('holds a bounded number of decisions, those used last', () => {
    const router = new Router('daily', [bySymbol]);
    const decide = (i: number) => router.decide(ingestPattern({ symbol: `S${i}` }), 0);
    for (let i = 0; i <= CACHE_LIMITS.maxEntries; i++) decide(i);
    expect(router.cachedDecisions).toBe(CACHE_LIMITS.maxEntries);
    decide(1);
    expect(router.hits).toBe(1);
    decide(0);
    expect(router.hits).toBe(1);
  });

  it('is emptied when a rule is added, replaced or removed, which holds from the next event on', () => {
    const router = new Router('daily', []);
    const tags = () => router.decide(ingestPattern(), 0).tags;
    expect(tags()).toEqual([]);

    router.add(bySymbol);
    expect(router.cachedDecisions).toBe(0);
    expect(tags()).toEqual(['apple']);

    router.add({ ...bySymbol, tags: ['fruit'] });
    expect(router.rules).toHaveLength(1);
    expect(router.cachedDecisions).toBe(0);
    expect(tags()).toEqual(['fruit']);

    router.remove(bySymbol.id);
    expect(router.rules).toHaveLength(0);
    expect(router.cachedDecisions).toBe(0);
    expect(tags()).toEqual([]);
    expect(router.hits).toBe(0);
  });

  it('does not take the rules given to it out of their owner’s hands', () => {
    const rules = [...DEFAULT_RULES];
    const router = new Router('daily', rules);
    router.add(bySymbol);
    router.remove('combo-raise');
    expect(rules).toEqual(DEFAULT_RULES);
  });
});

describe('a decision from the cache', () => {
  const field = fc.constantFrom(
    'symbol',
    'tier',
    'priority',
    'kind',
    'topic',
    'confidence',
    'data.a',
    'data.b',
    'tags',
  );
  const word = fc.constantFrom('AAPL', 'combo', 'high', 'x', 'pattern');
  const value = fc.oneof(word, fc.constantFrom(0, 0.5, 1), fc.boolean());
  const condition = fc
    .tuple(
      field,
      fc.oneof(
        fc.record({ equals: value }),
        fc.record({ one_of: fc.array(value, { minLength: 1, maxLength: 3 }) }),
        fc.record({ min: fc.constantFrom(0, 0.5, 1) }),
        fc.record({ max: fc.constantFrom(0, 0.5, 1) }),
        fc.record({ contains: word }),
      ),
    )
    .map(([field, test]): Condition => ({ field, ...test }));
  const rule = fc.record(
    {
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      when: fc.record({ all: fc.array(condition, { maxLength: 2 }) }),
      strategy: fc.constantFrom(...STRATEGIES),
      priority: fc.constantFrom('raise' as const, ...PRIORITIES),
      tags: fc.array(fc.constantFrom('s', 't'), { maxLength: 2 }),
    },
    { requiredKeys: ['id', 'when'] },
  );
  const leaf = fc.oneof(value, fc.constant(null), fc.array(word, { maxLength: 2 }));
  const event = fc.oneof(
    fc
      .record({
        symbol: fc.constantFrom('AAPL', 'NVDA'),
        tier: fc.constantFrom('daily', 'combo'),
        priority: fc.constantFrom(...PRIORITIES),
        confidence: fc.constantFrom(0.25, 0.5, 0.75),
        correlation_strength: fc.constantFrom(null, 0.5, 0.9),
        data: fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }),
        tags: fc.array(word, { maxLength: 2 }),
      })
      .map(ingestPattern),
    fc.record({ data: fc.record({ a: leaf }, { requiredKeys: [] }) }).map(changes => other('system_health', changes)),
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ event }) },
    { weight: 1, arbitrary: fc.record({ add: rule }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom('a', 'b', 'c', 'd') }) },
  );

  it('equals one made anew, whatever the rules, the events, and the changes in between', () => {
    let hits = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...TOPICS),
        fc.array(rule, { maxLength: 4 }),
        fc.array(step, { maxLength: 40 }),
        (topic, own, steps) => {
          const router = new Router(topic, [...DEFAULT_RULES, ...own]);
          for (const step of steps) {
            if ('add' in step) router.add(step.add);
            else if ('remove' in step) router.remove(step.remove);
            else expect(router.decide(step.event, 0)).toEqual(new Router(topic, router.rules).decide(step.event, 0));
          }
          hits += router.hits;
        },
      ),
      { numRuns: 500 },
    );
    expect(hits).toBeGreaterThan(100);
  });
});

function other(kind: string, changes: object = {}): TopicEvent {
  return otherEvent(kind, { hops: { bridge_at_ms: 1 }, ...changes }) as TopicEvent;
}
