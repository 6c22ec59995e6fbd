import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Family, prometheusText } from '../../workers/core/prometheus-text.ts';
import { lintMetrics } from '../support/promtool.ts';

describe('the text of a scrape', () => {
  it('has what a metric is for, its type, and a line per sample', () => {
    const families: Family[] = [
      {
        name: 'a_total',
        help: 'How many a\nthere were',
        type: 'counter',
        samples: [
          { labels: {}, value: 3 },
          { labels: { topic: 'daily', channel: 'the "last"\\one\n' }, value: 0 },
        ],
      },
      { name: 'b', help: 'Nothing yet', type: 'gauge', samples: [] },
    ];
    expect(prometheusText(families).split('\n')).toEqual([
      '# HELP a_total How many a\\nthere were',
      '# TYPE a_total counter',
      'a_total 3',
      'a_total{topic="daily",channel="the \\"last\\"\\\\one\\n"} 0',
      '# HELP b Nothing yet',
      '# TYPE b gauge',
      '',
    ]);
  });

  it('has of a histogram the buckets, up to infinity, the sum and the count', () => {
    const sample = { labels: { hop: 'x' }, bounds: [0.000_01, 0.5], cumulative: [1, 2, 4], sum: 0.75 };
    const text = prometheusText([{ name: 'h_seconds', help: 'H', type: 'histogram', samples: [sample] }]);
    expect(text.split('\n').slice(2)).toEqual([
      'h_seconds_bucket{hop="x",le="0.00001"} 1',
      'h_seconds_bucket{hop="x",le="0.5"} 2',
      'h_seconds_bucket{hop="x",le="+Inf"} 4',
      'h_seconds_sum{hop="x"} 0.75',
      'h_seconds_count{hop="x"} 4',
      '',
    ]);
  });

  it('is taken by Prometheus whatever help, labels and values it has', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', '=', '\u2028', '漢', '😀', '\ud800', '\0'),
    });
    const value = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e-7, 1e21),
    );
    const scalar = fc.record({
      help: text.map(help => `about ${help}`),
      type: fc.constantFrom('counter' as const, 'gauge' as const),
      samples: fc.uniqueArray(fc.record({ labels: fc.record({ what: text, which: text }), value }), {
        selector: ({ labels }) => JSON.stringify([labels.what.toWellFormed(), labels.which.toWellFormed()]),
      }),
    });
    const histogram = fc.record({
      help: text.map(help => `about ${help}`),
      type: fc.constant('histogram' as const),
      samples: fc.array(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), { maxLength: 1 }).map(all =>
        all.map(counts => ({
          labels: { topic: 'daily' },
          bounds: [1e-5, 0.25, 3_600],
          cumulative: counts.toSorted((a, b) => a - b),
          sum: 0.5,
        })),
      ),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(scalar, histogram), { minLength: 5 }), families => {
        const named = families.map((family, i) => ({
          ...family,
          name: `thing${i}${family.type === 'counter' ? '_total' : ''}`,
        })) as Family[];
        expect(lintMetrics(prometheusText(named))).toBe('');
      }),
      { numRuns: 30 },
    );
  });
});
