import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { countDenial, Denial } from './denial.ts';
import { changeable } from './fetched.ts';
import { type AppEnv, withConfig } from './middleware/config.ts';
import { refuseCredentialsInUrls } from './middleware/credentials.ts';
import { withETag } from './middleware/etag.ts';
import { withIdentity } from './middleware/identity.ts';
import { admitScraper } from './middleware/metrics-token.ts';
import { refuseForeignChanges, withCors } from './middleware/origin.ts';
import { limitAddress, limitUser } from './middleware/rate-limit.ts';
import { requireAdmin } from './middleware/rights.ts';
import { withApiHeaders, withSecurityHeaders } from './middleware/security-headers.ts';
import { problemResponse } from './problem.ts';
import { admin } from './routes/admin.ts';
import { backtests } from './routes/backtests.ts';
import { beacon } from './routes/beacon.ts';
import { channels } from './routes/channels.ts';
import { documents } from './routes/documents.ts';
import { explain } from './routes/explain.ts';
import { liveness, websocketHealth } from './routes/health.ts';
import { ingest } from './routes/ingest.ts';
import { market } from './routes/market.ts';
import { me } from './routes/me.ts';
import { metrics } from './routes/metrics.ts';
import { operations } from './routes/operations.ts';
import { patterns } from './routes/patterns.ts';
import { rejects } from './routes/rejects.ts';
import { patternTypes, symbols } from './routes/seen.ts';
import { sessions } from './routes/sessions.ts';
import { tickets } from './routes/tickets.ts';
import { trace } from './routes/trace.ts';
import { universes } from './routes/universes.ts';
import { websocket } from './routes/websocket.ts';

/** What is not the page's; wrangler.toml's `run_worker_first` names the same. */
const OWN_PATHS = ['/api/*', '/ws/*', '/ingest', '/metrics'];
const API_PATHS = ['/api/*', '/metrics'];
/** What changes seldom: clients may keep it, and ask whether it has changed. */
const KEPT_PATHS = ['/api/market/*', '/api/pattern-types', '/api/symbols', '/api/universes'];
/** What only operators may see and do. */
const ADMIN_PATHS = [
  '/api/channels',
  '/api/explain',
  '/api/operations',
  '/api/rejects',
  '/api/sessions',
  '/api/trace/*',
  '/api/websocket/health',
  '/metrics',
];

/** The Worker: checks who comes and what they bring, and hands it to the hubs. Holds no state. */
export const app = new Hono<AppEnv>()
  .use('*', withSecurityHeaders)
  .on('ALL', OWN_PATHS, withApiHeaders, withConfig)
  .on('ALL', API_PATHS, withCors)
  .on('ALL', OWN_PATHS, refuseCredentialsInUrls)
  .get('/api/health', liveness)
  .route('/api', documents)
  .route('/api/admin', admin)
  .on('ALL', API_PATHS, limitAddress)
  .get('/metrics', admitScraper)
  .on('ALL', API_PATHS, withIdentity, limitUser, refuseForeignChanges)
  .on('GET', KEPT_PATHS, withETag)
  .on('ALL', ADMIN_PATHS, requireAdmin)
  .route('/ingest', ingest)
  .route('/ws', websocket)
  .route('/api/patterns', patterns)
  .route('/api/me', me)
  .route('/api/backtests', backtests)
  .route('/api/market', market)
  .route('/api/channels', channels)
  .route('/api/rejects', rejects)
  .route('/api/beacon', beacon)
  .route('/api/sessions', sessions)
  .route('/api/tickets', tickets)
  .get('/api/symbols', symbols)
  .get('/api/pattern-types', patternTypes)
  .get('/api/universes', universes)
  .get('/api/operations', operations)
  .get('/api/websocket/health', websocketHealth)
  .get('/api/explain', explain)
  .get('/api/trace/:id', trace)
  .get('/metrics', metrics)
  .on('ALL', OWN_PATHS, c => c.notFound())
  .all('*', async c => changeable(await c.env.ASSETS.fetch(c.req.raw)))
  .notFound(c => problemResponse(404, 'not_found', `there is no ${c.req.method} ${c.req.path}`))
  .onError((error, c) => {
    if (error instanceof Denial) countDenial(c.env, error.denied);
    if (error instanceof HTTPException) return error.getResponse();
    console.error('unexpected error', error);
    return problemResponse(500, 'internal_error', 'something went wrong here; it has been logged');
  });
