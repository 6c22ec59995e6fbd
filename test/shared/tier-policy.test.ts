import { describe, expect, it } from 'vitest';
import { PRIORITIES, priorityRank, raisePriority } from '../../shared/priority.ts';
import { DEFAULT_POLICY, priorityFor, readPolicy } from '../../shared/tier-policy.ts';

describe('the ladder', () => {
  it.each([
    [1, 'critical'],
    [0.9, 'critical'],
    [0.899, 'high'],
    [0.8, 'high'],
    [0.799, 'medium'],
    [0.6, 'medium'],
    [0.599, 'low'],
    [0, 'low'],
  ])('gives a confidence of %d the priority %s', (confidence, priority) => {
    for (const tier of ['daily', 'intraday', 'combo'] as const) {
      expect(priorityFor(DEFAULT_POLICY[tier], confidence)).toBe(priority);
    }
  });

  it('ranks priorities from low to critical', () => {
    expect(PRIORITIES.map(priorityRank)).toEqual([0, 1, 2, 3]);
  });

  it('raises a priority by one step, and critical not at all', () => {
    expect(PRIORITIES.map(raisePriority)).toEqual(['medium', 'high', 'critical', 'critical']);
  });
});

describe('an operator’s changes', () => {
  it('are none when the text is empty', () => {
    expect(readPolicy('')).toEqual(DEFAULT_POLICY);
    expect(readPolicy('  \n')).toEqual(DEFAULT_POLICY);
    expect(readPolicy('{}')).toEqual(DEFAULT_POLICY);
  });

  it('replace what they name and nothing else', () => {
    const policy = readPolicy('{"daily":{"page_size":20},"system":{"max_events":7}}');
    expect(policy).toEqual({
      ...DEFAULT_POLICY,
      daily: { ...DEFAULT_POLICY.daily, page_size: 20 },
      system: { ...DEFAULT_POLICY.system, max_events: 7 },
    });
  });

  it('may be another ladder', () => {
    const policy = readPolicy('{"combo":{"ladder":{"critical":0.95,"high":0.9,"medium":0.5}}}');
    expect(priorityFor(policy.combo, 0.9)).toBe('high');
    expect(priorityFor(policy.daily, 0.9)).toBe('critical');
  });

  it.each([
    ['not JSON', '{', /TIER_POLICY: is not JSON/],
    ['a number where an object belongs', '1', /TIER_POLICY/],
    ['an unknown tier', '{"weekly":{}}', /weekly/],
    ['an unknown field', '{"daily":{"pagesize":20}}', /daily.*pagesize/],
    ['a page that is too large', '{"daily":{"page_size":201}}', /daily\.page_size/],
    ['a confidence out of range', '{"intraday":{"confidence_min":70}}', /intraday\.confidence_min/],
    ['half a ladder', '{"combo":{"ladder":{"critical":0.9}}}', /combo\.ladder\.high/],
    ['a page size for system, which has none', '{"system":{"page_size":5}}', /system.*page_size/],
  ])('are refused with an error that names the field: %s', (_, json, message) => {
    expect(() => readPolicy(json)).toThrow(message);
  });
});
