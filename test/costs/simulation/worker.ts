/** The Worker as it is, but that its replicas wake with sessions that have no sockets, and that what is billed is counted. */
import { normaliseFilter } from '../../../shared/filter.ts';
import { hubName, nodeFor } from '../../../shared/partition.ts';
import type { Env } from '../../../workers/env.ts';
import { UPGRADE_HEADER } from '../../../workers/hub/admission.ts';
import type { HubBatch } from '../../../workers/hub/intake.ts';
import worker, { TopicHub as Hub, TopicReplica as Replica } from '../../../workers/index.ts';
import { ingestBatch, ingestPattern } from '../../shared/samples.ts';
import type { Meters } from './meters.ts';

export { UserHub } from '../../../workers/index.ts';

const TOPIC = 'daily';
const SYMBOLS = Array.from({ length: 500 }, (_, i) => `S${i}`);
/** Of the sessions; the others ask for five symbols each. */
const EVERY_NTH_ASKS_FOR_ALL = 10;

const NONE: Meters = {
  batches: 0,
  forwards: 0,
  joins: 0,
  rowsWritten: 0,
  rootMs: 0,
  replicaMs: 0,
  frames: 0,
  sessions: 0,
};
let meters: Meters = { ...NONE };
const encoder = new TextEncoder();

export class TopicHub extends Hub {
  constructor(ctx: DurableObjectState, env: Env) {
    countRows(ctx);
    super(ctx, env);
  }

  override publish(batch: HubBatch) {
    const startedAtMs = performance.now();
    const answer = super.publish(batch);
    meters.batches++;
    meters.rootMs += performance.now() - startedAtMs;
    return answer;
  }

  override join(...call: Parameters<Hub['join']>) {
    meters.joins++;
    return super.join(...call);
  }
}

export class TopicReplica extends Replica {
  constructor(ctx: DurableObjectState, env: Env & { SESSIONS_A_NODE: string; NODES: string }) {
    countRows(ctx);
    if (hasJoined(ctx)) addSessions(ctx, Number(env.SESSIONS_A_NODE), Number(env.NODES));
    super(ctx, env);
    // On a slow machine it would sleep before its turn comes; in production heartbeats keep it awake.
    setInterval(() => undefined, 5_000);
  }

  /** It wakes again as a part of the tree, with its sessions. */
  abort(): void {
    this.ctx.abort('woken');
  }

  override forward(...call: Parameters<Replica['forward']>) {
    const startedAtMs = performance.now();
    const answer = super.forward(...call);
    meters.forwards++;
    meters.replicaMs += performance.now() - startedAtMs;
    return answer;
  }

  override join(...call: Parameters<Replica['join']>) {
    meters.joins++;
    return super.join(...call);
  }
}

function countRows({ storage: { sql } }: DurableObjectState): void {
  const exec = sql.exec.bind(sql);
  sql.exec = ((query: string, ...bindings: unknown[]) => {
    const cursor = exec(query, ...bindings);
    meters.rowsWritten += cursor.rowsWritten;
    return cursor;
  }) as typeof sql.exec;
}

/** Whether the object has been a part of the tree before. */
function hasJoined({ storage: { sql } }: DurableObjectState): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'membership'").toArray().length > 0;
}

/** Takes what a socket takes, and lets it go nowhere. */
class NoSocket {
  readonly readyState = WebSocket.OPEN;
  readonly bufferedAmount = 0;
  readonly #attachment: Uint8Array;

  constructor(attachment: Uint8Array) {
    this.#attachment = attachment;
  }

  send(): void {
    meters.frames++;
  }

  close(): void {}

  serializeAttachment(): void {}

  deserializeAttachment(): Uint8Array {
    return this.#attachment;
  }
}

/** Sessions that an object finds when it wakes. */
function addSessions(ctx: DurableObjectState, count: number, nodes: number): void {
  const userId = userOf(Number(ctx.id.name!.split('/')[1]), nodes);
  const attachments = Array.from({ length: SYMBOLS.length / 5 }, (_, i) => {
    const filter = i % EVERY_NTH_ASKS_FOR_ALL === 0 ? {} : { symbols: SYMBOLS.slice(i * 5, i * 5 + 5) };
    const attachment = {
      id: 'simulated',
      identity: { user_id: userId, guest: true },
      subscriptions: [['all', normaliseFilter(TOPIC, filter), null, 0]],
      behind: false,
      heardAtMs: Date.now(),
      openedAtMs: Date.now(),
      since: 0,
    };
    return encoder.encode(JSON.stringify(attachment));
  });
  const sockets = Array.from({ length: count }, (_, i) => new NoSocket(attachments[i % attachments.length]!));
  meters.sessions += count;
  const real = ctx.getWebSockets.bind(ctx);
  ctx.getWebSockets = () => [...real(), ...(sockets as unknown as WebSocket[])];
}

/** A user whose sessions a node has. */
function userOf(node: number, nodes: number): string {
  for (let i = 0; ; i++) if (nodeFor(`user-${i}`, nodes) === node) return `user-${i}`;
}

let made = 0;
/** One subscription, unbroken: no gap is to be told. */
let coveredFromMs = 0;

function nextBatch(events: number): HubBatch {
  made++;
  const nowMs = Date.now();
  coveredFromMs ||= nowMs;
  const heartbeat = {
    at_ms: nowMs,
    redis_connected: true,
    redis_latency_ms: 0.3,
    channels_subscribed: 31,
    channels_wanted: 31,
    last_message_at_ms: nowMs,
    reasons: [],
  };
  const { topic: _, ...batch } = ingestBatch({
    topic: TOPIC,
    batch_id: made,
    sent_at_ms: nowMs,
    covers: { from_ms: coveredFromMs, to_ms: nowMs },
    events: Array.from({ length: events }, (_, i) =>
      ingestPattern({ id: `simulated-${made}-${i}`, symbol: SYMBOLS[made % SYMBOLS.length]! }),
    ),
    ...(events === 0 && { heartbeat }),
  });
  return { ...batch, edge_at_ms: nowMs };
}

export default {
  async fetch(request: Request, env: Env & { NODES: string }, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case '/simulate/join': {
        const node = Number(searchParams.get('node'));
        const upgrade = { identity: { user_id: userOf(node, Number(env.NODES)), guest: true }, subprotocol: null };
        const headers = { upgrade: 'websocket', [UPGRADE_HEADER]: JSON.stringify(upgrade) };
        const hub = env.REPLICA.getByName(hubName(TOPIC, node));
        const { webSocket } = await hub.fetch('http://hub/', { headers });
        webSocket!.accept();
        await (hub as unknown as DurableObjectStub<TopicReplica>).abort().catch(() => undefined);
        return new Response();
      }
      case '/simulate/publish':
        await env.HUB.getByName(TOPIC).publish(nextBatch(Number(searchParams.get('events'))));
        return new Response();
      case '/simulate/meters': {
        const read = meters;
        if (searchParams.has('reset')) meters = { ...NONE };
        return Response.json(read);
      }
      default:
        return worker.fetch(request, env, ctx);
    }
  },
};
