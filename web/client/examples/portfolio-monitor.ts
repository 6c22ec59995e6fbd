/**
 * What happens to the portfolios of several users, each connected as himself, until Ctrl-C.
 *
 *     node portfolio-monitor.ts [url] [file]
 *
 * The file, or the variable `PORTFOLIOS`, has `{"anna":{"symbols":["AAPL","MSFT"],"token":"…"},…}`. The token is for
 * servers that know their users; where everybody is a guest, each of the connections is one.
 */
import { readFileSync } from 'node:fs';
import { connect, presets } from '../index.ts';

const DEFAULT = '{"anna":{"symbols":["AAPL","MSFT"]},"ben":{"symbols":["NVDA","TSLA"]}}';
const [url = process.env.TICKSTOCK_URL ?? 'http://127.0.0.1:8787', file] = process.argv.slice(2);
const json = file ? readFileSync(file, 'utf8') : (process.env.PORTFOLIOS ?? DEFAULT);
const portfolios = JSON.parse(json) as Record<string, { symbols: string[]; token?: string }>;

const monitors = Object.entries(portfolios).map(([name, { symbols, token = '' }]) => {
  const edge = connect({ url, token: () => token });
  const patterns = new Map(symbols.map(symbol => [symbol.toUpperCase(), 0]));
  for (const selection of presets.symbols(symbols)) {
    const { topic } = selection;
    edge.subscribe({
      ...selection,
      snapshot: 20,
      onEvents({ events, replay }) {
        for (const event of events) {
          if (event.kind !== 'pattern') continue;
          patterns.set(event.symbol, (patterns.get(event.symbol) ?? 0) + 1);
          if (!replay)
            console.log(`${name}: ${topic} ${event.symbol} ${event.pattern_type} ${event.confidence.toFixed(3)}`);
        }
        if (replay?.done) console.log(`${name}: ${topic} as ${edge.topic(topic).hello?.identity.user_id}`);
      },
      onError: error => console.error(`${name}: ${topic}: ${error.message}`),
    });
  }
  return { name, edge, patterns };
});

process.once('SIGINT', () => {
  for (const { name, edge, patterns } of monitors) {
    edge.close();
    console.log(`${name} had ${[...patterns].map(([symbol, count]) => `${symbol} ${count}`).join(', ')}`);
  }
});
