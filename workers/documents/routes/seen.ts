import { type PatternTypes, patternTypesSchema } from '../../../shared/api/pattern-types.ts';
import { type Symbols, symbolsSchema, type Universes, universesSchema } from '../../../shared/api/reference.ts';
import type { Route } from '../route.ts';

const patternTypes: PatternTypes = {
  pattern_types: [{ pattern_type: 'Doji', tiers: ['daily'], last_seen_at: '2026-11-20T14:30:12.004Z' }],
  timeframes: [{ timeframe: '5min', tiers: ['intraday', 'combo'] }],
  missing: [],
};

const symbols: Symbols = {
  symbols: [
    {
      symbol: 'NVDA',
      name: 'NVIDIA Corporation',
      sector: 'Technology',
      tiers: ['daily', 'intraday'],
      last_seen_at: '2026-11-20T14:30:12.004Z',
    },
  ],
  missing: [],
};

const universes: Universes = { universes: [{ name: 'chips', symbols: ['AMD', 'NVDA'] }] };

export const seen: Route[] = [
  {
    method: 'get',
    path: '/api/symbols',
    tag: 'Reference data',
    access: 'caller',
    kept: true,
    summary: 'Symbols, with name and sector',
    description:
      'Those that patterns have had, and those of the operator’s reference data. null: the reference data do not say, or it ' +
      'was never seen. `missing` names the tiers whose hub gave no answer.',
    answer: { name: 'Symbols', schema: symbolsSchema, example: symbols, description: 'In alphabetical order.' },
    problems: ['bad_parameter', 'forbidden_topic', 'hub_unavailable', 'reference_unavailable'],
  },
  {
    method: 'get',
    path: '/api/universes',
    tag: 'Reference data',
    access: 'caller',
    kept: true,
    summary: 'Lists of symbols that `universes` can name',
    answer: { name: 'Universes', schema: universesSchema, example: universes, description: 'In alphabetical order.' },
    problems: ['bad_parameter', 'reference_unavailable'],
  },
  {
    method: 'get',
    path: '/api/pattern-types',
    tag: 'Reference data',
    access: 'caller',
    kept: true,
    summary: 'Pattern types and timeframes that patterns have had',
    description:
      'In alphabetical order, also when their events are no longer kept. `missing` names the tiers whose hub gave no answer.',
    answer: {
      name: 'PatternTypes',
      schema: patternTypesSchema,
      example: patternTypes,
      description: 'The pattern types and timeframes.',
    },
    problems: ['bad_parameter', 'forbidden_topic', 'hub_unavailable'],
  },
];
