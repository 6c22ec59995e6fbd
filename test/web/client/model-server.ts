import type { Subscribe } from '../../../shared/client-protocol.ts';
import type { Filter } from '../../../shared/filter.ts';
import { matches } from '../../../shared/matches.ts';
import type { FakeSocket } from './fake-runtime.ts';
import { events, heartbeat, hello, replay, subscribed } from './frames.ts';

export interface ModelEvent {
  seq: number;
  kind: 'pattern';
  symbol: string;
  isCritical: boolean;
}

interface Backfill {
  id: string;
  rows: ModelEvent[];
  until: number;
}

interface Session {
  socket: FakeSocket;
  /** Frames on the way to the client. */
  outgoing: object[];
  /** Messages of the client that were read. */
  read: number;
  filters: Map<string, Filter>;
  backfills: Backfill[];
  /** Where it left live; null = live. */
  behindAt: number | null;
}

/** Small, so that flushes and backfills take several frames. */
const FRAME_EVENTS = 3;

/**
 * A hub as the protocol describes it, in the plainest way: a tape, one session at a time, frames that are on their way
 * until the test lets them arrive or cuts the connection.
 */
export class ModelServer {
  epoch = 'e1';
  tape: ModelEvent[] = [];
  flushed = 0;
  session: Session | null = null;

  publish(event: Omit<ModelEvent, 'seq' | 'kind'>): void {
    this.tape.push({ ...event, kind: 'pattern', seq: this.tape.length + 1 });
  }

  connect(socket: FakeSocket): void {
    this.session = { socket, outgoing: [], read: 0, filters: new Map(), backfills: [], behindAt: null };
    this.session.outgoing.push(hello({ epoch: this.epoch, head: this.flushed }));
  }

  /** Hands everything pending to the session, CRITICAL first. */
  flush(): void {
    const from = this.flushed;
    this.flushed = this.tape.length;
    if (!this.session || this.session.behindAt !== null || from === this.flushed) return;
    const wanted = this.#wanted(this.session, from, this.flushed);
    if (wanted.length > 0) this.#sendLive(this.session, wanted.toSorted(criticalFirst), this.flushed);
  }

  heartbeat(): void {
    const { session } = this;
    session?.outgoing.push(heartbeat(session.behindAt ?? this.flushed));
  }

  /** Reads what the client has sent, and answers. */
  readMessages(): void {
    const { session } = this;
    if (!session) return;
    const messages = session.socket.messages as unknown as (Subscribe | { type: 'unsubscribe'; id: string })[];
    for (; session.read < messages.length; session.read++) {
      const message = messages[session.read]!;
      if (message.type === 'subscribe') this.#subscribe(session, message);
      else this.#unsubscribe(session, message.id);
    }
  }

  /** One frame of the backfill that is first in turn, or the way back to live. */
  serve(): void {
    const { session } = this;
    if (!session || session.behindAt === null) return;
    const [backfill] = session.backfills;
    if (backfill) {
      this.#sendReplay(session, backfill);
      return;
    }
    const wanted = this.#wanted(session, session.behindAt, this.flushed);
    if (wanted.length > 0) this.#sendLive(session, wanted, this.flushed);
    session.behindAt = null;
  }

  /** Lets so many frames arrive. */
  deliver(count: number): void {
    for (let i = 0; i < count; i++) {
      const frame = this.session?.outgoing.shift();
      if (!frame) return;
      this.session!.socket.deliver(frame);
    }
  }

  /** Cuts the connection: what is on the way is lost. */
  cut(): void {
    const { session } = this;
    this.session = null;
    session?.socket.drop();
  }

  get isIdle(): boolean {
    const { session } = this;
    return (
      session !== null &&
      session.outgoing.length === 0 &&
      session.behindAt === null &&
      session.read === session.socket.messages.length &&
      this.flushed === this.tape.length
    );
  }

  #subscribe(session: Session, { id, filter = {}, snapshot = 0, resume }: Subscribe): void {
    session.filters.set(id, filter);
    session.backfills = session.backfills.filter(backfill => backfill.id !== id);
    const position = session.behindAt ?? this.flushed;
    const recovered = resume ? resume.epoch === this.epoch && resume.seq <= position : null;
    session.outgoing.push(subscribed(id, { filter, position: { epoch: this.epoch, seq: position }, recovered }));
    if (!resume && snapshot === 0) return;
    session.behindAt = position;
    const stored = this.tape.filter(event => event.seq <= position && matches(filter, event));
    const rows = recovered
      ? stored.filter(event => event.seq > resume!.seq)
      : snapshot > 0
        ? stored.slice(-snapshot)
        : [];
    session.backfills.push({ id, rows, until: position });
  }

  #unsubscribe(session: Session, id: string): void {
    session.filters.delete(id);
    session.backfills = session.backfills.filter(backfill => backfill.id !== id);
    session.outgoing.push({ type: 'unsubscribed', id });
  }

  #wanted(session: Session, after: number, upTo: number): ModelEvent[] {
    const filters = [...session.filters.values()];
    return this.tape.slice(after, upTo).filter(event => filters.some(filter => matches(filter, event)));
  }

  #sendLive(session: Session, wanted: ModelEvent[], upTo: number): void {
    for (let i = 0; i < wanted.length; i += FRAME_EVENTS) {
      const later = wanted.slice(i + FRAME_EVENTS).map(event => event.seq - 1);
      session.outgoing.push(this.#stamp(events(Math.min(upTo, ...later), []), wanted.slice(i, i + FRAME_EVENTS)));
    }
  }

  #sendReplay(session: Session, backfill: Backfill): void {
    const rows = backfill.rows.splice(0, FRAME_EVENTS);
    const done = backfill.rows.length === 0;
    const head = done ? backfill.until : rows.at(-1)!.seq;
    session.outgoing.push(this.#stamp(replay(backfill.id, head, [], done), rows));
    if (done) session.backfills.shift();
  }

  #stamp(frame: object, rows: ModelEvent[]): object {
    return { ...frame, epoch: this.epoch, events: rows };
  }
}

function criticalFirst(a: ModelEvent, b: ModelEvent): number {
  return Number(b.isCritical) - Number(a.isCritical) || a.seq - b.seq;
}
