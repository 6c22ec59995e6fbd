/**
 * Is the data alive, why not, and what do the hubs do: every few seconds until Ctrl-C. The hubs' own numbers need the role
 * `admin` where the server knows its users.
 *
 *     EVERY_SECONDS=5 node health-and-statistics.ts [url]
 */
import { connect } from '../index.ts';

interface Tiers {
  status: string;
  tiers: Record<string, { status: string; reasons: string[]; last_event_at?: string | null; bridges?: number }>;
}
interface Hubs {
  hubs: Record<
    string,
    { sessions?: number; deliveries?: number; latency?: { bridge_to_delivery_ms: { n: number; p95: number } } }
  >;
}

const [url = process.env.TICKSTOCK_URL ?? 'http://127.0.0.1:8787'] = process.argv.slice(2);
const edge = connect({ url, token: () => process.env.TICKSTOCK_TOKEN ?? '' });

/** What the server answers; null when it does not, after having said why. */
async function read<T>(path: string): Promise<T | null> {
  try {
    const answer = await edge.request(path);
    const body = (await answer.json()) as T & { detail?: string };
    if (answer.ok) return body;
    console.log(`${path}: ${answer.status} ${body.detail ?? ''}`);
  } catch (error) {
    console.log(`${path}: no answer, ${(error as Error).message}`);
  }
  return null;
}

async function report(): Promise<void> {
  const health = await read<Tiers>('/api/patterns/tiers/health');
  if (health) console.log(`health: ${health.status}`);
  for (const [tier, { status, reasons, last_event_at, bridges }] of Object.entries(health?.tiers ?? {})) {
    const why = reasons.length > 0 ? ` because ${reasons.join('; ')}` : '';
    console.log(`  ${tier}: ${status}${why}, last event ${last_event_at ?? 'n/a'}, bridges ${bridges ?? 'n/a'}`);
  }
  const statistics = await read<Hubs>('/api/websocket/health');
  for (const [topic, { sessions, deliveries, latency }] of Object.entries(statistics?.hubs ?? {})) {
    const p95 = latency?.bridge_to_delivery_ms.n ? `${latency.bridge_to_delivery_ms.p95} ms` : 'n/a';
    console.log(
      `  hub ${topic}: sessions ${sessions ?? 'n/a'}, delivered ${deliveries ?? 'n/a'}, bridge to delivery p95 ${p95}`,
    );
  }
}

const reporting = setInterval(report, Number(process.env.EVERY_SECONDS ?? 5) * 1_000);
process.once('SIGINT', () => clearInterval(reporting));
await report();
