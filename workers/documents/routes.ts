import type { Route } from './route.ts';
import { backtests } from './routes/backtests.ts';
import { documents } from './routes/documents.ts';
import { health } from './routes/health.ts';
import { hubs } from './routes/hubs.ts';
import { ingest } from './routes/ingest.ts';
import { live } from './routes/live.ts';
import { market } from './routes/market.ts';
import { me } from './routes/me.ts';
import { metrics } from './routes/metrics.ts';
import { operations } from './routes/operations.ts';
import { patterns } from './routes/patterns.ts';
import { seen } from './routes/seen.ts';
import { sessions } from './routes/sessions.ts';
import { tracing } from './routes/tracing.ts';

/** Every route of the Worker, in the order in which a reader wants them. */
export const ROUTES: readonly Route[] = [
  ...patterns,
  ...seen,
  ...market,
  ...live,
  ...me,
  ...backtests,
  ...health,
  ...operations,
  ...hubs,
  ...sessions,
  ...metrics,
  ...tracing,
  ...ingest,
  ...documents,
];
