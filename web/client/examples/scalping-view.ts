/**
 * The newest intraday pattern of each symbol in a table that is drawn anew, with how long it took, until Ctrl-C.
 * Regular trading hours only; `HOURS=all` is for all.
 *
 *     node scalping-view.ts [url] [symbol…]
 */
import { connect, type EventOf, filter, presets } from '../index.ts';

const [url = process.env.TICKSTOCK_URL ?? 'http://127.0.0.1:8787', ...symbols] = process.argv.slice(2);
const edge = connect({ url, token: () => process.env.TICKSTOCK_TOKEN ?? '' });
process.once('SIGINT', () => edge.close());

type Pattern = Extract<EventOf<'intraday'>, { kind: 'pattern' }>;
const rows = new Map<string, { pattern: Pattern; latencyMs: number | null }>();
let count = 0;
let isDue = false;

const [scalping] = presets.scalping({ symbols });
const { market_sessions, ...atAnyHour } = scalping!.filter;
const hours = process.env.HOURS === 'all' ? 'all hours' : 'regular hours';
const subscription = edge.subscribe({
  topic: 'intraday',
  filter: filter(hours === 'all hours' ? atAnyHour : scalping!.filter),
  onEvents({ events, receivedAtMs }) {
    const offset = edge.topic('intraday').clockOffset;
    for (const event of events) {
      if (event.kind !== 'pattern') continue;
      count++;
      // From the bridge's receipt to ours, by the server's clock; unknown until the offset of this one is measured.
      const latencyMs = offset && receivedAtMs - offset.offsetMs - event.hops.bridge_at_ms;
      rows.delete(event.symbol);
      rows.set(event.symbol, { pattern: event, latencyMs });
    }
    drawSoon();
  },
  onState: drawSoon,
  onHeartbeat: drawSoon,
});

/** Four times a second at most. */
function drawSoon(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(draw, 250);
}

function draw(): void {
  isDue = false;
  const lines = [...rows.values()].reverse().slice(0, 20);
  if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
  console.log(`intraday, ${hours}: ${subscription.state.name}, ${count} patterns`);
  for (const { pattern, latencyMs } of lines) {
    const words = [pattern.symbol.padEnd(8), pattern.pattern_type.padEnd(18), pattern.confidence.toFixed(3)];
    console.log(
      ...words,
      pattern.price?.toFixed(2) ?? 'n/a',
      latencyMs === null ? 'n/a' : `${latencyMs.toFixed(0)} ms`,
    );
  }
}
