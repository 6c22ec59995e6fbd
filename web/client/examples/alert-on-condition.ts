/**
 * Tells when a symbol has so many confident patterns within so many minutes, and when that is over, until Ctrl-C.
 *
 *     COUNT=3 MINUTES=5 CONFIDENCE=0.8 COOLDOWN_MINUTES=10 node alert-on-condition.ts [url] [symbol…]
 */
import { connect, filter } from '../index.ts';

const [url = process.env.TICKSTOCK_URL ?? 'http://127.0.0.1:8787', ...symbols] = process.argv.slice(2);
const { COUNT = '3', MINUTES = '5', CONFIDENCE = '0.8', COOLDOWN_MINUTES = '10' } = process.env;
const [count, windowMs, cooldownMs] = [Number(COUNT), Number(MINUTES) * 60_000, Number(COOLDOWN_MINUTES) * 60_000];

/** A symbol is quiet until the condition holds, then alerted until it does not. */
interface Watch {
  /** When its patterns of the last minutes came in, by the server's clock. */
  atMs: number[];
  isAlerted: boolean;
  quietUntilMs: number;
}
const watches = new Map<string, Watch>();

const edge = connect({ url, token: () => process.env.TICKSTOCK_TOKEN ?? '' });
edge.subscribe({
  topic: 'intraday',
  filter: filter()
    .symbols(...symbols)
    .confidence(Number(CONFIDENCE)),
  // What came in before this was started counts too.
  snapshot: 200,
  onEvents({ events, replay }) {
    for (const event of events) {
      if (event.kind !== 'pattern') continue;
      const watch = watches.get(event.symbol) ?? { atMs: [], isAlerted: false, quietUntilMs: 0 };
      watches.set(event.symbol, watch);
      watch.atMs.push(event.hops.hub_at_ms);
    }
    if (!replay || replay.done) judgeAll();
  },
  onState: state => console.log(`# ${state.name}`),
});

function judgeAll(): void {
  const offset = edge.topic('intraday').clockOffset;
  const nowMs = Date.now() - (offset?.offsetMs ?? 0);
  for (const [symbol, watch] of watches) {
    watch.atMs = watch.atMs.filter(atMs => atMs > nowMs - windowMs);
    const holds = watch.atMs.length >= count;
    if (holds && !watch.isAlerted && nowMs >= watch.quietUntilMs) {
      console.log(`ALERT ${symbol}: ${watch.atMs.length} patterns from ${CONFIDENCE} within ${MINUTES} min`);
      watch.isAlerted = true;
      watch.quietUntilMs = nowMs + cooldownMs;
    } else if (!holds && watch.isAlerted) {
      console.log(`over ${symbol}: ${watch.atMs.length} patterns left`);
      watch.isAlerted = false;
    }
  }
}

const judging = setInterval(judgeAll, 1_000);
process.once('SIGINT', () => {
  clearInterval(judging);
  edge.close();
});
