import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { countDenial, Denial } from './denial.ts';
import { type AppEnv, withConfig } from './middleware/config.ts';
import { refuseCredentialsInUrls } from './middleware/credentials.ts';
import { withIdentity } from './middleware/identity.ts';
import { refuseForeignChanges, withCors } from './middleware/origin.ts';
import { limitAddress, limitUser } from './middleware/rate-limit.ts';
import { requireAdmin } from './middleware/rights.ts';
import { withApiHeaders, withSecurityHeaders } from './middleware/security-headers.ts';
import { problemResponse } from './problem.ts';
import { admin } from './routes/admin.ts';
import { liveness, websocketHealth } from './routes/health.ts';
import { ingest } from './routes/ingest.ts';
import { market } from './routes/market.ts';
import { me } from './routes/me.ts';
import { patterns } from './routes/patterns.ts';
import { rejects } from './routes/rejects.ts';
import { patternTypes, symbols } from './routes/seen.ts';
import { tickets } from './routes/tickets.ts';
import { websocket } from './routes/websocket.ts';

/** What is not the page's; wrangler.toml's `run_worker_first` names the same. */
const OWN_PATHS = ['/api/*', '/ws/*', '/ingest', '/metrics'];
const API_PATHS = ['/api/*', '/metrics'];
/** What only operators may see and do. */
const ADMIN_PATHS = [
  '/api/explain',
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
  .route('/api/admin', admin)
  .on('ALL', API_PATHS, limitAddress, withIdentity, limitUser, refuseForeignChanges)
  .on('ALL', ADMIN_PATHS, requireAdmin)
  .route('/ingest', ingest)
  .route('/ws', websocket)
  .route('/api/patterns', patterns)
  .route('/api/me', me)
  .route('/api/market', market)
  .route('/api/rejects', rejects)
  .route('/api/tickets', tickets)
  .get('/api/symbols', symbols)
  .get('/api/pattern-types', patternTypes)
  .get('/api/websocket/health', websocketHealth)
  .on('ALL', OWN_PATHS, c => c.notFound())
  .all('*', c => c.env.ASSETS.fetch(c.req.raw))
  .notFound(c => problemResponse(404, 'not_found', `there is no ${c.req.method} ${c.req.path}`))
  .onError((error, c) => {
    if (error instanceof Denial) countDenial(c.env, error.denied);
    if (error instanceof HTTPException) return error.getResponse();
    console.error('unexpected error', error);
    return problemResponse(500, 'internal_error', 'something went wrong here; it has been logged');
  });
