/**
 * The entire way, on this machine: starts a Redis, this repository's Worker and bridge, publishes patterns as TickStockPL
 * does, and receives them, until Ctrl-C. Needs `redis-server` on the PATH.
 *
 *     node publish-and-relay.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { readLocalConfig } from '../../../bridge/local/config.ts';
import { startSystem } from '../../../bridge/local/system.ts';
import { connect } from '../index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'publish-and-relay-'));
const stopped = new Promise(resolve => process.once('SIGINT', resolve));
const system = await startSystem(readLocalConfig({ PORT: '0', SIMULATE: '0', DATA_DIR: dataDir }), console.log);
const producer = new Redis(system.redisUrl!);
const edge = connect({ url: system.url });

edge.subscribe({
  topic: 'intraday',
  filter: { symbols: ['NVDA'] },
  onEvents({ events, receivedAtMs }) {
    for (const event of events) {
      if (event.kind !== 'pattern') continue;
      const { bridge_at_ms, edge_at_ms, hub_at_ms } = event.hops;
      const publishedMs = event.data.sent_at_ms as number;
      console.log(
        `received ${event.seq} ${event.symbol} ${event.pattern_type} as ${event.shape}: Redis to bridge`,
        `${bridge_at_ms - publishedMs} ms, to Worker ${edge_at_ms - bridge_at_ms} ms, to hub ${hub_at_ms - edge_at_ms} ms,`,
        `to here ${receivedAtMs - hub_at_ms} ms`,
      );
    }
  },
  onState: state => console.log(`# ${state.name}`),
});

/** Two messages of the same kind, as TickStockPL shapes them; the filter wants the one of NVDA. */
async function publish(): Promise<void> {
  const now = Date.now();
  const common = { confidence: 0.9, tier: 'intraday', timeframe: '5min', sent_at_ms: now };
  const flat = { source: 'publish-and-relay', pattern: 'Volume_Spike', symbol: 'NVDA', ...common };
  const data = { pattern: 'Trend_Break', symbol: 'TSLA', ...common };
  await producer.publish('tickstock.events.patterns', JSON.stringify({ ...flat, detection_timestamp: now / 1_000 }));
  await producer.publish('tickstock.events.patterns', JSON.stringify({ event_type: 'pattern_detected', data }));
  console.log(`published NVDA Volume_Spike and TSLA Trend_Break on ${system.redisUrl}`);
}

const publishing = setInterval(publish, 1_000);
await stopped;
clearInterval(publishing);
edge.close();
producer.disconnect();
await system.stop();
rmSync(dataDir, { recursive: true });
console.log('stopped');
