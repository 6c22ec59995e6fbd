import { DurableObject } from 'cloudflare:workers';
import type { BeaconAnswer, BrowserOperations } from '../../shared/api/beacon.ts';
import type { HubAnswer } from '../../shared/api/ingest.ts';
import type { HubOperations } from '../../shared/api/operations.ts';
import type { TierPerformance } from '../../shared/api/performance.ts';
import type { Rejects } from '../../shared/api/rejects.ts';
import type { Trace } from '../../shared/api/trace.ts';
import type { HubStats } from '../../shared/api/websocket-health.ts';
import { EVENT_KINDS } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import { parentOf } from '../../shared/partition.ts';
import type { Beacon } from '../../shared/requests/beacon.ts';
import { isTopic, type Topic } from '../../shared/topics.ts';
import { nextBeaconMs } from '../core/beacon-pace.ts';
import { recentDeliveryOf, sumFigures, type TreeFigures } from '../core/figures.ts';
import { HeartbeatPace } from '../core/heartbeat-pace.ts';
import type { Remembered } from '../core/reach.ts';
import { Router } from '../core/router.ts';
import { type Env, readHubConfig } from '../env.ts';
import { answerOf, replicaHub, userHub } from '../hubs.ts';
import { addReached, Branches, type BranchNode } from '../tree/branches.ts';
import type { Joined, TopicState } from '../tree/messages.ts';
import { UPGRADE_HEADER, type Upgrade } from './admission.ts';
import { Analytics } from './analytics.ts';
import { Backtests } from './backtests.ts';
import { Beacons } from './beacons.ts';
import { Bridges } from './bridges.ts';
import { Counters } from './counters.ts';
import { Deliveries } from './deliveries.ts';
import { type Explained, type ExplainQuery, explain, missingOf, type Stored } from './explain.ts';
import type { Appended } from './flusher.ts';
import { type ChannelFacts, HeardChannels } from './heard-channels.ts';
import { countArrival } from './hops.ts';
import { type HubBatch, Intake, type Taken } from './intake.ts';
import { hubOperations } from './operations.ts';
import { Outcomes } from './outcomes.ts';
import { type Page, type PageQuery, readCount, readPage, readPerformance, type TapeCount } from './queries.ts';
import { Refusals } from './refusals.ts';
import { type HubVitals, hubStats, hubVitals, type Reported } from './report.ts';
import { type SeenAnswer, type SeenDimension, type SeenValue, SeenValues } from './seen-values.ts';
import { type Beat, type Greeting, Serving } from './serving.ts';
import { type HubSessions, mergeSessions } from './session-report.ts';
import { Tape, type TapeRow } from './tape.ts';
import type { ForwardRange, ForwardRows, NewestFound, NewestQuery } from './tape-reader.ts';
import { traceOf } from './trace.ts';

const PERFORMANCE_KEPT_MS = 5_000;

/**
 * The Durable Object of one topic, and the root of its tree. Appends what bridges post, flushes it to its sessions and to
 * the replicas that have some, answers for all of them, and sleeps when there is nothing to do: it has a timer only while
 * something waits.
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
  readonly #backtests: Backtests;
  readonly #deliveries: Deliveries;
  readonly #beacons: Beacons;
  readonly #refusals: Refusals;
  readonly #heardChannels: HeardChannels;
  readonly #seenValues: SeenValues;
  readonly #counters: Counters;
  readonly #branches: Branches;
  readonly #serving: Serving;
  readonly #analytics: Analytics;
  readonly #heartbeatPace = new HeartbeatPace();
  #performance: { atMs: number; told: TierPerformance } | null = null;

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
    this.#backtests = new Backtests(sql);
    this.#beacons = new Beacons(sql);
    this.#refusals = new Refusals(sql);
    this.#heardChannels = new HeardChannels(sql);
    this.#seenValues = new SeenValues(sql);
    this.#counters = new Counters(sql);
    this.#intake = new Intake({
      tape: this.#tape,
      bridges: this.#bridges,
      outcomes: this.#outcomes,
      backtests: this.#backtests,
      refusals: this.#refusals,
      heardChannels: this.#heardChannels,
      seenValues: this.#seenValues,
      counters: this.#counters,
      router: this.#router,
      policy: this.#config.policy[topic],
    });
    this.#analytics = new Analytics(sql, env.ANALYTICS);
    this.#deliveries = new Deliveries({
      backtests: this.#backtests,
      counters: this.#counters,
      send: async (userId, deliveries) => {
        const answer = await answerOf<number>(userHub(env, userId).deliverBacktests(deliveries));
        return 'value' in answer ? answer.value : null;
      },
    });
    this.#branches = new Branches({
      sql,
      isRoot: true,
      stubOf: node => replicaHub(env, topic, node) as unknown as BranchNode,
    });
    this.#serving = new Serving({
      ctx,
      config: this.#config,
      topic,
      node: 0,
      counters: this.#counters,
      tape: this.#tape,
      flushed: this.#tape.head,
      beforeFlush: (flushed, after) => this.#forward(flushed, after),
      sessionsBelow: () => this.#branches.most,
    });
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
    this.#serving.appended(taken.appended);
    for (const { seq, duplicate } of taken.repeated) this.#serving.reachLog.repeated(seq, duplicate);
    // No await between the append and the flush: no other batch may come between a row's place and its sending.
    this.#counters.histograms.append_ms.add(performance.now() - startedAtMs);
    for (const { event } of taken.appended) if (event) countArrival(this.#counters, event);
    this.#serving.flusher.push(taken.appended, taken.isImmediate);
    this.#deliveries.begin();
    if (batch.heartbeat?.redis_connected && taken.isNew) this.#sendHeartbeat(nowMs);
    if (taken.isNew) this.#counters.storeSoon();
    void this.#analytics.note(() => this.#operations(), nowMs);
    const answer = {
      accepted: taken.accepted,
      duplicates: batch.events.length - taken.accepted - taken.unmatched,
      head: this.#tape.head,
    };
    if (this.#config.logsBatches) this.#logBatch(batch, answer, performance.now() - startedAtMs);
    return answer;
  }

  /**
   * Sends all sessions away, to come back in the second half of `windowMs`, and lets nobody in until then.
   * @returns how many there were
   */
  async drain(windowMs: number): Promise<number> {
    const own = this.#serving.drain(windowMs, Date.now());
    return own + (await this.#branches.drain(windowMs));
  }

  override alarm(): Promise<void> {
    return this.#serving.lookForSilent(Date.now());
  }

  /** A node below has a session, or is about to: it is told everything from here on. */
  join(node: number, joining: string): Joined {
    if (parentOf(node) !== 0) throw new Error(`node ${node} is not below the root`);
    const nowMs = Date.now();
    this.#bridges.awaitCoverage(nowMs);
    this.#branches.join(node, joining);
    return this.#serving.joined(this.#serving.flusher.flushed, this.#greeting(nowMs), nowMs);
  }

  /** The tape, for the objects below. */
  readForward(range: ForwardRange): ForwardRows {
    return this.#tape.readForward(range);
  }

  findNewest(query: NewestQuery): NewestFound {
    return this.#tape.findNewest(query);
  }

  readSeqs(seqs: readonly number[], maxBytes: number): TapeRow[] {
    return this.#tape.readSeqs(seqs, maxBytes);
  }

  /** A page of stored events, newest first. */
  readPage(query: PageQuery): Page {
    return readPage(this.#tape, query);
  }

  /** How many of the events of the last minutes a filter lets through. */
  readCount(query: { filter: Filter; minutes: number }): TapeCount {
    return readCount(this.#tape, query, Date.now());
  }

  /**
   * The values that patterns have had, per dimension asked for, the newest seen first; null when they are those of the
   * version that is known.
   */
  readSeen<D extends SeenDimension>(dimensions: readonly D[], known: string | null): SeenAnswer<D> | null {
    const version = `${this.#tape.epoch}/${this.#tape.head}`;
    if (version === known) return null;
    const read = dimensions.map(dimension => [dimension, this.#seenValues.read(dimension, this.#tape.search)] as const);
    return { version, values: Object.fromEntries(read) as Record<D, SeenValue[]> };
  }

  /** At most `PERFORMANCE_KEPT_MS` old: every page asks for it, and it takes a look at thousands of rows. */
  async readPerformance(): Promise<TierPerformance> {
    const nowMs = Date.now();
    if (!this.#performance || nowMs - this.#performance.atMs >= PERFORMANCE_KEPT_MS) {
      const delivery = recentDeliveryOf(await this.#figures());
      const told = readPerformance({ tape: this.#tape, outcomes: this.#outcomes, delivery }, nowMs);
      this.#performance = { atMs: nowMs, told };
    }
    return this.#performance.told;
  }

  async readVitals(): Promise<HubVitals> {
    const { figures } = await this.#branches.readFigures();
    const sessions = figures.reduce((sum, below) => sum + below.sessions.open, this.#serving.sessions.size);
    return hubVitals(this.#reported, sessions, Date.now());
  }

  async readStats(): Promise<HubStats> {
    return hubStats(this.#reported, await this.#figures());
  }

  readOperations(): Promise<HubOperations> {
    return this.#operations();
  }

  /** A page reports how long events took to its screen. */
  takeBeacon(report: Beacon): BeaconAnswer {
    this.#beacons.take(report, Date.now());
    return { next_after_ms: nextBeaconMs(this.#serving.sessions.size + this.#branches.sessions) };
  }

  /** What pages have reported. */
  readBrowsers(): BrowserOperations {
    return this.#beacons.read();
  }

  /** The slowest of the sessions, and how many there are. */
  async readSessions(limit: number): Promise<HubSessions> {
    return mergeSessions([this.#serving.readSessions(limit), ...(await this.#branches.readSessions(limit))], limit);
  }

  /** What bridges hear on which channel, and what of it could not be read or is carried by no topic. */
  readChannels(): ChannelFacts {
    return {
      reports: this.#heardChannels.reports(Date.now()),
      times: this.#heardChannels.times(),
      rejects: this.#refusals.rejectCounts(),
      rejectMinutes: this.#refusals.minutes(),
      notRouted: this.#refusals.notRoutedCounts(),
    };
  }

  readRefusals(query: { channel?: string | undefined; reason?: string | undefined; limit: number }): Rejects {
    return {
      rejects: this.#refusals.newest(query),
      counts: this.#refusals.rejectCounts(),
      not_routed: this.#refusals.notRoutedCounts(),
    };
  }

  /** Why an event was, or was not, for a filter or a session of this object. */
  async explain(query: ExplainQuery): Promise<Explained> {
    const stored = await this.readStored(query.event);
    const { eventsPerSecond } = this.#config;
    return explain({ topic: this.#topic, serving: this.#serving, eventsPerSecond }, query, stored, Date.now());
  }

  /** An event on the tape with what became of it, or why there is none. */
  async readStored(event: ExplainQuery['event']): Promise<Stored> {
    const row = this.#tape.readTraced(event);
    if (!row) return { missing: missingOf(this.#tape, event) };
    return { epoch: this.#tape.epoch, row, remembered: await this.#remembered(row.seq) };
  }

  /** How the event of a content id came, and what became of it; null = it is not on this tape. */
  async readTrace(id: string): Promise<Trace | null> {
    const row = this.#tape.readTraced({ id });
    return row && traceOf(this.#topic, this.#tape.epoch, row, await this.#remembered(row.seq));
  }

  /** Counts who was turned away before a hub was reached. */
  countDenied(causes: Record<string, number>): void {
    this.#counters.countDenied(causes);
  }

  /**
   * Notes whose backtest it is, before the producer hears of it. Only on `system`.
   * @returns false when another user has one of this id
   */
  registerBacktest(jobId: string, userId: string): boolean {
    return this.#backtests.register(jobId, userId, Date.now());
  }

  /** Upgrades to a WebSocket. Called by the Worker alone, which has checked origin, identity and protocol. */
  override fetch(request: Request): Response {
    const nowMs = Date.now();
    const upgrade: Upgrade = JSON.parse(request.headers.get(UPGRADE_HEADER)!);
    const refusal = this.#serving.refusalOf(upgrade, nowMs);
    if (refusal) return refusal;
    this.#bridges.awaitCoverage(nowMs);
    return this.#serving.open(upgrade, this.#greeting(nowMs), nowMs);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#serving.message(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#serving.closed(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#serving.failed(socket);
  }

  #logBatch({ bridge_id, batch_id }: HubBatch, answer: HubAnswer, ms: number): void {
    console.debug(JSON.stringify({ msg: 'batch', topic: this.#topic, bridge_id, batch_id, ...answer, ms }));
  }

  #greeting(nowMs: number): Greeting {
    // The producer's state, for those who were not there when it was last told.
    const isSystem = this.#topic === 'system';
    const newest = isSystem ? this.#tape.readNewestOfEachKind(EVENT_KINDS, this.#serving.flusher.flushed) : [];
    return { beat: this.#beat(nowMs), newest };
  }

  #beat(nowMs: number): Beat | null {
    const connected = this.#bridges.connected(nowMs);
    const [newest] = connected;
    if (!newest) return null;
    return { bridge_at_ms: newest.heartbeat.at_ms, bridges: connected.length };
  }

  #sendHeartbeat(nowMs: number): void {
    const beat = this.#beat(nowMs);
    if (!beat || !this.#heartbeatPace.take(beat.bridges, nowMs)) return;
    const { flushed } = this.#serving.flusher;
    this.#branches.forward({ ...this.#state, after: flushed, rows: [], beat });
    this.#serving.sendHeartbeat(beat, nowMs);
  }

  #forward(flushed: readonly Appended[], after: number): void {
    if (this.#branches.areEmpty) return;
    const rows = flushed.map(({ row }) => slim(row));
    this.#branches.forward({ ...this.#state, after, rows, beat: null });
  }

  get #state(): TopicState {
    const { epoch, oldest, lastEventAtMs } = this.#tape;
    return { epoch, head: this.#serving.flusher.flushed, oldest, lastEventAtMs };
  }

  /** Of this object and all below it. Stores its own: no count that somebody was told may be smaller later. */
  async #figures(): Promise<TreeFigures> {
    const { figures, nodes } = await this.#branches.readFigures();
    this.#counters.store();
    return { ...sumFigures([this.#serving.figures(Date.now()), ...figures]), nodes };
  }

  async #operations(): Promise<HubOperations> {
    return hubOperations(this.#reported, await this.#figures(), Date.now());
  }

  /** null = not known of all objects that may have had it to deliver. */
  async #remembered(seq: number): Promise<Remembered | null> {
    const own = this.#serving.reachLog.read(seq);
    if (!own?.flush || this.#branches.areUnused) return own;
    const below = await this.#branches.readReach(seq);
    if (!below) return null;
    const { atMs, ...flush } = addReached(own.flush, below);
    return { ...own, flush: { ...flush, atMs: atMs ?? own.flush.atMs } };
  }

  get #reported(): Reported {
    return {
      topic: this.#topic,
      storage: this.ctx.storage.sql,
      tape: this.#tape,
      policy: this.#config.policy[this.#topic],
      bridges: this.#bridges,
      router: this.#router,
      counters: this.#counters,
      refusals: this.#refusals,
      replicas: this.#config.replicas[this.#topic],
    };
  }
}

/** Of a row that was just appended the view is the whole event: without what no filter asks about. */
function slim(row: TapeRow): TapeRow {
  const { kind, pattern_type = null, symbol = null, timeframe = null, confidence = null, priority = null } = row.view;
  const { market_session = null } = row.view;
  return { ...row, view: { kind, pattern_type, symbol, timeframe, market_session, confidence, priority } };
}
