import { DurableObject } from 'cloudflare:workers';
import type { Event } from '../../shared/events.ts';
import { BRIDGE_ALIVE_MS } from '../../shared/limits.ts';
import { parentOf } from '../../shared/partition.ts';
import { isTopic, type Topic } from '../../shared/topics.ts';
import { sumFigures, type TreeFigures } from '../core/figures.ts';
import { type Env, readHubConfig } from '../env.ts';
import { UPGRADE_HEADER, type Upgrade } from '../hub/admission.ts';
import { Counters } from '../hub/counters.ts';
import { type Explained, type ExplainQuery, explain, type Stored } from '../hub/explain.ts';
import type { Appended } from '../hub/flusher.ts';
import { type Beat, type Greeting, Serving } from '../hub/serving.ts';
import { type HubSessions, mergeSessions } from '../hub/session-report.ts';
import type { TapeRow } from '../hub/tape.ts';
import { replicaHub, rootHub } from '../hubs.ts';
import { problemResponse } from '../problem.ts';
import { addReached, Branches, type BranchNode, NOT_REACHED, type Reached } from './branches.ts';
import { Membership } from './membership.ts';
import type { ForwardAnswer, Forwarded, Joined } from './messages.ts';
import { TreeTape } from './tree-tape.ts';

/** Rows that are read at once of what was missed. */
const MISSED_ROWS = 500;
const MISSED_BYTES = 1024 * 1024;

/**
 * One node of a topic's tree below the root: holds sockets, hands its sessions what it is told, and tells the nodes below it.
 * It keeps no tape and no flush window. Whoever is told something and finds that some was missed before reads it from the root.
 */
export class TopicReplica extends DurableObject<Env> {
  readonly #topic: Topic;
  readonly #node: number;
  readonly #config;
  readonly #counters: Counters;
  readonly #tape: TreeTape;
  readonly #membership: Membership;
  readonly #branches: Branches;
  readonly #serving: Serving;
  #beat: { beat: Beat; atMs: number } | null = null;
  /** Of the topic `system`, the newest event of each kind. */
  #newest = new Map<string, TapeRow>();
  /** What became of what is up to here, this object has not seen; of what is up to `emptyAt` nobody here was to get more. */
  readonly #unseenTo: number;
  #emptyAt = 0;
  /** What came in while what was missed is read; null = nothing is. */
  #waiting: Forwarded[] | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const [topic = '', number = ''] = (ctx.id.name ?? '').split('/');
    if (!isTopic(topic) || !/^[1-9]\d*$/.test(number)) throw new Error(`no replica is named "${ctx.id.name}"`);
    const { sql } = ctx.storage;
    this.#topic = topic;
    this.#node = Number(number);
    this.#config = readHubConfig(env);
    this.#counters = new Counters(sql);
    this.#membership = new Membership({
      sql,
      join: joining => this.#parent.join(this.#node, joining),
      onJoined: joined => this.#joined(joined),
    });
    const { stored } = this.#membership;
    this.#unseenTo = stored.flushed;
    this.#tape = new TreeTape(() => rootHub(env, topic), stored);
    this.#branches = new Branches({
      sql,
      isRoot: false,
      stubOf: node => replicaHub(env, topic, node) as unknown as BranchNode,
    });
    this.#serving = new Serving({
      ctx,
      config: this.#config,
      topic,
      node: this.#node,
      counters: this.#counters,
      tape: this.#tape,
      flushed: stored.flushed,
      beforeFlush: flushed => this.#keepPosition(flushed.at(-1)!.row.seq),
      sessionsBelow: () => 0,
    });
  }

  /** What the node above tells. */
  forward(message: Forwarded): ForwardAnswer {
    this.#branches.forward(message);
    if (this.#waiting) this.#waiting.push(message);
    else this.#take(message);
    const sessions = this.#serving.sessions.size + this.#branches.sessions;
    const most = Math.max(this.#serving.sessions.size, this.#branches.most);
    return { sessions, most, left: this.#leave() };
  }

  /**
   * A node below has a session, or is about to.
   * @throws when this node cannot be told everything itself
   */
  async join(node: number, joining: string): Promise<Joined> {
    if (parentOf(node) !== this.#node) throw new Error(`node ${node} is not below node ${this.#node}`);
    await this.#membership.ensure();
    this.#branches.join(node, joining);
    const nowMs = Date.now();
    return this.#serving.joined(this.#serving.flusher.taken, this.#greeting(nowMs), nowMs);
  }

  /** Upgrades to a WebSocket. Called by the Worker alone, which has checked origin, identity and protocol. */
  override async fetch(request: Request): Promise<Response> {
    const upgrade: Upgrade = JSON.parse(request.headers.get(UPGRADE_HEADER)!);
    try {
      await this.#membership.ensure();
    } catch (error) {
      console.error('the tree was not reached', error);
      return problemResponse(503, 'hub_unavailable', 'the hub cannot reach the topic’s others');
    }
    const nowMs = Date.now();
    const refusal = this.#serving.refusalOf(upgrade, nowMs);
    if (refusal) return refusal;
    // While nobody was here the position was in memory alone.
    if (this.#serving.sessions.size === 0) this.#keepPosition(this.#serving.flusher.flushed);
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

  override alarm(): Promise<void> {
    return this.#serving.lookForSilent(Date.now());
  }

  /** Of this node and all below it. Stores what it tells: no count that somebody was told may be smaller later. */
  async readFigures(): Promise<TreeFigures> {
    const { figures, nodes } = await this.#branches.readFigures();
    this.#counters.store();
    return { ...sumFigures([this.#serving.figures(Date.now()), ...figures]), nodes };
  }

  /** The slowest sessions of this node and all below it. */
  async readSessions(limit: number): Promise<HubSessions> {
    return mergeSessions([this.#serving.readSessions(limit), ...(await this.#branches.readSessions(limit))], limit);
  }

  /** What became of an event at this node and all below it; null = it is not known. */
  async readReach(seq: number): Promise<Reached | null> {
    const below = await this.#branches.readReach(seq);
    const own = this.#ownReach(seq);
    return own && below && addReached(own, below);
  }

  /** Sends all sessions away, of this node and all below it. */
  async drain(windowMs: number): Promise<number> {
    const own = this.#serving.drain(windowMs, Date.now());
    return own + (await this.#branches.drain(windowMs));
  }

  /** Why an event was, or was not, for a session of this node. */
  async explain(query: ExplainQuery): Promise<Explained> {
    const stored = await (rootHub(this.env, this.#topic).readStored(query.event) as unknown as Promise<Stored>);
    const { eventsPerSecond } = this.#config;
    return explain({ topic: this.#topic, serving: this.#serving, eventsPerSecond }, query, stored, Date.now());
  }

  get #parent(): { join(node: number, joining: string): Promise<Joined> } {
    const parent = parentOf(this.#node)!;
    const hub = parent === 0 ? rootHub(this.env, this.#topic) : replicaHub(this.env, this.#topic, parent);
    return hub as unknown as { join(node: number, joining: string): Promise<Joined> };
  }

  #joined({ beat, newest, drainsForMs, ...state }: Joined): void {
    const nowMs = Date.now();
    this.#beat = beat && { beat, atMs: nowMs };
    this.#newest = new Map(newest.map(row => [row.view.kind, row]));
    if (drainsForMs > 0) this.#serving.refuseFor(drainsForMs, nowMs);
    this.#take({ ...state, after: state.head, rows: [], beat: null });
  }

  #take(message: Forwarded): void {
    const { flusher, sessions } = this.#serving;
    if (message.epoch !== this.#tape.epoch) this.#beginAnew(message);
    else if (message.after > flusher.taken && sessions.size > 0) void this.#readMissed(message);
    else this.#apply(message);
  }

  #apply({ rows, head, oldest, lastEventAtMs, beat }: Omit<Forwarded, 'epoch' | 'after'>): void {
    const nowMs = Date.now();
    const { flusher, sessions } = this.#serving;
    this.#tape.oldest = Math.max(this.#tape.oldest, oldest);
    this.#tape.lastEventAtMs = lastEventAtMs;
    if (beat) this.#beat = { beat, atMs: nowMs };
    const missing = rows.filter(({ seq }) => seq > flusher.taken);
    if (this.#topic === 'system') for (const row of missing) this.#newest.set(row.view.kind, row);
    if (sessions.size === 0) {
      flusher.skipTo(Math.max(flusher.taken, head));
      this.#emptyAt = flusher.flushed;
      return;
    }
    if (missing.length > 0) {
      const appended = missing.map(withEvent);
      this.#serving.appended(appended);
      flusher.pass(appended);
      this.#counters.storeSoon();
    }
    if (beat) this.#serving.sendHeartbeat(beat, nowMs);
  }

  /** Another tape is another history: all come again, and are told so. */
  #beginAnew({ epoch, head, oldest, lastEventAtMs }: Forwarded): void {
    this.#serving.sendAway();
    Object.assign(this.#tape, { epoch, oldest, lastEventAtMs });
    this.#serving.flusher.skipTo(head);
    this.#keepPosition(head);
  }

  /** Reads what was missed before a message, and takes that and what came meanwhile after it. */
  async #readMissed(message: Forwarded): Promise<void> {
    this.#waiting = [message];
    try {
      await this.#readUpTo(message.after);
    } catch (error) {
      console.error('what was missed could not be read', error);
      // The next message finds the same missing, and more.
      this.#waiting = [];
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const [i, next] of waiting.entries()) {
      this.#take(next);
      // One more was missed: the rest waits for that.
      if (this.#waiting) {
        (this.#waiting as Forwarded[]).push(...waiting.slice(i + 1));
        return;
      }
    }
  }

  async #readUpTo(head: number): Promise<void> {
    const { flusher } = this.#serving;
    while (flusher.taken < head) {
      const after = flusher.taken;
      const read = await this.#tape.readForward({ after, upTo: head, limit: MISSED_ROWS, maxBytes: MISSED_BYTES });
      if (after + 1 < read.oldest) {
        // Gone from the tape: all come again, and are told so.
        this.#serving.sendAway();
        flusher.skipTo(head);
        return;
      }
      const { rows, readTo, oldest } = read;
      this.#apply({ rows, head: readTo, oldest, lastEventAtMs: this.#tape.lastEventAtMs, beat: null });
    }
  }

  #keepPosition(flushed: number): void {
    const { epoch, oldest } = this.#tape;
    this.#membership.advance({ epoch, oldest, flushed });
  }

  #leave(): ForwardAnswer['left'] {
    if (this.#serving.sessions.size > 0 || !this.#branches.areEmpty) return null;
    const joining = this.#membership.leave();
    if (joining === null) return null;
    this.#counters.store();
    const figures = sumFigures([this.#serving.figures(Date.now()), ...this.#branches.keptFigures()]);
    return { joining, figures };
  }

  #greeting(nowMs: number): Greeting {
    const isAlive = this.#beat !== null && nowMs - this.#beat.atMs < BRIDGE_ALIVE_MS;
    const newest = [...this.#newest.values()].sort((a, b) => a.seq - b.seq);
    return { beat: isAlive ? this.#beat!.beat : null, newest };
  }

  #ownReach(seq: number): Reached | null {
    const remembered = this.#serving.reachLog.read(seq);
    if (remembered) return remembered.flush;
    const wasEmpty = seq > this.#unseenTo && seq <= this.#emptyAt;
    return wasEmpty ? NOT_REACHED : null;
  }
}

function withEvent(row: TapeRow): Appended {
  return { row, event: row.view.kind === 'gap' ? null : (JSON.parse(row.body) as Event) };
}
