import { expect, test } from 'vitest';
import { faultsOf } from '../../bridge/deploy/settings.ts';
import { COMPLETE_VARS } from './complete-vars.ts';

const vars = COMPLETE_VARS;
const secrets = ['INGEST_SECRET', 'SESSION_SECRET'];
const complete = { vars, secrets, kvIds: { REFERENCE: '0123456789abcdef0123456789abcdef' } };
const names = (faults: string[]) => faults.map(fault => fault.split(':')[0]);

test('what is complete has no fault, by key address or by shared secret', () => {
  expect(faultsOf(complete)).toEqual([]);
  const shared = { ...complete, vars: { ...vars, JWT_JWKS_URL: '' }, secrets: [...secrets, 'JWT_SECRET'] };
  expect(faultsOf(shared)).toEqual([]);
});

test('each of the settings that are missing is named, all at once', () => {
  expect(names(faultsOf({ vars: {}, secrets: [], kvIds: { REFERENCE: undefined } }))).toEqual([
    'APP_ENV',
    'AUTH_MODE',
    'JWT_ISSUER',
    'JWT_AUDIENCE',
    'JWT_JWKS_URL',
    'INGEST_SECRET',
    'SESSION_SECRET',
  ]);
});

test.each([
  ['AUTH_MODE', { vars: { ...vars, AUTH_MODE: 'open' } }],
  ['APP_ENV', { vars: { ...vars, APP_ENV: 'development' } }],
  ['JWT_SECRET', { secrets: [...secrets, 'JWT_SECRET'] }],
  ['INGEST_SECRET', { vars: { ...vars, INGEST_SECRET: 'x'.repeat(32) } }],
  ['UPSTASH_REDIS_REST_TOKEN', { vars: { ...vars, UPSTASH_REDIS_REST_URL: 'https://redis.example' } }],
  ['REFERENCE', { kvIds: { REFERENCE: '<the id>' } }],
])('%s is named when it is wrong', (name, change) => {
  expect(names(faultsOf({ ...complete, ...change }))).toEqual([name]);
});

test('no sentence shows a value', () => {
  const faults = faultsOf({ ...complete, vars: { ...vars, SESSION_SECRET: 'hush-hush' } });
  expect(faults.join()).not.toContain('hush-hush');
});
