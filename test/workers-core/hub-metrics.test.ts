import { expect, it } from 'vitest';
import { HISTOGRAM_BOUNDS_MS, Histogram } from '../../workers/core/histogram.ts';
import { hubMetrics } from '../../workers/core/hub-metrics.ts';
import { prometheusText } from '../../workers/core/prometheus-text.ts';
import { lintMetrics } from '../support/promtool.ts';
import { hubOperations } from './samples.ts';

it('is in the names and units of Prometheus', () => {
  expect(lintMetrics(prometheusText(hubMetrics([hubOperations()], 0)))).toBe('');
});

it('says which hub gives no answer, and tells nothing else of it', () => {
  const text = scrapeOf([hubOperations(), { topic: 'combo', error: 'the hub gave no answer' }]);
  expect(text).toContain('tickstock_edge_hub_up{topic="daily"} 1');
  expect(text.filter(line => line.includes('combo'))).toEqual(['tickstock_edge_hub_up{topic="combo"} 0']);
});

it.each([
  ['2026-11-20T14:31:00-05:00', 1],
  ['2026-11-20T17:00:00-05:00', 0],
  ['2026-11-26T12:00:00-05:00', 0],
])('knows by the calendar of the exchange whether it trades: %s', (at, open) => {
  expect(scrapeOf([hubOperations()], Date.parse(at))).toContain(`tickstock_edge_market_open ${open}`);
});

it('counts by the labels that an operator asks for', () => {
  const text = scrapeOf([hubOperations()]);
  for (const line of [
    'events_total{topic="daily",channel="tickstock.events.patterns"} 7',
    'duplicates_total{topic="daily"} 2',
    'withheld_events_total{topic="daily",reason="rate_limited"} 3',
    'withheld_events_total{topic="daily",reason="skipped"} 4',
    'connections_closed_total{topic="daily",code="4010"} 1',
    'denied_total{topic="daily",cause="token_expired"} 5',
    'rejects_total{topic="daily",channel="c",reason="bad_json"} 6',
    'not_routed_total{topic="daily",channel="c",kind="market_tick"} 8',
    'sent_bytes_total{topic="daily"} 1234',
    'bridges{topic="daily"} 2',
    'bridges_connected{topic="daily"} 1',
    'bridge_heartbeat_age_seconds{topic="daily"} 12.5',
  ]) {
    expect(text).toContain(`tickstock_edge_${line}`);
  }
});

it('has hops in seconds, with bounds that are round', () => {
  const bridgeToEdge = new Histogram();
  for (const ms of [3, 40, 40]) bridgeToEdge.add(ms);
  const text = scrapeOf([
    hubOperations({ histograms: { bridge_to_edge_ms: { cumulative: bridgeToEdge.cumulative(), sum_ms: 83 } } }),
  ]);
  const labels = 'topic="daily",hop="bridge_to_edge"';
  expect(text).toContain(`tickstock_edge_hop_seconds_bucket{${labels},le="0.005"} 1`);
  expect(text).toContain(`tickstock_edge_hop_seconds_bucket{${labels},le="0.05"} 3`);
  expect(text).toContain(`tickstock_edge_hop_seconds_sum{${labels}} 0.083`);
  const bounds = text.flatMap(line => /hop="bridge_to_edge",le="(.*)"/.exec(line)?.[1] ?? []);
  expect(bounds).toEqual([...HISTOGRAM_BOUNDS_MS.map(ms => String(Number(`${ms}e-3`))), '+Inf']);
});

it('invents no value where there is none', () => {
  const text = scrapeOf([{ ...hubOperations(), last_event_at_ms: null, heartbeat_age_ms: null }]);
  const names = ['last_event_timestamp_seconds', 'bridge_heartbeat_age_seconds'].map(name => `tickstock_edge_${name}`);
  expect(text.filter(line => names.some(name => line.startsWith(name)))).toEqual([]);
});

function scrapeOf(hubs: Parameters<typeof hubMetrics>[0], nowMs = 0): string[] {
  return prometheusText(hubMetrics(hubs, nowMs)).split('\n');
}
