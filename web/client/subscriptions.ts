import type {
  ClientMessage,
  ErrorFrame,
  Position,
  ReplayFrame,
  Subscribe,
  Subscribed,
} from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';
import type { Loss, SubscriptionRequest } from './subscription-request.ts';

/** A request, and how far it has been answered. */
interface Standing {
  request: SubscriptionRequest;
  /** Up to where everything since it began has come in; null before it has begun, and always for a group. */
  position: Position | null;
  /** Whether the snapshot that it began with has not come in whole. */
  owesSnapshot: boolean;
}

interface Slot extends Standing {
  /** On this connection: not sent (or waiting its turn), sent, answered and backfilling, done. */
  phase: 'unsent' | 'asked' | 'backfilling' | 'live';
  /** Whether what is sent asks for the snapshot it owes, now that it has all that came later. */
  completes: boolean;
  /** Whether the backfill under way began at `position`, so that each of its frames moves it. */
  resumed: boolean;
  /** Whether the server has ever accepted this request. */
  accepted: boolean;
  /** What the server keeps when it refuses this request. */
  before: Standing | null;
}

/** What a frame of a backfill is to its subscription. */
export interface Replayed {
  /** false = the request it belongs to was replaced or taken back, its events are not wanted any more. */
  isWanted: boolean;
  /** Whether nothing more is to come before the subscription is up to date. */
  isDone: boolean;
  send: ClientMessage[];
}

/**
 * What one session subscribes to, with the position of each subscription: says what to send, and takes what is
 * answered. Survives connections, each of which starts with `opened`.
 *
 * A subscription's position is moved by its own backfill, and by any other `head` once it is done on this connection.
 *
 * One that is cut off in its snapshot has no position to show, but knows where it began: on the next connection it
 * resumes there, as what came later may be more than a snapshot holds, and then asks for the snapshot once more. By then
 * it has everything that is newer, so that the second request leaves no gap.
 *
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
    const slot = this.#slots.get(id);
    return slot && !slot.owesSnapshot ? slot.position : null;
  }

  /** Adds or replaces a subscription. @returns what to send, like all methods that return messages */
  set(request: SubscriptionRequest): ClientMessage[] {
    const old = this.#slots.get(request.id);
    const standing: Standing = { request: copyOf(request), position: null, owesSnapshot: false };
    if (request.resume && request.group === undefined) {
      standing.position = request.resume;
    } else if (old && wantsSame(old.request, request)) {
      standing.position = old.position;
      standing.owesSnapshot = old.owesSnapshot && wantsSnapshot(request);
    }
    const before = old?.accepted ? standingOf(old) : (old?.before ?? null);
    this.#slots.set(request.id, { ...newSlot(standing), before });
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
    for (const slot of this.#slots.values()) Object.assign(slot, { phase: 'unsent', completes: false });
  }

  /** What was refused only because it came too soon. */
  pending(): ClientMessage[] {
    return [...new Set([...this.#slots.keys(), ...this.#onServer])].flatMap(id => this.#advance(id));
  }

  /** `isNews`: whether the answer is to what the caller asked for, and not only to what completes it. */
  subscribed(frame: Subscribed): { send: ClientMessage[]; loss: Loss | null; isNews: boolean } {
    const { id, recovered } = frame;
    const answered = this.#due.get(id);
    this.#due.delete(id);
    this.#onServer.add(id);
    const slot = this.#slots.get(id);
    if (!slot || answered?.type !== 'subscribe') return { send: this.#advance(id), loss: null, isNews: true };
    if (slot.phase === 'unsent') {
      const loss = wantsSame(slot.request, answered) ? begin(slot, answered, frame) : null;
      slot.before = { request: copyOf(answered), position: answered.resume ?? null, owesSnapshot: false };
      begin(slot.before, answered, frame);
      return { send: this.#advance(id), loss, isNews: true };
    }
    const isNews = !slot.completes;
    const loss = begin(slot, answered, frame);
    slot.accepted = true;
    slot.completes = false;
    slot.before = null;
    slot.resumed = recovered === true;
    slot.phase = answered.resume || wantsSnapshot(answered) ? 'backfilling' : 'live';
    return { send: [], loss, isNews };
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
      if (slot.before) this.#slots.set(id, { ...newSlot(slot.before), accepted: true });
    }
    return this.#advance(id);
  }

  replayed({ id, epoch, head, done }: ReplayFrame): Replayed {
    const slot = this.#slots.get(id);
    if (slot?.phase !== 'backfilling') return { isWanted: false, isDone: false, send: [] };
    if (done || slot.resumed) slot.position = { epoch, seq: head };
    if (!done) return { isWanted: true, isDone: false, send: [] };
    if (slot.resumed && slot.owesSnapshot) {
      slot.before = { ...standingOf(slot), owesSnapshot: false };
      slot.phase = 'unsent';
      slot.completes = true;
      return { isWanted: true, isDone: false, send: this.#advance(id) };
    }
    slot.owesSnapshot = false;
    slot.phase = 'live';
    return { isWanted: true, isDone: true, send: [] };
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
      const message = subscribeMessage(slot);
      slot.phase = 'asked';
      this.#due.set(id, message);
      return [message];
    }
    if (slot || !this.#onServer.has(id)) return [];
    const message: ClientMessage = { type: 'unsubscribe', id };
    this.#due.set(id, message);
    return [message];
  }
}

/** Notes where a request began that the server has accepted, unless it goes on from where it stood. */
function begin(standing: Standing, asked: Subscribe, { id, position, recovered }: Subscribed): Loss | null {
  if (asked.group !== undefined || (recovered === true && standing.position !== null)) return null;
  standing.position = position;
  standing.owesSnapshot = wantsSnapshot(standing.request);
  return asked.resume && recovered === false ? { id, since: asked.resume } : null;
}

function newSlot(standing: Standing): Slot {
  const fresh = { phase: 'unsent', completes: false, resumed: false, accepted: false, before: null } as const;
  return { ...standingOf(standing), ...fresh };
}

function standingOf({ request, position, owesSnapshot }: Standing): Standing {
  return { request, position, owesSnapshot };
}

function subscribeMessage({ request, position, completes }: Slot): Subscribe {
  const { id, filter, snapshot, group } = request;
  const resume = completes ? null : position;
  return {
    type: 'subscribe',
    id,
    ...(filter && { filter }),
    ...(group === undefined ? { ...(snapshot && { snapshot }), ...(resume && { resume }) } : { group }),
  };
}

/** What a request and its message have in common. */
interface Asked {
  filter?: Filter | undefined;
  snapshot?: number | undefined;
  group?: string | undefined;
}

function wantsSnapshot({ snapshot = 0, group }: Asked): boolean {
  return snapshot > 0 && group === undefined;
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

function wantsSame(a: Asked, b: Asked): boolean {
  return a.group === b.group && JSON.stringify(a.filter ?? {}) === JSON.stringify(b.filter ?? {});
}
