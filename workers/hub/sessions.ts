import type { Withheld } from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';
import type { LiveSessions, SlotOwner } from '../core/audience.ts';
import { SlidingWindow } from '../core/rate-limiter.ts';
import { newSender, type Sender } from '../core/read-message.ts';
import { SubscriptionIndex } from '../core/subscription-index.ts';

/** What a socket's attachment holds at most, of the platform's 16,384 bytes. */
export const MAX_ATTACHMENT_BYTES = 16_000;

/** What was withheld from a session is remembered of so many flushes. */
const MAX_REMEMBERED_WITHHELD = 16;

/** How much earlier than it was a session may seem to have been heard last, once its hub has slept. */
const HEARD_PRECISION_MS = 60_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Identity {
  user_id: string;
  guest: boolean;
}

export interface SubscriptionTerms {
  filter: Filter;
  group: string | null;
  /** It is for what came after this seq; besides that only for what it asked for as a snapshot. */
  since: number;
}

export interface Subscription extends SubscriptionTerms {
  slot: number;
}

/** A stored-event read that one subscription asked for. Rows after `cursor` up to `until` are still to be read. */
export interface Backfill {
  subscription: string;
  filter: Filter;
  /** null = all after `cursor`. */
  snapshot: Snapshot | null;
  cursor: number;
  until: number;
}

/** The newest `limit` events that match: the seqs found so far, newest first, and below which to look on. */
export interface Snapshot {
  limit: number;
  found: number[];
  below: number;
}

/** One WebSocket connection with its subscriptions. */
export interface Session extends Sender {
  readonly number: number;
  readonly id: string;
  readonly identity: Identity;
  /** Stands for the client's address; null where it is not limited. */
  readonly address: string | null;
  readonly socket: WebSocket;
  /** The last seq that was flushed before it was opened. */
  readonly since: number;
  readonly subscriptions: Map<string, Subscription>;
  readonly ordinaryBudget: SlidingWindow;
  readonly criticalBudget: SlidingWindow;
  /** What it was told of as withheld, in the newest flushes that this hub remembers. */
  withheld: Withheld[];
  backfills: Backfill[];
  /** Where a session stands that is not live (it has backfills, or catches up after them); null = live. */
  behindAt: number | null;
  /** Since when a session that is behind could not be sent anything, because it does not read; null = it can. */
  blockedSinceMs: number | null;
  /** When it was opened or sent its newest message; its pings are answered without the hub and do not count here. */
  heardAtMs: number;
  /** Of that, what is in the attachment. */
  savedHeardAtMs: number;
  readonly openedAtMs: number;
  /** Since when what follows is counted: since it was opened, or its hub woke. */
  readonly countedSinceMs: number;
  /** Events, live; and by backfill. */
  delivered: number;
  backfilled: number;
  readonly withheldCounts: { rate_limited: number; skipped: number };
}

/** What of a session survives hibernation, in its socket's attachment. */
interface Attachment {
  id: string;
  identity: Identity;
  subscriptions: [id: string, filter: Filter, group: string | null, since: number][];
  behind: boolean;
  /** Not older than `HEARD_PRECISION_MS`, however seldom anything else is saved. */
  heardAtMs: number;
  openedAtMs: number;
  since: number;
  address?: string;
}

/**
 * The hub's sessions, with the index over their subscriptions. Subscriptions are kept in the sockets' attachments, as
 * JSON in bytes (its size is then exactly what the limits count), and the index is rebuilt from them on waking.
 */
export class Sessions {
  readonly index = new SubscriptionIndex();
  readonly #bySocket = new Map<WebSocket, Session>();
  readonly #byNumber = new Map<number, Session>();
  readonly #live = new Set<number>();
  readonly #freeNumbers: number[] = [];
  readonly #owners: SlotOwner[] = [];
  readonly #perAddress = new Map<string, number>();
  readonly #eventsPerSecond: number;

  constructor(eventsPerSecond: number) {
    this.#eventsPerSecond = eventsPerSecond;
  }

  get size(): number {
    return this.#bySocket.size;
  }

  /** The numbers of the sessions that get live events. */
  get live(): LiveSessions & { size: number } {
    return this.#live;
  }

  all(): IterableIterator<Session> {
    return this.#bySocket.values();
  }

  bySocket(socket: WebSocket): Session | undefined {
    return this.#bySocket.get(socket);
  }

  byId(id: string): Session | undefined {
    return [...this.all()].find(session => session.id === id);
  }

  byNumber(number: number): Session | undefined {
    return this.#byNumber.get(number);
  }

  readonly ownerOf = (slot: number): SlotOwner => this.#owners[slot]!;

  /** How many sessions an address has. */
  countOfAddress(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  open(
    socket: WebSocket,
    id: string,
    { identity, address, since }: { identity: Identity; address?: string; since: number },
    nowMs: number,
  ): Session {
    const owner = { identity, address: address ?? null, since, heardAtMs: nowMs, openedAtMs: nowMs };
    const session = this.#enter(socket, id, owner, nowMs);
    this.save(session);
    return session;
  }

  /**
   * Takes a socket back after hibernation, from its attachment.
   * @returns null when the session had not been live: where it stood is not kept, so it must reconnect and resume
   */
  wake(socket: WebSocket, nowMs: number): Session | null {
    const bytes = socket.deserializeAttachment() as Uint8Array;
    const { id, subscriptions, behind, address, ...owner }: Attachment = JSON.parse(decoder.decode(bytes));
    if (behind) return null;
    const session = this.#enter(socket, id, { ...owner, address: address ?? null }, nowMs);
    for (const [subscription, filter, group, since] of subscriptions) {
      this.#index(session, subscription, { filter, group, since });
    }
    return session;
  }

  close(session: Session): void {
    for (const id of [...session.subscriptions.keys()]) this.#unindex(session, id);
    this.#bySocket.delete(session.socket);
    this.#byNumber.delete(session.number);
    this.#live.delete(session.number);
    this.#freeNumbers.push(session.number);
    this.#countAddress(session.address, -1);
  }

  /** Adds a subscription, or replaces the one with its id. Saved by the next `save`. */
  subscribe(session: Session, id: string, terms: SubscriptionTerms): void {
    if (session.subscriptions.has(id)) this.#unindex(session, id);
    this.#index(session, id, terms);
  }

  unsubscribe(session: Session, id: string): void {
    this.#unindex(session, id);
    this.save(session);
  }

  /** A message of the session's has come in. */
  heard(session: Session, nowMs: number): void {
    const isSaved = nowMs - session.savedHeardAtMs < HEARD_PRECISION_MS;
    session.heardAtMs = nowMs;
    if (!isSaved) this.save(session);
  }

  /** A flush has told the session of events that it was not sent. */
  noteWithheld({ withheld: remembered }: Session, withheld: Withheld): void {
    remembered.push(withheld);
    if (remembered.length > MAX_REMEMBERED_WITHHELD) remembered.shift();
  }

  /** From here on the session gets backfills and no live events. */
  leaveLive(session: Session, at: number): void {
    session.behindAt = at;
    this.#live.delete(session.number);
  }

  joinLive(session: Session): void {
    session.behindAt = null;
    session.blockedSinceMs = null;
    this.#live.add(session.number);
    this.save(session);
  }

  /** Writes what must survive hibernation. */
  save(session: Session): void {
    session.savedHeardAtMs = session.heardAtMs;
    session.socket.serializeAttachment(encodeAttachment(session));
  }

  /** How large the attachment would be with a subscription added or replaced. */
  attachmentBytesWith(session: Session, id: string, terms: SubscriptionTerms): number {
    const subscriptions = new Map(session.subscriptions).set(id, { ...terms, slot: 0 });
    return encodeAttachment({ ...session, subscriptions }).length;
  }

  #enter(
    socket: WebSocket,
    id: string,
    owner: Pick<Session, 'identity' | 'address' | 'since' | 'heardAtMs' | 'openedAtMs'>,
    nowMs: number,
  ): Session {
    const session: Session = {
      number: this.#freeNumbers.pop() ?? this.#byNumber.size,
      id,
      ...owner,
      socket,
      subscriptions: new Map(),
      ordinaryBudget: new SlidingWindow(this.#eventsPerSecond),
      criticalBudget: new SlidingWindow(this.#eventsPerSecond),
      ...newSender(),
      withheld: [],
      backfills: [],
      behindAt: null,
      blockedSinceMs: null,
      savedHeardAtMs: owner.heardAtMs,
      countedSinceMs: nowMs,
      delivered: 0,
      backfilled: 0,
      withheldCounts: { rate_limited: 0, skipped: 0 },
    };
    this.#bySocket.set(socket, session);
    this.#byNumber.set(session.number, session);
    this.#live.add(session.number);
    this.#countAddress(owner.address, 1);
    return session;
  }

  #countAddress(address: string | null, change: 1 | -1): void {
    if (address === null) return;
    const count = this.countOfAddress(address) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }

  #index(session: Session, id: string, terms: SubscriptionTerms): void {
    const { filter, group } = terms;
    const slot = this.index.add(filter);
    session.subscriptions.set(id, { ...terms, slot });
    // Guests share one scope; a user's groups are the user's own.
    const scope = session.identity.guest ? '' : session.identity.user_id;
    this.#owners[slot] = { session: session.number, group: group === null ? null : JSON.stringify([scope, group]) };
  }

  #unindex(session: Session, id: string): void {
    this.index.remove(session.subscriptions.get(id)!.slot);
    session.subscriptions.delete(id);
    session.backfills = session.backfills.filter(backfill => backfill.subscription !== id);
  }
}

function encodeAttachment({
  id,
  identity,
  subscriptions,
  behindAt,
  heardAtMs,
  openedAtMs,
  since,
  address,
}: Session): Uint8Array {
  const attachment: Attachment = {
    id,
    identity,
    subscriptions: [...subscriptions].map(([id, { filter, group, since }]) => [id, filter, group, since]),
    behind: behindAt !== null,
    heardAtMs,
    openedAtMs,
    since,
    ...(address !== null && { address }),
  };
  return encoder.encode(JSON.stringify(attachment));
}
