import { evictDurableObject, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Env } from '../../workers/env.ts';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { bearer, denied, jwtEnv, request, resetHubs } from './support/jwt.ts';

const METRICS_TOKEN = 'metrics-metrics-metrics-metrics-metrics!';
const scraped: Env = { ...jwtEnv, METRICS_TOKEN };
const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const daily = () => env.HUB.getByName('daily');

async function scrape(edgeEnv: Env = env): Promise<string[]> {
  const response = await request('/metrics', {}, edgeEnv);
  expect(response.status).toBe(200);
  return (await response.text()).split('\n');
}

describe('GET /metrics', () => {
  afterEach(reset);

  it('has every hub in one scrape, as Prometheus reads it', async () => {
    await daily().publish(batchOf([pattern(), pattern()]));
    const response = await request('/metrics', {}, env);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await response.text()).split('\n');
    for (const topic of ['daily', 'intraday', 'combo', 'system']) {
      expect(lines).toContain(`tickstock_edge_hub_up{topic="${topic}"} 1`);
    }
    expect(lines).toContain('tickstock_edge_events_total{topic="daily",channel="tickstock.events.patterns"} 2');
  });

  it('shows a hub that gives no answer as down', async () => {
    const fails = { readOperations: () => Promise.reject(new Error('broken')) };
    const HUB = { getByName: (name: string) => (name === 'combo' ? fails : env.HUB.getByName(name)) };
    const lines = await scrape({ ...env, HUB } as unknown as Env);
    expect(lines).toContain('tickstock_edge_hub_up{topic="combo"} 0');
    expect(lines).toContain('tickstock_edge_hub_up{topic="daily"} 1');
  });

  it('never goes back, whatever was counted since the last batch before the hub slept', async () => {
    await daily().publish(batchOf([pattern()]));
    await connect('daily');
    const counts = (lines: string[]) => lines.filter(line => /_(total|count|sum|bucket)\{topic="daily"/.test(line));
    const before = counts(await scrape());
    expect(before).toContain('tickstock_edge_connections_total{topic="daily"} 1');
    await evictDurableObject(daily());
    const ofCache = /routing_cache/;
    expect(counts(await scrape()).filter(line => !ofCache.test(line))).toEqual(
      before.filter(line => !ofCache.test(line)),
    );
  });
});

describe('who may read the metrics', () => {
  afterEach(resetHubs);

  it('is whoever shows METRICS_TOKEN, and an admin', async () => {
    expect((await request('/metrics', withToken(METRICS_TOKEN), scraped)).status).toBe(200);
    expect((await request('/metrics', { headers: await bearer({ role: 'admin' }) }, scraped)).status).toBe(200);
  });

  it('is nobody else', async () => {
    const refused = async (init: RequestInit, edgeEnv = scraped) => (await request('/metrics', init, edgeEnv)).status;
    expect(await refused({})).toBe(401);
    expect(await refused(withToken(`${METRICS_TOKEN}x`))).toBe(401);
    expect(await refused(withToken(METRICS_TOKEN.slice(1)))).toBe(401);
    expect(await refused({ headers: await bearer() })).toBe(403);
    expect(await refused(withToken(METRICS_TOKEN), jwtEnv)).toBe(401);
    await eventually(async () => expect(await denied('token_malformed')).toBe(3));
  });

  it('may with METRICS_TOKEN read nothing else', async () => {
    for (const path of ['/api/operations', '/api/rejects', '/api/patterns/daily']) {
      expect([path, (await request(path, withToken(METRICS_TOKEN), scraped)).status]).toEqual([path, 401]);
    }
    expect((await request('/metrics', { ...withToken(METRICS_TOKEN), method: 'POST' }, scraped)).status).toBe(401);
  });

  it('is nobody at all while METRICS_TOKEN is under 32 bytes', async () => {
    const response = await request('/metrics', withToken('short'), { ...jwtEnv, METRICS_TOKEN: 'short' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ title: 'misconfigured', field: 'METRICS_TOKEN' });
  });
});
