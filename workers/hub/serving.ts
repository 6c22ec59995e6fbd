import { CLOSE_CODES } from '../../shared/codes.ts';
import { HEARTBEAT_MS, PROTOCOL_VERSION, SESSION_LIMITS } from '../../shared/limits.ts';
import { nodeFor } from '../../shared/partition.ts';
import type { Topic } from '../../shared/topics.ts';
import type { Figures } from '../core/figures.ts';
import { type Frame, frameOf, liveFrames } from '../core/frames.ts';
import { ReachLog } from '../core/reach.ts';
import { slowest } from '../core/slowest.ts';
import type { HubConfig } from '../env.ts';
import type { Joined } from '../tree/messages.ts';
import { Admission, type Upgrade } from './admission.ts';
import { Backfills } from './backfills.ts';
import type { Counters } from './counters.ts';
import { Draining } from './draining.ts';
import { type Appended, Flusher } from './flusher.ts';
import { handleMessage } from './handle-message.ts';
import { type HubSessions, sessionReport } from './session-report.ts';
import { type Session, Sessions } from './sessions.ts';
import { Silence } from './silence.ts';
import { Sockets } from './sockets.ts';
import type { TapeRow } from './tape.ts';
import type { TapeReader } from './tape-reader.ts';
import { UsedTickets } from './used-tickets.ts';

/** The newest sign of life of a bridge that hears Redis, as clients are told it. */
export interface Beat {
  bridge_at_ms: number;
  /** How many such bridges there are. */
  bridges: number;
}

/** What a newcomer is told besides `hello`. */
export interface Greeting {
  /** null = no bridge hears Redis. */
  beat: Beat | null;
  /** The newest event of each kind, for those who were not there when it was sent. */
  newest: readonly TapeRow[];
}

export interface ServingParts {
  ctx: DurableObjectState;
  config: HubConfig;
  topic: Topic;
  /** Which object of the topic's tree this is. */
  node: number;
  counters: Counters;
  tape: TapeReader;
  /** The last seq that live sessions were handed. */
  flushed: number;
  /** Called with what a flush takes, before this object's own sessions get it, and the position before. */
  beforeFlush(flushed: readonly Appended[], after: number): void;
  /** The most sessions that one of the objects below has. */
  sessionsBelow(): number;
}

/** The sessions of one object, and all that is done for them: they come in, are answered, handed events, and leave. */
export class Serving {
  readonly sessions: Sessions;
  readonly sockets: Sockets;
  readonly reachLog = new ReachLog();
  readonly flusher: Flusher;
  readonly #parts: ServingParts;
  readonly #backfills: Backfills;
  readonly #draining: Draining;
  readonly #silence: Silence;
  readonly #admission: Admission;

  constructor(parts: ServingParts) {
    const { ctx, config, counters, tape } = parts;
    const { sql } = ctx.storage;
    this.#parts = parts;
    this.sessions = new Sessions(config.eventsPerSecond);
    this.sockets = new Sockets(ctx, this.sessions, counters);
    const shared = { sessions: this.sessions, sockets: this.sockets, counters };
    this.flusher = new Flusher({
      ...shared,
      epochOf: () => tape.epoch,
      reachLog: this.reachLog,
      head: parts.flushed,
      beforeFlush: parts.beforeFlush,
      sessionsBelow: parts.sessionsBelow,
    });
    this.#backfills = new Backfills({ ...shared, tape, flusher: this.flusher });
    this.#draining = new Draining(sql, this.sessions, this.sockets);
    this.#silence = new Silence(ctx, this.sessions, this.sockets);
    this.#admission = new Admission({
      ...shared,
      isOwn: userId => this.#isOwn(userId),
      draining: this.#draining,
      usedTickets: new UsedTickets(sql),
      maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    this.#wake();
  }

  /** A refusal, or null: `open` may follow at once. */
  refusalOf(upgrade: Upgrade, nowMs: number): Response | null {
    return this.#admission.refusalOf(upgrade, nowMs);
  }

  /** Accepts a WebSocket and greets it. */
  open(upgrade: Upgrade, greeting: Greeting, nowMs: number): Response {
    const { ctx, node, counters } = this.#parts;
    const { 0: client, 1: server } = new WebSocketPair();
    ctx.acceptWebSocket(server);
    const id = sessionId(node);
    const session = this.sessions.open(server, id, { ...upgrade, since: this.flusher.flushed }, nowMs);
    this.#silence.opened(nowMs);
    counters.counts.connections++;
    this.#greet(session, greeting, nowMs);
    // Without this header every browser negotiates permessage-deflate, at half the frames and three times the memory.
    const headers = new Headers({ 'sec-websocket-extensions': 'identity' });
    if (upgrade.subprotocol) headers.set('sec-websocket-protocol', upgrade.subprotocol);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  message(socket: WebSocket, message: string | ArrayBuffer): void {
    const session = this.sessions.bySocket(socket);
    if (!session) return;
    const { topic, config, tape, counters } = this.#parts;
    const { sessions, sockets, flusher } = this;
    const isShared = config.replicas[topic] > 0;
    const context = { topic, isShared, tape, sessions, sockets, flusher, backfills: this.#backfills, counters };
    handleMessage(context, session, message, Date.now());
  }

  closed(socket: WebSocket, code: number): void {
    this.#forget(socket, code);
    // Completes the closing handshake, without which the client waits for it. Some codes may not be sent.
    socket.close(code === 1000 || (code >= 3000 && code <= 4999) ? code : 1000);
  }

  failed(socket: WebSocket): void {
    this.#forget(socket, 1006);
  }

  /** Closes half-open connections; called by the object's alarm. */
  lookForSilent(nowMs: number): Promise<void> {
    return this.#silence.look(nowMs);
  }

  /** What was just appended, before it is flushed. */
  appended(appended: readonly Appended[]): void {
    for (const { row } of appended) if (row.view.kind !== 'gap') this.reachLog.appended(row.seq);
  }

  sendHeartbeat(beat: Beat, nowMs: number): void {
    const live = this.#heartbeatFrame(this.flusher.flushed, beat, nowMs);
    for (const session of this.sessions.all()) {
      const { behindAt } = session;
      this.sockets.send(session, behindAt === null ? live : this.#heartbeatFrame(behindAt, beat, nowMs));
    }
  }

  /**
   * What a node below is told that joins, and what its own newcomers are greeted with.
   * @param head where it begins: up to there those below have been told everything
   */
  joined(head: number, { beat, newest }: Greeting, nowMs: number): Joined {
    const { epoch, oldest, lastEventAtMs } = this.#parts.tape;
    const drainsForMs = this.#draining.refusesForMs(nowMs);
    return { epoch, head, oldest, lastEventAtMs, beat, newest: [...newest], drainsForMs };
  }

  /**
   * Sends all sessions away, to come back in the second half of `windowMs`, and lets nobody in until then.
   * @returns how many there were
   */
  drain(windowMs: number, nowMs: number): number {
    this.flusher.flush();
    return this.#draining.begin(windowMs, nowMs);
  }

  /** Lets nobody in for so long. */
  refuseFor(ms: number, nowMs: number): void {
    this.#draining.refuseUntil(nowMs + ms);
  }

  /** Closes all sessions, which come back at once and resume: where they stand is not known any more. */
  sendAway(): void {
    for (const session of [...this.sessions.all()]) this.sockets.close(session, CLOSE_CODES.draining);
  }

  /** The slowest of the sessions, and how many there are. */
  readSessions(limit: number): HubSessions {
    const { flushed } = this.flusher;
    const { topic } = this.#parts;
    const all = [...this.sessions.all()].map(session =>
      sessionReport(session, { topic, flushed, heardAtMs: this.#silence.heardAtMs(session) }),
    );
    return { total: all.length, sessions: slowest(all, limit), unanswered: 0 };
  }

  /** Of this object alone. */
  figures(nowMs: number): Figures {
    const { counters } = this.#parts;
    const histograms = Object.entries(counters.histograms).map(([name, { counts, sumMs }]) => [
      name,
      { counts: [...counts], sumMs },
    ]);
    return {
      sessions: { open: this.sessions.size, live: this.sessions.live.size, backfilling: this.#backfills.size },
      subscriptions: this.sessions.index.size,
      queued_bytes: this.sockets.queuedBytes(nowMs),
      counts: structuredClone(counters.counts),
      histograms: Object.fromEntries(histograms) as Figures['histograms'],
      recentDelivery: counters.recentDelivery.stored(),
    };
  }

  /** Takes the sockets back that the object had before it slept. */
  #wake(): void {
    const { ctx } = this.#parts;
    const nowMs = Date.now();
    const misplaced: Session[] = [];
    for (const socket of ctx.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const session = this.sessions.wake(socket, nowMs);
      if (!session) socket.close(CLOSE_CODES.draining.code, CLOSE_CODES.draining.means);
      else if (!this.#isOwn(session.identity.user_id)) misplaced.push(session);
    }
    this.#draining.sendAway(misplaced);
  }

  /** Whether a user's sessions are for this object, and not for another of the tree. */
  #isOwn(userId: string): boolean {
    const { config, topic, node } = this.#parts;
    return nodeFor(userId, config.replicas[topic]) === node;
  }

  #forget(socket: WebSocket, code: number): void {
    const session = this.sessions.bySocket(socket);
    if (!session) return;
    this.#parts.counters.countClosed(code);
    this.#backfills.end(session);
    this.sessions.close(session);
  }

  #greet(session: Session, { beat, newest }: Greeting, nowMs: number): void {
    const { topic, tape, config, counters } = this.#parts;
    const { flushed } = this.flusher;
    const hello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      topic,
      session_id: session.id,
      epoch: tape.epoch,
      head: flushed,
      oldest: Math.min(tape.oldest, flushed + 1),
      heartbeat_ms: HEARTBEAT_MS,
      limits: { ...SESSION_LIMITS, events_per_second: config.eventsPerSecond },
      identity: session.identity,
      server_at_ms: nowMs,
    };
    this.sockets.send(session, frameOf(hello));
    // Or a newcomer would call the data stale until the next one.
    if (beat) this.sockets.send(session, this.#heartbeatFrame(flushed, beat, nowMs));
    if (newest.length === 0) return;
    for (const frame of liveFrames({ epoch: tape.epoch, head: flushed }, newest)) this.sockets.send(session, frame);
    counters.counts.deliveries += newest.length;
    session.delivered += newest.length;
  }

  #heartbeatFrame(head: number, { bridge_at_ms, bridges }: Beat, nowMs: number): Frame {
    const { lastEventAtMs } = this.#parts.tape;
    return frameOf({
      type: 'heartbeat',
      head,
      last_event_at: lastEventAtMs === null ? null : new Date(lastEventAtMs).toISOString(),
      bridge_at_ms,
      bridges,
      server_at_ms: nowMs,
    });
  }
}

/** Names the object that has the session, unless that is the root: `3.<uuid>`. */
function sessionId(node: number): string {
  const uuid = crypto.randomUUID();
  return node === 0 ? uuid : `${node}.${uuid}`;
}

/** The node that has, or had, a session. */
export function nodeOfSession(sessionId: string): number {
  const [, node] = /^(\d{1,6})\./.exec(sessionId) ?? [];
  return Number(node ?? 0);
}
