import { DurableObject } from 'cloudflare:workers';
import type { Backtest } from '../../shared/api/backtests.ts';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { PROTOCOL_VERSION, SESSION_LIMITS } from '../../shared/limits.ts';
import { USER_TOPIC } from '../../shared/topics.ts';
import type { UserItem } from '../../shared/user-data.ts';
import { USER_LIMITS, type UserKind } from '../../shared/user-kinds.ts';
import {
  type ChangeMessage,
  type UserError,
  type UserMessage,
  userClientMessageSchema,
} from '../../shared/user-protocol.ts';
import { advanced, type BacktestDelivery, cancelling, type KeptBacktest, sent, shown } from '../core/backtest-job.ts';
import { idOf, newSender, readMessage, type Sender } from '../core/read-message.ts';
import type { Excess } from '../core/user-items.ts';
import type { Env } from '../env.ts';
import { UPGRADE_HEADER, type Upgrade } from '../hub/admission.ts';
import { UsedTickets } from '../hub/used-tickets.ts';
import { problemResponse } from '../problem.ts';
import { BacktestStore, type BacktestWish } from './backtest-store.ts';
import { firstIssue } from './issues.ts';
import { hasTable, type UserState, UserStore, type Written } from './user-store.ts';

/** More unread than this, and a session is closed as a slow reader. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Only what travels between sessions of one user: few, and small. */
const { messages_per_second, message_burst, max_message_bytes } = SESSION_LIMITS;
const { max_sockets: _, ...limits } = { messages_per_second, message_burst, max_message_bytes, ...USER_LIMITS };

/** Changes that a user asks for over HTTP. */
export interface UserWrite {
  changes: UserItem[];
  /** Of this kind nothing else is to be kept. */
  replaces?: UserKind;
  /** Only when nothing has changed since. */
  ifRevision?: number | undefined;
}

/** What is kept then; or why nothing was written: what does not fit, or what is kept by somebody who was faster. */
export type UserWritten = { state: UserState } | { excess: Excess } | { conflict: UserState };

/** The backtest, and whether it is to be handed over now; or why there is none. */
export type BacktestSubmitted =
  | { job: Backtest; isNew: boolean }
  | { refused: 'other_request' | 'being_sent' | 'too_many_running' };

/**
 * The Durable Object of one user, named by the user's id: keeps what is the user's own, and tells every session of the
 * user of each change. Called by the Worker alone, which knows who asks. Keeps nothing on disk for a user who has nothing.
 */
export class UserHub extends DurableObject<Env> {
  readonly #store: UserStore;
  readonly #backtests: BacktestStore;
  readonly #senders = new WeakMap<WebSocket, Sender>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new UserStore(ctx.storage);
    this.#backtests = new BacktestStore(ctx.storage.sql);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  read(): UserState {
    return this.#store.read();
  }

  /** Makes all of the changes or none: not when they do not fit, nor when somebody else was faster. */
  async write({ changes, replaces, ifRevision }: UserWrite): Promise<UserWritten> {
    if (ifRevision !== undefined && ifRevision !== this.#store.revision) return { conflict: this.#store.read() };
    const written = this.#write([...changes, ...(replaces ? this.#without(replaces, changes) : [])]);
    if ('excess' in written) return written;
    await this.#tidy();
    return { state: this.#store.read() };
  }

  /** The newest first. */
  readBacktests(): Backtest[] {
    return this.#backtests.list().map(shown);
  }

  readBacktest(jobId: string): Backtest | null {
    const job = this.#backtests.find(jobId);
    return job && shown(job);
  }

  /** Keeps a backtest that is to be handed over, unless it was. */
  submitBacktest(wish: BacktestWish): BacktestSubmitted {
    const submitted = this.ctx.storage.transactionSync(() => this.#backtests.submit(wish, Date.now()));
    if ('refused' in submitted) return { refused: submitted.refused };
    const { job, isNew, removed = [] } = submitted;
    for (const jobId of removed) this.#tell({ type: 'backtest_removed', job_id: jobId });
    if (isNew) this.#tell({ type: 'backtest', job: shown(job) });
    return { job: shown(job), isNew };
  }

  /** A backtest was handed over to so many; null = to nobody, as that failed. */
  noteBacktestSent(jobId: string, receivers: number | null): Backtest | null {
    this.#backtests.stopSending(jobId);
    const job = this.#backtests.find(jobId);
    if (!job || receivers === null) return job && shown(job);
    return this.#keep(sent(job, receivers));
  }

  /** The producer was asked to stop it. */
  noteBacktestCancelled(jobId: string): Backtest | null {
    const job = this.#backtests.find(jobId);
    if (!job) return null;
    const next = cancelling(job, Date.now());
    // It may have ended before this was known.
    return next === job ? shown(job) : this.#keep(next);
  }

  async removeBacktest(jobId: string): Promise<void> {
    if (!this.#backtests.find(jobId)) return;
    this.#backtests.remove(jobId);
    this.#tell({ type: 'backtest_removed', job_id: jobId });
    await this.#tidy();
  }

  /**
   * Takes what the producer says of the user's backtests, in order; what comes again changes nothing.
   * @returns how many of the deliveries are of backtests that are not, or no more, the user's
   */
  deliverBacktests(deliveries: readonly BacktestDelivery[]): number {
    let unmatched = 0;
    const changed = new Map<string, KeptBacktest>();
    for (const delivery of deliveries) {
      const job = changed.get(delivery.job_id) ?? this.#backtests.find(delivery.job_id);
      if (!job && delivery.kind !== 'gap') unmatched++;
      const next = job && advanced(job, delivery);
      if (next) changed.set(next.job_id, next);
    }
    this.ctx.storage.transactionSync(() => {
      for (const job of changed.values()) this.#backtests.save(job);
    });
    for (const job of changed.values()) this.#tell({ type: 'backtest', job: shown(job) });
    return unmatched;
  }

  /** Upgrades to a WebSocket. */
  override fetch(request: Request): Response {
    const { identity, subprotocol, ticket }: Upgrade = JSON.parse(request.headers.get(UPGRADE_HEADER)!);
    if (this.#open.length >= USER_LIMITS.max_sockets) {
      const detail = `a user has at most ${USER_LIMITS.max_sockets} connections`;
      return problemResponse(429, 'too_many_connections', detail, undefined, { headers: { 'retry-after': '10' } });
    }
    if (ticket && !this.#usedTickets.use(ticket.jti, ticket.expires_at_ms, Date.now())) {
      return problemResponse(401, 'ticket_used', 'the ticket has been used or has expired');
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.#send(server, {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      topic: USER_TOPIC,
      session_id: crypto.randomUUID(),
      ...this.#store.read(),
      limits,
      identity,
      server_at_ms: Date.now(),
    });
    const headers = new Headers({ 'sec-websocket-extensions': 'identity' });
    if (subprotocol) headers.set('sec-websocket-protocol', subprotocol);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const read = readMessage(this.#senderOf(socket), message, Date.now());
    if ('close' in read) close(socket, read.close);
    else if ('refuse' in read) this.#refuse(socket, { code: read.refuse, message: read.message });
    else this.#take(socket, read.value);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // Completes the closing handshake, without which the client waits for it. Some codes may not be sent.
    socket.close(code === 1000 || (code >= 3000 && code <= 4999) ? code : 1000);
    await this.#tidy();
  }

  override async webSocketError(): Promise<void> {
    await this.#tidy();
  }

  override async alarm(): Promise<void> {
    await this.#tidy();
  }

  #take(socket: WebSocket, value: unknown): void {
    const checked = userClientMessageSchema.safeParse(value);
    if (!checked.success) {
      const { field, message } = firstIssue(checked.error);
      const id = idOf(value);
      this.#refuse(socket, { code: 'bad_message', message, ...(id && { id }), ...(field && { field }) });
      return;
    }
    if (checked.data.type === 'change') this.#change(socket, checked.data);
    else this.#send(socket, { type: 'backtests', jobs: this.readBacktests() });
  }

  #change(socket: WebSocket, { id, changes }: ChangeMessage): void {
    try {
      const written = this.#write(changes, { socket, id });
      if (!('excess' in written)) return;
      const { at, message } = written.excess;
      this.#refuse(socket, { id, code: 'over_limit', field: `changes.${at}`, message });
    } catch (error) {
      // Its sender would wait for an answer for ever; connecting again tells what is kept.
      console.error('what a user changed could not be written', error);
      close(socket, CLOSE_CODES.draining);
    }
  }

  #refuse(socket: WebSocket, error: Omit<UserError, 'type' | 'retryable'>): void {
    this.#send(socket, { type: 'error', ...error, retryable: error.code === 'rate_limited' });
  }

  /** Writes, and tells every session; the one that asked gets its answer in the same order as all else. */
  #write(changes: readonly UserItem[], asked?: { socket: WebSocket; id: string }): Written | { excess: Excess } {
    const written = this.#store.write(changes, Date.now());
    if ('excess' in written) return written;
    const frame: UserMessage = { type: 'changed', ...written };
    if (written.changes.length > 0) {
      for (const socket of this.#open) if (socket !== asked?.socket) this.#send(socket, frame);
    }
    if (asked) this.#send(asked.socket, { ...frame, id: asked.id });
    return written;
  }

  /** Keeps a backtest as it is now, and tells every session. */
  #keep(job: KeptBacktest): Backtest {
    this.#backtests.save(job);
    this.#tell({ type: 'backtest', job: shown(job) });
    return shown(job);
  }

  #tell(message: UserMessage): void {
    for (const socket of this.#open) this.#send(socket, message);
  }

  /** What of a kind is kept and not among the changes, as changes that delete it. */
  #without(kind: UserKind, changes: readonly UserItem[]): UserItem[] {
    const wanted = new Set(changes.map(({ id }) => id));
    return this.#store
      .read()
      .items.filter(item => item.kind === kind && !wanted.has(item.id))
      .map(item => ({ ...item, value: null }));
  }

  get #open(): WebSocket[] {
    return this.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN);
  }

  /** Leaves nothing on disk for a user who has nothing and is not here; but a ticket that was used must stay used. */
  async #tidy(): Promise<void> {
    if (!this.#store.isEmpty || !this.#backtests.isEmpty || this.#open.length > 0) return;
    const hasTickets = hasTable(this.ctx.storage.sql, 'used_tickets');
    const untilMs = hasTickets ? this.#usedTickets.untilMs : 0;
    if (untilMs > Date.now()) await this.ctx.storage.setAlarm(untilMs);
    else if (hasTickets || this.#store.isOnDisk || this.#backtests.isOnDisk) await this.#store.deleteStorage();
  }

  /** Made when it is needed: it has tables of its own. */
  get #usedTickets(): UsedTickets {
    return new UsedTickets(this.ctx.storage.sql);
  }

  #senderOf(socket: WebSocket): Sender {
    const sender = this.#senders.get(socket) ?? newSender();
    this.#senders.set(socket, sender);
    return sender;
  }

  #send(socket: WebSocket, message: UserMessage): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    try {
      socket.send(JSON.stringify(message));
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) close(socket, CLOSE_CODES.slow_reader);
    } catch {
      // It is gone, or going; its client connects again and is told all there is.
      close(socket, CLOSE_CODES.draining);
    }
  }
}

function close(socket: WebSocket, { code, means }: { code: number; means: string }): void {
  try {
    socket.close(code, means);
  } catch {
    // Already closed by the other side.
  }
}
