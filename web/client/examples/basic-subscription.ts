/**
 * The patterns of some symbols, stored ones first, until Ctrl-C.
 *
 *     node basic-subscription.ts [url] [symbol…]
 */
import { connect } from '../index.ts';

const [url = process.env.TICKSTOCK_URL ?? 'http://127.0.0.1:8787', ...symbols] = process.argv.slice(2);
const edge = connect({ url, token: () => process.env.TICKSTOCK_TOKEN ?? '' });
process.once('SIGINT', () => edge.close());

let count = 0;
edge.subscribe({
  topic: 'daily',
  filter: { symbols, confidence_min: 0.6 },
  snapshot: 10,
  onEvents({ events, replay }) {
    for (const event of events) {
      if (event.kind !== 'pattern') continue;
      count++;
      const when = replay ? 'stored' : 'live';
      console.log(`${when} ${event.detected_at} ${event.symbol} ${event.pattern_type} ${event.confidence.toFixed(3)}`);
    }
    if (replay?.done) console.log('up to date');
  },
  onState: state => console.log(`# ${state.name}${'reason' in state ? `: ${state.reason}` : ''}`),
  onGap: ({ from, to, reason }) => console.log(`# may be missing: ${from} to ${to}, ${reason}`),
  onWithheld: ({ from, to, rate_limited, skipped }) => {
    console.log(`# not sent: ${rate_limited + skipped} events from ${from} to ${to}`);
  },
  onLost: ({ since }) => console.log(`# cannot be replayed: what came after ${since.seq}`),
  onError: error => {
    console.error(error.message);
    process.exitCode = 1;
    edge.close();
  },
});

process.once('beforeExit', () => console.log(`# ${count} patterns`));
