/** What can be measured without any server: parsing, matching, subscribing, routing. One thread, no I/O. */
import { createHash } from 'node:crypto';
import { normalise } from '../../bridge/normalise/normalise.ts';
import type { IngestEvent } from '../../shared/events.ts';
import { normaliseFilter } from '../../shared/filter.ts';
import type { Matchable } from '../../shared/matches.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';
import { Router } from '../../workers/core/router.ts';
import { DEFAULT_RULES } from '../../workers/core/router-rules.ts';
import { SubscriptionIndex } from '../../workers/core/subscription-index.ts';
import { createStream } from '../simulator/stream.ts';
import { ms, quantile, type Row, timeEach } from './report.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
const START_MS = Date.parse('2026-11-16T14:30:00Z');

export function benchPure(): Row[] {
  const messages = createStream({ seed: 1, patternsPerSecond: 500, startMs: START_MS }).until(START_MS + 60_000);
  const events: IngestEvent[] = [];
  const read = (i: number) => {
    const { channel, raw } = messages[i % messages.length]!;
    return normalise({ channel, raw, receivedAtMs: START_MS }, { policy: DEFAULT_POLICY, hash });
  };
  for (let i = 0; i < messages.length; i++) {
    for (const outcome of read(i)) if ('event' in outcome) events.push(outcome.event);
  }
  const parse = timeEach(messages.length, read);
  return [
    limit('parse a Redis message, p99', parse, 1, `of ${messages.length} of the simulator's`),
    ...[10_000, 100_000].flatMap(count => benchIndex(count, events)),
    ...benchRouter(events),
  ];
}

function benchIndex(count: number, events: readonly IngestEvent[]): Row[] {
  const patterns = events.filter(event => event.kind === 'pattern');
  const symbols = [...new Set(patterns.map(({ symbol }) => symbol))];
  const types = [...new Set(patterns.map(({ pattern_type }) => pattern_type))];
  const pick = <T>(values: readonly T[], n: number) =>
    Array.from({ length: n }, () => values[(Math.random() * values.length) | 0]!);
  const index = new SubscriptionIndex();
  const subscribe = timeEach(count, i => {
    const filter = normaliseFilter('intraday', {
      symbols: i % 4 === 0 ? [] : pick(symbols, 1 + (i % 20)),
      pattern_types: i % 3 === 0 ? pick(types, 3) : [],
      confidence_min: (i % 10) / 10,
      exclude_symbols: i % 7 === 0 ? pick(symbols, 2) : [],
    });
    index.add(filter);
  });
  const views: Matchable[] = patterns.map(event => ({ ...event, market_session: 'regular' }));
  for (let i = 0; i < 2_000; i++) index.match(views[i % views.length]!);
  let matched = 0;
  const match = timeEach(20_000, i => {
    matched += index.match(views[i % views.length]!);
  });
  const name = count.toLocaleString('en-US');
  return [
    limit(
      `match an event against ${name} subscriptions, p99`,
      match,
      count > 10_000 ? 5 : 0.1,
      `${Math.round(matched / 20_000)} of them match`,
    ),
    limit(`subscribe, as one of ${name}, p99`, subscribe, 1),
  ];
}

function benchRouter(events: readonly IngestEvent[]): Row[] {
  const routers = {
    daily: new Router('daily', DEFAULT_RULES),
    intraday: new Router('intraday', DEFAULT_RULES),
    combo: new Router('combo', DEFAULT_RULES),
  };
  const patterns = events.filter(event => event.kind === 'pattern');
  const route = timeEach(patterns.length, i => {
    const event = patterns[i]!;
    routers[event.tier].decide(event, START_MS + i);
  });
  const all = Object.values(routers);
  const hits = all.reduce((sum, router) => sum + router.hits, 0);
  const rate = hits / (hits + all.reduce((sum, router) => sum + router.misses, 0));
  return [
    limit('route an event, p99', route, 20),
    {
      what: "router's cache hits on the simulator's stream",
      target: '> 50 %',
      measured: `${(rate * 100).toFixed(1)} %`,
      ok: rate > 0.5,
    },
  ];
}

function limit(what: string, sorted: Float64Array, atMost: number, note = ''): Row {
  const p99 = quantile(sorted, 0.99);
  const measured = `${ms(p99)} (p50 ${ms(quantile(sorted, 0.5))})${note && `, ${note}`}`;
  return { what, target: `< ${atMost} ms`, measured, ok: p99 < atMost };
}
