import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../../shared/api/explain.ts';
import type { Answer } from '../../../../web/app/why/ask.ts';
import { verdictOf } from '../../../../web/app/why/verdict.ts';
import { patternEvent } from '../event.ts';

const routing: Explanation['routing'] = {
  rules: [],
  broadcast_all: false,
  priority_first: false,
  load_balanced: true,
  priority: 'high',
};
const judged = (...each: { matches: boolean; isPaused?: boolean }[]): Answer['judged'] =>
  each.map(({ matches, isPaused = false }, i) => ({
    subscription: { id: `${i}`, name: `${i}`, filter: {}, isPaused },
    told: { id: null, filter: {}, group: null, since: null, clauses: [], matches },
  }));
const verdict = (
  told: Answer['judged'],
  { hidden = [] as string[], ...changes }: Record<string, unknown> & { hidden?: string[] } = {},
) => verdictOf('Daily', { event: patternEvent(), routing, ...changes } as Explanation, { judged: told, hidden });

describe('whether a column shows an event', () => {
  it.each([
    ['one filter lets it through', verdict(judged({ matches: false }, { matches: true })), true, /lets it through/],
    ['no filter does', verdict(judged({ matches: false }, { matches: false })), false, /The 2 filters of Daily do not/],
    ['the only filter does not', verdict(judged({ matches: false })), false, /The filter of Daily does not/],
    [
      'a filter that does is paused',
      verdict(judged({ matches: false }, { matches: true, isPaused: true })),
      false,
      /does not let/,
    ],
    ['all are paused', verdict(judged({ matches: true, isPaused: true })), false, /paused/],
    ['the page hides it', verdict(judged({ matches: true }), { hidden: ['x'] }), false, /this page hides it/],
    [
      'it goes to everybody',
      verdict(judged({ matches: false }), { routing: { ...routing, broadcast_all: true } }),
      true,
      /everybody/,
    ],
    ['it is no pattern', verdict(judged({ matches: true }), { event: { kind: 'outcome' } }), false, /no pattern/],
  ])('%s', (_, { isShown, words }, expected, said) => {
    expect(isShown).toBe(expected);
    expect(words).toMatch(said);
  });
});
