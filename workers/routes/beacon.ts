import { Hono } from 'hono';
import type { BeaconAnswer } from '../../shared/api/beacon.ts';
import { beaconSchema } from '../../shared/requests/beacon.ts';
import { requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readJson } from './json-body.ts';

/** More than a report ever has. */
const MAX_BODY_BYTES = 4_096;

/** `POST /api/beacon`: a page says how long events took to its screen, and is told when to say so again. */
export const beacon = new Hono<AppEnv>().post('/', async c => {
  const report = await readJson(c, beaconSchema, MAX_BODY_BYTES);
  const answer = await requiredOf<BeaconAnswer>(rootHub(c.env, 'system').takeBeacon(report));
  return c.json(answer, 202);
});
