import { DurableObject } from 'cloudflare:workers';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { EVENT_KINDS } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import type { HubAnswer, Reject } from '../../shared/ingest-protocol.ts';
import { HEARTBEAT_MS, PROTOCOL_VERSION, SESSION_LIMITS } from '../../shared/limits.ts';
import { isTopic, type Topic } from '../../shared/topics.ts';
import { liveFrames } from '../core/frames.ts';
import { Router } from '../core/router.ts';
import { type Env, readHubConfig } from '../env.ts';
import { Admission, UPGRADE_HEADER, type Upgrade } from './admission.ts';
import { Backfills } from './backfills.ts';
import { Bridges } from './bridges.ts';
import { Counters } from './counters.ts';
import { Draining } from './draining.ts';
import { Flusher } from './flusher.ts';
import { handleMessage, type MessageContext } from './handle-message.ts';
import { type HubBatch, Intake, type Taken } from './intake.ts';
import { Outcomes } from './outcomes.ts';
import {
  type Count,
  type Page,
  type PageQuery,
  readCount,
  readPage,
  readPerformance,
  type TierPerformance,
} from './queries.ts';
import { Refusals } from './refusals.ts';
import { type HubHealth, type HubStats, hubHealth, hubStats, type Reported } from './report.ts';
import { type SeenDimension, type SeenValue, SeenValues } from './seen-values.ts';
import { type Session, Sessions } from './sessions.ts';
import { Silence } from './silence.ts';
import { Sockets } from './sockets.ts';
import { Tape } from './tape.ts';
import { UsedTickets } from './used-tickets.ts';

/**
 * The Durable Object of one topic. Appends what bridges post, flushes it to the sessions that asked for it, answers
 * clients, and sleeps when there is nothing to do: it has a timer only while something waits.
 *
 * Work that is pending when the object loses its memory is not written down: its sockets are lost with it, and their
 * clients resume from the last position they were told.
 */
export class TopicHub extends DurableObject<Env> {
  readonly #topic: Topic;
  readonly #config;
  readonly #router: Router;
  readonly #tape: Tape;
  readonly #bridges: Bridges;
  readonly #intake: Intake;
  readonly #outcomes: Outcomes;
  readonly #refusals: Refusals;
  readonly #seenValues: SeenValues;
  readonly #counters: Counters;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  readonly #flusher: Flusher;
  readonly #backfills: Backfills;
  readonly #draining: Draining;
  readonly #silence: Silence;
  readonly #admission: Admission;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const topic = ctx.id.name ?? '';
    if (!isTopic(topic)) throw new Error(`a hub is named for its topic, not "${topic}"`);
    const { sql } = ctx.storage;
    this.#topic = topic;
    this.#config = readHubConfig(env);
    this.#router = new Router(topic, this.#config.rules);
    this.#tape = new Tape(sql, () => crypto.randomUUID());
    this.#bridges = new Bridges(sql);
    this.#outcomes = new Outcomes(sql);
    this.#refusals = new Refusals(sql);
    this.#seenValues = new SeenValues(sql);
    this.#counters = new Counters(sql);
    this.#intake = new Intake({
      tape: this.#tape,
      bridges: this.#bridges,
      outcomes: this.#outcomes,
      refusals: this.#refusals,
      seenValues: this.#seenValues,
      counters: this.#counters,
      router: this.#router,
      policy: this.#config.policy[topic],
    });
    this.#sessions = new Sessions(this.#config.eventsPerSecond);
    this.#sockets = new Sockets(ctx, this.#sessions, this.#counters);
    const parts = { tape: this.#tape, sessions: this.#sessions, sockets: this.#sockets, counters: this.#counters };
    this.#flusher = new Flusher({ ...parts, epoch: this.#tape.epoch, head: this.#tape.head });
    this.#backfills = new Backfills({ ...parts, flusher: this.#flusher });
    this.#draining = new Draining(sql, this.#sessions, this.#sockets);
    this.#silence = new Silence(ctx, this.#sessions, this.#sockets);
    this.#admission = new Admission({
      ...parts,
      draining: this.#draining,
      usedTickets: new UsedTickets(sql),
      maxConnectionsPerAddress: this.#config.maxConnectionsPerAddress,
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    for (const socket of ctx.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN || this.#sessions.wake(socket)) continue;
      socket.close(CLOSE_CODES.draining.code, CLOSE_CODES.draining.means);
    }
  }

  /**
   * Takes a bridge's batch: all of it is on the tape when this answers, or none of it is.
   * @throws what storage throws; the bridge then posts the same batch again
   */
  publish(batch: HubBatch): HubAnswer {
    const nowMs = Date.now();
    const startedAtMs = performance.now();
    let taken: Taken;
    try {
      taken = this.#counters.atomically(() => this.ctx.storage.transactionSync(() => this.#intake.take(batch, nowMs)));
    } catch (error) {
      this.#tape.reload();
      throw error;
    }
    // No await between the append and the flush: no other batch may come between a row's place and its sending.
    this.#counters.histograms.append_ms.add(performance.now() - startedAtMs);
    this.#flusher.push(taken.appended, taken.isImmediate);
    if (batch.heartbeat?.redis_connected && taken.isNew) this.#sendHeartbeat(batch.heartbeat.at_ms, nowMs);
    return {
      accepted: taken.accepted,
      duplicates: batch.events.length - taken.accepted - taken.unmatched,
      head: this.#tape.head,
    };
  }

  /**
   * Sends all sessions away, to come back in the second half of `windowMs`, and lets nobody in until then.
   * @returns how many there were
   */
  drain(windowMs: number): number {
    this.#flusher.flush();
    return this.#draining.begin(windowMs, Date.now());
  }

  override alarm(): Promise<void> {
    return this.#silence.look(Date.now());
  }

  /** A page of stored events, newest first. */
  readPage(query: PageQuery): Page {
    return readPage(this.#tape, query);
  }

  /** How many of the events of the last minutes a filter lets through. */
  readCount(query: { filter: Filter; minutes: number }): Count {
    return readCount(this.#tape, query, Date.now());
  }

  /** The values that patterns have had, per dimension asked for, the newest seen first. */
  readSeen<D extends SeenDimension>(dimensions: readonly D[]): Record<D, SeenValue[]> {
    const read = dimensions.map(dimension => [dimension, this.#seenValues.read(dimension)] as const);
    return Object.fromEntries(read) as Record<D, SeenValue[]>;
  }

  readPerformance(): TierPerformance {
    const parts = { tape: this.#tape, outcomes: this.#outcomes, counters: this.#counters };
    return readPerformance(this.ctx.storage.sql, parts, Date.now());
  }

  readHealth(): HubHealth {
    return hubHealth(this.#reported, Date.now());
  }

  readStats(): HubStats {
    return hubStats(this.#reported, Date.now());
  }

  readRefusals(query: { channel?: string | undefined; reason?: string | undefined; limit: number }): {
    rejects: Reject[];
    counts: { channel: string; reason: string; count: number }[];
    not_routed: { channel: string; kind: string; count: number }[];
  } {
    return {
      rejects: this.#refusals.newest(query),
      counts: this.#refusals.rejectCounts(),
      not_routed: this.#refusals.notRoutedCounts(),
    };
  }

  /** Counts who was turned away before a hub was reached. */
  countDenied(causes: Record<string, number>): void {
    this.#counters.countDenied(causes);
  }

  /** Upgrades to a WebSocket. Called by the Worker alone, which has checked origin, identity and protocol. */
  override fetch(request: Request): Response {
    const nowMs = Date.now();
    const upgrade: Upgrade = JSON.parse(request.headers.get(UPGRADE_HEADER)!);
    const refusal = this.#admission.refusalOf(upgrade, nowMs);
    if (refusal) return refusal;
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    const session = this.#sessions.open(server, crypto.randomUUID(), upgrade, nowMs);
    this.#silence.opened(nowMs);
    this.#counters.counts.connections++;
    this.#greet(session);
    // Without this header every browser negotiates permessage-deflate, at half the frames and three times the memory.
    const headers = new Headers({ 'sec-websocket-extensions': 'identity' });
    if (upgrade.subprotocol) headers.set('sec-websocket-protocol', upgrade.subprotocol);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const session = this.#sessions.bySocket(socket);
    if (session) handleMessage(this.#messageContext, session, message, Date.now());
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#forget(socket, code);
    // Completes the closing handshake, without which the client waits for it. Some codes may not be sent.
    socket.close(code === 1000 || (code >= 3000 && code <= 4999) ? code : 1000);
  }

  override webSocketError(socket: WebSocket): void {
    this.#forget(socket, 1006);
  }

  #forget(socket: WebSocket, code: number): void {
    const session = this.#sessions.bySocket(socket);
    if (!session) return;
    this.#counters.countClosed(code);
    this.#backfills.end(session);
    this.#sessions.close(session);
  }

  #greet(session: Session): void {
    const nowMs = Date.now();
    const { flushed } = this.#flusher;
    const hello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      topic: this.#topic,
      session_id: session.id,
      epoch: this.#tape.epoch,
      head: flushed,
      oldest: Math.min(this.#tape.oldest, flushed + 1),
      heartbeat_ms: HEARTBEAT_MS,
      limits: { ...SESSION_LIMITS, events_per_second: this.#config.eventsPerSecond },
      identity: session.identity,
      server_at_ms: nowMs,
    };
    this.#sockets.send(session, JSON.stringify(hello));
    // Or a newcomer would call the data stale until the next one.
    const [bridge] = this.#bridges.connected(nowMs);
    if (bridge) this.#sockets.send(session, this.#heartbeatFrame(flushed, bridge.heartbeat.at_ms, nowMs));
    if (this.#topic !== 'system') return;
    // The producer's state, for those who were not there when it was last told.
    const newest = this.#tape.readNewestOfEachKind(EVENT_KINDS, flushed);
    if (newest.length === 0) return;
    for (const frame of liveFrames({ epoch: this.#tape.epoch, head: flushed }, newest))
      this.#sockets.send(session, frame);
    this.#counters.counts.deliveries += newest.length;
  }

  #sendHeartbeat(bridgeAtMs: number, nowMs: number): void {
    const live = this.#heartbeatFrame(this.#flusher.flushed, bridgeAtMs, nowMs);
    for (const session of this.#sessions.all()) {
      const { behindAt } = session;
      this.#sockets.send(session, behindAt === null ? live : this.#heartbeatFrame(behindAt, bridgeAtMs, nowMs));
    }
  }

  #heartbeatFrame(head: number, bridgeAtMs: number, nowMs: number): string {
    const { lastEventAtMs } = this.#tape;
    return JSON.stringify({
      type: 'heartbeat',
      head,
      last_event_at: lastEventAtMs === null ? null : new Date(lastEventAtMs).toISOString(),
      bridge_at_ms: bridgeAtMs,
      bridges: this.#bridges.connected(nowMs).length,
      server_at_ms: nowMs,
    });
  }

  get #reported(): Reported {
    return {
      topic: this.#topic,
      tape: this.#tape,
      bridges: this.#bridges,
      sessions: this.#sessions,
      sockets: this.#sockets,
      backfills: this.#backfills,
      router: this.#router,
      counters: this.#counters,
    };
  }

  get #messageContext(): MessageContext {
    return {
      topic: this.#topic,
      tape: this.#tape,
      sessions: this.#sessions,
      sockets: this.#sockets,
      flusher: this.#flusher,
      backfills: this.#backfills,
      counters: this.#counters,
    };
  }
}
