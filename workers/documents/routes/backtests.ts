import * as z from 'zod';
import { backtestAnswerSchema, backtestRemovedSchema, backtestsSchema } from '../../../shared/api/backtests.ts';
import { backtestRequestSchema } from '../../../shared/requests/backtests.ts';
import { job } from '../examples.ts';
import { described, type Route } from '../route.ts';

const common = { tag: 'User', access: 'caller' } as const;
const idInPath = described(z.object({ id: z.string() }), { id: 'The job’s id.' });
const headers = described(z.object({ 'idempotency-key': z.string().optional() }), {
  'idempotency-key': 'The client’s own for each backtest: asked for again under the same key, it is the same backtest.',
});
const one = { name: 'BacktestAnswer', schema: backtestAnswerSchema, example: { job } };
const always = ['bad_parameter', 'backtests_unavailable', 'hub_unavailable'] as const;

/** A user's backtests. */
export const backtests: Route[] = [
  {
    ...common,
    method: 'get',
    path: '/api/backtests',
    summary: 'The user’s backtests, the newest first',
    answer: {
      name: 'Backtests',
      schema: backtestsSchema,
      example: { jobs: [job], max_running: 5 },
      description: 'The newest 100, and how many may be under way.',
    },
    problems: always,
  },
  {
    ...common,
    method: 'post',
    path: '/api/backtests',
    summary: 'Ask for a backtest',
    headers,
    body: {
      name: 'BacktestRequest',
      schema: backtestRequestSchema,
      example: { symbols: ['NVDA'], start_date: '2025-01-01', end_date: '2025-06-30', patterns: ['Doji'] },
    },
    answer: { ...one, status: 201, description: 'It is handed over.' },
    also: [{ ...one, description: 'It was asked for under this key before.' }],
    problems: [
      ...always,
      'bad_body',
      'bad_header',
      'too_large',
      'being_sent',
      'idempotency_key_reused',
      'too_many_backtests',
      'backtests_unreachable',
    ],
  },
  {
    ...common,
    method: 'get',
    path: '/api/backtests/{id}',
    summary: 'One backtest',
    inPath: idInPath,
    answer: { ...one, description: 'The backtest.' },
    problems: [...always, 'not_found'],
  },
  {
    ...common,
    method: 'delete',
    path: '/api/backtests/{id}',
    summary: 'Cancel a backtest, or take it from the list',
    inPath: idInPath,
    answer: { ...one, status: 202, description: 'TickStockPL is asked to stop it.' },
    also: [
      {
        name: 'BacktestRemoved',
        schema: backtestRemovedSchema,
        example: { removed: job.job_id },
        description: 'It is taken from the list.',
      },
    ],
    problems: [...always, 'not_found', 'backtests_unreachable'],
  },
];
