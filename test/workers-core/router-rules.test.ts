import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, readRules } from '../../workers/core/router-rules.ts';

const ids = (json: string) => readRules(json).map(({ id }) => id);
const DEFAULT_IDS = ['combo-raise', 'by-content', 'system-to-all', 'critical-first', 'groups-share'];

describe("an operator's changes", () => {
  it.each(['', '  \n', '[]'])('%j leaves the default rules', json => {
    expect(readRules(json)).toEqual(DEFAULT_RULES);
    expect(ids(json)).toEqual(DEFAULT_IDS);
  });

  it('a new rule comes last', () => {
    const rule = {
      id: 'watch',
      when: { kinds: ['pattern'], all: [{ field: 'data.risk_level', one_of: ['high', 1, true] }] },
      strategy: 'broadcast_all',
      priority: 'high',
      tags: ['watch'],
    };
    expect(readRules(JSON.stringify([rule]))).toEqual([...DEFAULT_RULES, rule]);
  });

  it('a rule of the same id takes the place of the one before', () => {
    const rule = { id: 'by-content', when: {}, tags: ['seen'] };
    expect(readRules(JSON.stringify([rule]))[1]).toEqual(rule);
    expect(ids(JSON.stringify([rule]))).toEqual(DEFAULT_IDS);
  });

  it('a rule is removed by its id, one that the same text added too', () => {
    expect(ids('[{"id":"groups-share","remove":true}]')).toEqual(DEFAULT_IDS.slice(0, -1));
    expect(ids('[{"id":"new","when":{}},{"id":"new","remove":true}]')).toEqual(DEFAULT_IDS);
  });

  it('leave the default rules themselves as they are', () => {
    readRules('[{"id":"by-content","when":{}},{"id":"groups-share","remove":true}]');
    expect(DEFAULT_RULES.map(({ id }) => id)).toEqual(DEFAULT_IDS);
  });
});

describe('refuses', () => {
  const withCondition = (condition: object) => [{ id: 'x', when: { all: [condition] } }];

  it.each<[string, unknown, RegExp]>([
    ['what is no list', {}, /expected array/],
    ['an entry that is no object', [3], /\[0\]/],
    ['a misspelt field of a rule', [{ id: 'x', when: {}, strategi: 'broadcast_all' }], /"strategi".*\[0\]/s],
    ['a rule without a condition part', [{ id: 'x' }], /\[0\]\.when/],
    ['a rule without an id', [{ when: {} }], /\[0\]\.id/],
    ['an empty id', [{ id: '', when: {} }], /\[0\]\.id/],
    ['an id that is too long', [{ id: 'x'.repeat(65), when: {} }], /\[0\]\.id/],
    ['an unknown strategy', [{ id: 'x', when: {}, strategy: 'random' }], /\[0\]\.strategy/],
    ['an unknown priority', [{ id: 'x', when: {}, priority: 'urgent' }], /\[0\]\.priority/],
    ['an unknown kind', [{ id: 'x', when: { kinds: ['tick'] } }], /\[0\]\.when\.kinds\[0\]/],
    ['a list of no kinds', [{ id: 'x', when: { kinds: [] } }], /\[0\]\.when\.kinds/],
    ['an empty tag', [{ id: 'x', when: {}, tags: [''] }], /\[0\]\.tags\[0\]/],
    ['a misspelt test', withCondition({ field: 'tier', equal: 'combo' }), /"equal".*\[0\]\.when\.all\[0\]/s],
    ['a condition that asks nothing', withCondition({ field: 'tier' }), /asks nothing.*\[0\]\.when\.all\[0\]/s],
    ['a choice of nothing', withCondition({ field: 'tier', one_of: [] }), /\[0\]\.when\.all\[0\]\.one_of/],
    ['an empty text to contain', withCondition({ field: 'tier', contains: '' }), /\.all\[0\]\.contains/],
    ['a bound that is no number', withCondition({ field: 'price', min: '5' }), /\.all\[0\]\.min/],
    ['an object to equal', withCondition({ field: 'data', equals: {} }), /\.all\[0\]\.equals/],
    ['a condition without a field', withCondition({ equals: 1 }), /\.all\[0\]\.field/],
    [
      'the second of two entries',
      [
        { id: 'a', when: {} },
        { id: 'b', when: { any: [] } },
      ],
      /"any".*\[1\]\.when/s,
    ],
    ['removing a rule that is not there', [{ id: 'gone', remove: true }], /no rule "gone" to remove/],
    ['half a removal', [{ id: 'groups-share', remove: false }], /\[0\]\.remove/],
    ['a rule that is a removal too', [{ id: 'groups-share', remove: true, when: {} }], /"when".*\[0\]/s],
  ])('%s, naming it', (_, entries, wrong) => {
    const read = () => readRules(JSON.stringify(entries));
    expect(read).toThrow(wrong);
    expect(read).toThrow(/^ROUTER_RULES/);
  });

  it.each([
    'id',
    'seq',
    'detected_at',
    'detection_at',
    'expires_at',
    'hops',
    'hops.bridge_at_ms',
    'flow_id',
    'producer_id',
  ])('a rule that reads %s, which differs from event to event', field => {
    expect(() => readRules(JSON.stringify(withCondition({ field, contains: '2026' })))).toThrow(
      /different in every event.*\[0\]\.when\.all\[0\]\.field/s,
    );
  });

  it('what is not JSON', () => {
    expect(() => readRules('[{id: x}]')).toThrow('ROUTER_RULES: is not JSON');
  });
});
