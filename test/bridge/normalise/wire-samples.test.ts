import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../bridge/normalise/normalise.ts';
import { ingestEventSchema } from '../../../shared/events.ts';
import { read } from './support.ts';

interface Sample {
  name: string;
  channel: string;
  raw: string;
  expect: Record<string, unknown>[];
}

const samples = readFileSync(new URL('../../fixtures/wire-samples.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Sample);

describe('what the producer is known to send', () => {
  test.each(samples)('$name', ({ raw, channel, expect: expected }) => {
    const outcomes = read(raw, channel);
    expect(outcomes).toHaveLength(expected.length);
    outcomes.forEach((outcome, i) => {
      const { tags_include = [], ...fields } = expected[i]!;
      expect(flattened(outcome)).toMatchObject(fields);
      if (!('event' in outcome)) return;
      expect(ingestEventSchema.safeParse(outcome.event).error).toBeUndefined();
      if (outcome.event.kind === 'pattern') {
        expect(outcome.event.tags).toEqual(expect.arrayContaining(tags_include as string[]));
      }
    });
  });
});

function flattened(outcome: Outcome): object {
  if ('event' in outcome) return outcome.event;
  return 'reject' in outcome ? { reject: outcome.reject.reason } : outcome;
}
