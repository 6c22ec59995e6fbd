import type {
  ClientMessage,
  ErrorFrame,
  Position,
  ReplayFrame,
  Subscribe,
  Subscribed,
} from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';

/** What a caller subscribes to. */
export interface SubscriptionRequest {
  /** 1-64 characters; one in use is replaced. */
  id: string;
  /** Which events; absent = every pattern of a tier, everything on `system`. */
  filter?: Filter;
  /** The newest so many stored events that match, first (0-200; default 0). */
  snapshot?: number;
  /** Everything that matches after this position, first; wins over `snapshot` while it can be honoured. */
  resume?: Position;
  /** Share the events with all sessions of the same user that name this group. Takes no `snapshot` or `resume`. */
  group?: string;
}

/** Events that a subscription missed and cannot get any more. */
export interface Loss {
  id: string;
  /** Up to here everything had come in. */
  since: Position;
}

interface Slot {
  request: SubscriptionRequest;
  /** Up to where everything has come in; null before that is known, and always for a group. */
  position: Position | null;
  /** On this connection: not sent (or waiting its turn), sent, answered and backfilling, done. */
  phase: 'unsent' | 'asked' | 'backfilling' | 'live';
  /** The message that `phase` is about. */
  sent: Subscribe | null;
  /** Whether the backfill under way began at `position`, so that each of its frames moves it. */
  resumed: boolean;
  /** Whether the server has ever accepted this request. */
  accepted: boolean;
  /** What the server keeps when it refuses this request. */
  before: { request: SubscriptionRequest; position: Position | null } | null;
}

/**
 * What one session subscribes to, with the position of each subscription: says what to send, and takes what is
 * answered. Survives connections, each of which starts with `opened`.
 *
 * A subscription's position is moved by its own backfill, and by any other `head` once it is done on this connection.
 * At most one request per id waits for its answer; of what a caller asks for meanwhile only the last is sent, so that
 * an answer always belongs to the one request that is due.
 */
export class Subscriptions {
  readonly #slots = new Map<string, Slot>();
  /** Sent on this connection, not answered yet. */
  readonly #due = new Map<string, ClientMessage>();
  /** Ids that the server holds for this connection. */
  readonly #onServer = new Set<string>();
  #isOpen = false;

  /** Whether every subscription is done on this connection. */
  get isSettled(): boolean {
    return [...this.#slots.values()].every(slot => slot.phase === 'live');
  }

  positionOf(id: string): Position | null {
    return this.#slots.get(id)?.position ?? null;
  }

  /** Adds or replaces a subscription. @returns what to send, like all methods that return messages */
  set(request: SubscriptionRequest): ClientMessage[] {
    const old = this.#slots.get(request.id);
    const kept = old && wantsSame(old.request, request) ? old.position : null;
    this.#slots.set(request.id, {
      ...newSlot(copyOf(request), request.resume ?? kept),
      before: old?.accepted ? { request: old.request, position: old.position } : (old?.before ?? null),
    });
    return this.#advance(request.id);
  }

  remove(id: string): ClientMessage[] {
    this.#slots.delete(id);
    return this.#advance(id);
  }

  /** A new connection is there: everything is asked for again. */
  opened(): ClientMessage[] {
    this.closed();
    this.#isOpen = true;
    return [...this.#slots.keys()].flatMap(id => this.#advance(id));
  }

  closed(): void {
    this.#isOpen = false;
    this.#due.clear();
    this.#onServer.clear();
    for (const slot of this.#slots.values()) slot.phase = 'unsent';
  }

  /** What was refused only because it came too soon. */
  pending(): ClientMessage[] {
    return [...new Set([...this.#slots.keys(), ...this.#onServer])].flatMap(id => this.#advance(id));
  }

  subscribed({ id, position, recovered }: Subscribed): { send: ClientMessage[]; loss: Loss | null } {
    const answered = this.#due.get(id);
    this.#due.delete(id);
    this.#onServer.add(id);
    const slot = this.#slots.get(id);
    if (!slot?.sent || slot.phase === 'unsent') {
      if (slot && answered?.type === 'subscribe') slot.before = { request: copyOf(answered), position: null };
      return { send: this.#advance(id), loss: null };
    }
    const { resume, snapshot = 0, group } = slot.sent;
    slot.accepted = true;
    slot.before = null;
    slot.resumed = recovered === true;
    if (!slot.resumed) slot.position = null;
    slot.phase = resume || snapshot > 0 ? 'backfilling' : 'live';
    if (slot.phase === 'live' && group === undefined) slot.position = position;
    return { send: [], loss: resume && recovered === false ? { id, since: resume } : null };
  }

  unsubscribed(id: string): ClientMessage[] {
    this.#due.delete(id);
    this.#onServer.delete(id);
    return this.#advance(id);
  }

  /**
   * A request was refused: what the server held before under that id still stands there. An error without id belongs to
   * the oldest request, as answers come in the order of the messages. One that came too soon waits for `pending`.
   */
  refused({ id = this.#due.keys().next().value, code }: ErrorFrame): ClientMessage[] {
    const refused = id === undefined ? undefined : this.#due.get(id);
    if (id === undefined || !refused) return [];
    this.#due.delete(id);
    const slot = this.#slots.get(id);
    if (code === 'rate_limited') {
      if (slot?.phase === 'asked') slot.phase = 'unsent';
      return [];
    }
    if (refused.type === 'unsubscribe') {
      this.#onServer.delete(id);
    } else if (slot?.phase === 'asked') {
      this.#slots.delete(id);
      // Sent again although the server has it: that is what tells the two where they stand.
      if (slot.before) {
        this.#slots.set(id, { ...newSlot(slot.before.request, slot.before.position), accepted: true });
      }
    }
    return this.#advance(id);
  }

  /** @returns whether the frame belongs to a subscription as it is now; else its events are not wanted any more */
  replayed({ id, epoch, head, done }: ReplayFrame): boolean {
    const slot = this.#slots.get(id);
    if (slot?.phase !== 'backfilling') return false;
    if (done || slot.resumed) slot.position = { epoch, seq: head };
    if (done) slot.phase = 'live';
    return true;
  }

  /** Everything that matches has come in up to this position. */
  reached(position: Position): void {
    for (const slot of this.#slots.values()) {
      if (slot.phase === 'live' && slot.request.group === undefined) slot.position = position;
    }
  }

  #advance(id: string): ClientMessage[] {
    if (!this.#isOpen || this.#due.has(id)) return [];
    const slot = this.#slots.get(id);
    if (slot?.phase === 'unsent') {
      slot.sent = subscribeMessage(slot);
      slot.phase = 'asked';
      this.#due.set(id, slot.sent);
      return [slot.sent];
    }
    if (slot || !this.#onServer.has(id)) return [];
    const message: ClientMessage = { type: 'unsubscribe', id };
    this.#due.set(id, message);
    return [message];
  }
}

function newSlot(request: SubscriptionRequest, position: Position | null): Slot {
  return { request, position, phase: 'unsent', sent: null, resumed: false, accepted: false, before: null };
}

function subscribeMessage({ request, position }: Slot): Subscribe {
  const { id, filter, snapshot, group } = request;
  return {
    type: 'subscribe',
    id,
    ...(filter && { filter }),
    ...(group === undefined ? { ...(snapshot && { snapshot }), ...(position && { resume: position }) } : { group }),
  };
}

/** What the caller does with its own object afterwards changes nothing here. */
function copyOf({ id, filter, snapshot, group }: Omit<Subscribe, 'type'>): SubscriptionRequest {
  return {
    id,
    ...(filter && { filter: JSON.parse(JSON.stringify(filter)) as Filter }),
    ...(snapshot !== undefined && { snapshot }),
    ...(group !== undefined && { group }),
  };
}

function wantsSame(a: SubscriptionRequest, b: SubscriptionRequest): boolean {
  return a.group === b.group && JSON.stringify(a.filter ?? {}) === JSON.stringify(b.filter ?? {});
}
