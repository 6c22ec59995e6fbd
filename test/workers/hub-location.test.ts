import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, it } from 'vitest';
import type { Env } from '../../workers/env.ts';
import { replicaHub, rootHub, userHub } from '../../workers/hubs.ts';
import { bearer, jwtEnv, request } from './support/jwt.ts';

afterEach(reset);

/** Where objects of an environment were asked for. */
function askedIn(location: string): [name: string, options: unknown][] {
  const asked: [string, unknown][] = [];
  const namespace = { getByName: (name: string, options?: unknown) => asked.push([name, options]) };
  const watched = {
    ...env,
    HUB: namespace,
    REPLICA: namespace,
    USER: namespace,
    HUB_LOCATION: location,
  } as unknown as Env;
  rootHub(watched, 'daily');
  replicaHub(watched, 'combo', 3);
  userHub(watched, 'ann');
  return asked;
}

it('hubs are made near HUB_LOCATION, and what is a user’s near the user', () => {
  expect(askedIn('enam')).toEqual([
    ['daily', { locationHint: 'enam' }],
    ['combo/3', { locationHint: 'enam' }],
    ['ann', undefined],
  ]);
});

it('without HUB_LOCATION hubs are made where they are first called', () => {
  expect(askedIn('').map(([, options]) => options)).toEqual([undefined, undefined, undefined]);
});

it('a hub answers wherever it was to be made', async () => {
  const response = await request(
    '/api/patterns/daily',
    { headers: await bearer() },
    { ...jwtEnv, HUB_LOCATION: 'weur' },
  );
  expect(response.status).toBe(200);
});
