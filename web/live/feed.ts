import type { Event, PatternEvent } from '../../shared/events.ts';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { matches } from '../../shared/matches.ts';
import type { Tier } from '../../shared/topics.ts';
import type {
  ErrorFrame,
  EventBatch,
  Gap,
  HeartbeatFrame,
  Loss,
  Subscribed,
  TopicClient,
  TopicState,
  Withheld,
} from '../client/client.ts';
import type { NoteEntry, NoteName } from './entry.ts';
import { backfilledWords, gapWords, lostWords, withheldWords } from './note-words.ts';
import type { Rows } from './rows.ts';
import { type EventLine, isEvent, type Line } from './store.ts';
import type { Clock } from './times.ts';

/** Stored events asked for when a subscription is new. */
export const SNAPSHOT = 100;
/** What is withheld within so long is told in one note; without any for so long it is over. */
const WITHHELD_MS = 10_000;
/** A heartbeat that comes so soon after the greeting may be an old one, told to a newcomer. */
const FIRST_HEARTBEAT_MS = 2_000;

export interface NamedFilter {
  id: string;
  filter: Filter;
}

interface Subscription {
  filter: Filter;
  json: string;
  /** What the server goes by until it has accepted `filter`. */
  before: Filter | null;
  isRefused: boolean;
  /** Of its snapshot, while that comes in; null once it is complete. */
  snapshot: { count: number; lowestSeq: number } | null;
  /** From here up everything it wants is kept; 0 = its whole tape is. */
  floor: number;
  /** Whether what it missed is lost, so that what is replayed is not that. */
  isLost: boolean;
}

export interface FeedParts {
  tier: Tier;
  topic: TopicClient;
  rows: Rows;
  clock(): Clock;
  now(): number;
  /** New events have come in and are shown; `isLive` false: they were missed before. */
  onNews(lines: readonly EventLine[], batch: EventBatch, isLive: boolean): void;
  /** What subscriptions want has changed: rows may be others than before. */
  onRestart(): void;
  /** Anything has changed; `isGrave`: at once to be told. */
  onChange(isGrave: boolean): void;
}

/**
 * What comes from a topic, brought into a column's rows: events as long as a subscription wants them, and a note for
 * whatever did not come, came late, or cannot come any more.
 */
export class Feed {
  readonly #parts: FeedParts;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #off: (() => void)[];
  #notes = 0;
  #backfill: { count: number; epoch: string; seq: number; fromMs: number; toMs: number } | null = null;
  #withheld: { line: Line; fromMs: number; rateLimited: number; skipped: number } | null = null;
  #withheldLately: { rateLimited: number; skipped: number; sinceMs: number; lastMs: number } | null = null;
  #greetedAtMs: number | null = null;
  /** When the topic was lost; null while it is connected, and before it was first. */
  lostAtMs: number | null;
  openedAtMs: number | null = null;
  heartbeatAtMs: number | null = null;
  bridges: number | null = null;
  lastEventAtMs: number | null = null;
  refusal: { id: string | null; code: string; message: string } | null = null;
  /** Whether the tape holds anything, whatever is subscribed to. */
  hasTape = false;
  epoch: string | null = null;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    const { topic } = parts;
    this.lostAtMs = parts.now();
    this.#off = [
      topic.on('state', state => this.#stateChanged(state)),
      topic.on('subscribed', subscribed => this.#subscribed(subscribed)),
      topic.on('events', batch => this.#received(batch)),
      topic.on('withheld', withheld => this.#noteWithheld(withheld)),
      topic.on('gap', gap => this.#noteGap(gap)),
      topic.on('lost', loss => this.#noteLoss(loss)),
      topic.on('heartbeat', heartbeat => {
        this.#hear(heartbeat, parts.now());
        parts.onChange(false);
      }),
      topic.on('error', error => this.#refused(error)),
    ];
    if (topic.state.name === 'open') {
      this.lostAtMs = null;
      this.openedAtMs = parts.now();
      this.#greetedAtMs = parts.now();
      this.#meetTape(topic.hello);
      // What a newcomer is told at once may have come before there was a feed.
      const heard = topic.heartbeat;
      if (heard) this.#hear(heard.frame, heard.receivedAtMs);
    }
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Subscriptions of which nothing is in force. */
  get refusedSubscriptions(): number {
    return [...this.#subscriptions.values()].filter(({ isRefused, before }) => isRefused && before === null).length;
  }

  /** Whether all that was asked for first has come in. */
  get isSettled(): boolean {
    return this.#parts.topic.state.name === 'open' && [...this.#subscriptions.values()].every(s => s.snapshot === null);
  }

  /** Missed events that have come in so far; null when none are being caught up with. */
  get backfilled(): number | null {
    if (this.#parts.topic.state.name !== 'backfilling' || this.openedAtMs === null) return null;
    return this.#backfill?.count ?? 0;
  }

  /** What was withheld, as long as that goes on. */
  withheldLately(nowMs: number): { rateLimited: number; skipped: number; sinceMs: number } | null {
    const told = this.#withheldLately;
    if (!told || nowMs - told.lastMs > WITHHELD_MS) return null;
    return { rateLimited: told.rateLimited, skipped: told.skipped, sinceMs: told.sinceMs };
  }

  /** Makes the server's subscriptions exactly these; what none of them wants leaves the rows. */
  subscribe(wanted: readonly NamedFilter[]): void {
    const { tier, topic } = this.#parts;
    const ids = new Set(wanted.map(({ id }) => id));
    let isChanged = false;
    for (const id of [...this.#subscriptions.keys()].filter(id => !ids.has(id))) {
      this.#subscriptions.delete(id);
      topic.unsubscribe(id);
      isChanged = true;
    }
    for (const { id, filter } of wanted) {
      const normal = normaliseFilter(tier, filter);
      const json = JSON.stringify(normal);
      const known = this.#subscriptions.get(id);
      if (known?.json === json) continue;
      this.#subscriptions.set(id, {
        filter: normal,
        json,
        before: known ? (known.before ?? known.filter) : null,
        isRefused: false,
        snapshot: { count: 0, lowestSeq: Number.POSITIVE_INFINITY },
        floor: 0,
        isLost: false,
      });
      topic.subscribe({ id, filter, snapshot: SNAPSHOT });
      isChanged = true;
    }
    if (!isChanged) return;
    this.refusal = null;
    // Its note may leave with the rows that nobody wants any more.
    this.#withheld = null;
    this.#parts.rows.retain(event => this.wants(event));
    this.#parts.onRestart();
    this.#parts.onChange(true);
  }

  /** Whether any subscription wants an event. */
  wants(event: PatternEvent): boolean {
    for (const { filter } of this.#subscriptions.values()) if (matches(filter, event)) return true;
    return false;
  }

  /** Puts a note above everything that has come in. */
  notice(words: string): void {
    const newest = this.#parts.rows.lines.findLast(isEvent);
    const epoch = this.epoch ?? '';
    this.#note('notice', words, epoch, newest?.entry.epoch === epoch ? newest.seq : 0);
  }

  /** Takes the subscriptions back and listens no more. */
  close(): void {
    for (const off of this.#off) off();
    for (const id of this.#subscriptions.keys()) this.#parts.topic.unsubscribe(id);
    this.#subscriptions.clear();
  }

  #stateChanged({ name }: TopicState): void {
    const { topic, now } = this.#parts;
    if (name === 'open' || name === 'backfilling') {
      if (this.lostAtMs !== null) this.#greetedAtMs = now();
      this.lostAtMs = null;
      this.#meetTape(topic.hello);
    } else {
      this.lostAtMs ??= now();
    }
    if (name === 'open') {
      this.openedAtMs ??= now();
      this.#noteBackfill();
    }
    this.#parts.onChange(true);
  }

  #meetTape(hello: TopicClient['hello']): void {
    if (!hello) return;
    this.epoch = hello.epoch;
    this.hasTape = hello.head >= hello.oldest;
  }

  /** Without a resume, or when that cannot be honoured, a snapshot follows. */
  #subscribed({ id, position, recovered }: Subscribed): void {
    this.epoch = position.epoch;
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    subscription.before = null;
    subscription.isRefused = false;
    subscription.isLost = recovered === false;
    if (recovered === null) subscription.snapshot = { count: 0, lowestSeq: Number.POSITIVE_INFINITY };
    this.#parts.onChange(false);
  }

  #received(batch: EventBatch): void {
    const { rows, topic } = this.#parts;
    this.epoch = batch.epoch;
    const subscription = batch.replay && this.#subscriptions.get(batch.replay.id);
    const snapshot = subscription?.snapshot ?? null;
    const news: EventLine[] = [];
    for (const event of batch.events) {
      const line = this.#take(batch, event, snapshot === null);
      if (line && snapshot === null) news.push(line);
    }
    for (const event of batch.repeats) this.#take(batch, event, false);
    this.hasTape ||= batch.events.length > 0;

    if (snapshot) {
      for (const { seq } of [...batch.events, ...batch.repeats]) {
        snapshot.count++;
        snapshot.lowestSeq = Math.min(snapshot.lowestSeq, seq);
      }
      if (batch.replay!.done) this.#complete(subscription!, batch.epoch);
    } else if (subscription && !subscription.isLost) {
      this.#countBackfill(news, batch.epoch);
    }
    if (!batch.replay || news.length > 0) this.#parts.onNews(news, batch, batch.replay === null);
    // The topic's state says that a backfill is over only after its last frame was told.
    this.#parts.onChange(batch.replay !== null && topic.state.name !== 'open');
    if (snapshot && rows.flow !== 'following') rows.refresh();
  }

  #take({ epoch, replay, receivedAtMs }: EventBatch, event: Event, isNews: boolean): EventLine | null {
    if (event.kind !== 'pattern' || !this.wants(event)) return null;
    const offsetMs = this.#parts.topic.clockOffset?.offsetMs ?? 0;
    const cameAtMs = replay ? Math.min(receivedAtMs, event.hops.hub_at_ms + offsetMs) : receivedAtMs;
    this.lastEventAtMs = Math.max(this.lastEventAtMs ?? 0, cameAtMs);
    return this.#parts.rows.add(epoch, event, { isNews });
  }

  /** Below where every subscription's snapshot begins, only some of what is wanted would be there. */
  #complete(subscription: Subscription, epoch: string): void {
    const { count, lowestSeq } = subscription.snapshot!;
    subscription.snapshot = null;
    subscription.floor = count < SNAPSHOT ? 0 : lowestSeq;
    const all = [...this.#subscriptions.values()];
    if (all.some(({ snapshot, isRefused }) => snapshot !== null && !isRefused)) return;
    const floor = Math.max(...all.map(({ floor }) => floor));
    if (floor > 0) this.#parts.rows.removeBelow(epoch, floor);
  }

  #countBackfill(lines: readonly EventLine[], epoch: string): void {
    for (const { seq, entry } of lines) {
      const told = this.#backfill ?? { count: 0, epoch, seq, fromMs: entry.detectedAtMs, toMs: entry.detectedAtMs };
      this.#backfill = {
        count: told.count + 1,
        epoch,
        seq: told.epoch === epoch ? Math.max(told.seq, seq) : seq,
        fromMs: Math.min(told.fromMs, entry.detectedAtMs),
        toMs: Math.max(told.toMs, entry.detectedAtMs),
      };
    }
  }

  #noteBackfill(): void {
    const told = this.#backfill;
    this.#backfill = null;
    if (told) this.#note('backfilled', backfilledWords(told.count, told, this.#told), told.epoch, told.seq);
  }

  #noteWithheld({ to, rate_limited, skipped }: Withheld): void {
    const nowMs = this.#parts.now();
    const lately = this.withheldLately(nowMs) ?? { rateLimited: 0, skipped: 0, sinceMs: nowMs };
    this.#withheldLately = {
      sinceMs: lately.sinceMs,
      lastMs: nowMs,
      rateLimited: lately.rateLimited + rate_limited,
      skipped: lately.skipped + skipped,
    };
    if (!this.#withheld || nowMs - this.#withheld.fromMs > WITHHELD_MS) {
      const line = this.#note('withheld', '', this.epoch ?? '', to);
      this.#withheld = { line, fromMs: nowMs, rateLimited: 0, skipped: 0 };
    }
    const note = this.#withheld;
    note.rateLimited += rate_limited;
    note.skipped += skipped;
    const words = withheldWords({ ...note, toMs: nowMs }, this.#told);
    note.line.entry = { ...(note.line.entry as NoteEntry), words };
    this.#parts.onChange(false);
  }

  #noteGap(gap: Gap): void {
    this.#note('gap', gapWords(gap, this.#told), gap.epoch, gap.seq);
  }

  #noteLoss({ since }: Loss): void {
    this.#note('lost', lostWords(this.lastEventAtMs, this.#told), since.epoch, since.seq);
  }

  #note(note: NoteName, words: string, epoch: string, seq: number): Line {
    const { tier, rows, now } = this.#parts;
    const key = `${tier}-n${++this.#notes}`;
    const line = rows.addNote(epoch, seq, { type: 'note', key, note, words, atMs: now() });
    this.#parts.onChange(false);
    return line;
  }

  #hear({ bridge_at_ms, server_at_ms, bridges, head }: HeartbeatFrame, receivedAtMs: number): void {
    // A newcomer is told the newest heartbeat at once, whenever that was.
    const isFirst = this.#greetedAtMs !== null && receivedAtMs - this.#greetedAtMs <= FIRST_HEARTBEAT_MS;
    const ageMs = isFirst ? Math.max(0, server_at_ms - bridge_at_ms) : 0;
    this.heartbeatAtMs = Math.max(this.heartbeatAtMs ?? 0, receivedAtMs - ageMs);
    this.bridges = bridges;
    this.hasTape ||= head > (this.#parts.topic.hello?.head ?? head);
  }

  #refused({ id, code, message }: ErrorFrame): void {
    // The client asks again by itself.
    if (code === 'rate_limited') return;
    const subscription = id === undefined ? undefined : this.#subscriptions.get(id);
    if (subscription) {
      subscription.isRefused = true;
      subscription.snapshot = null;
      if (subscription.before) this.#goBack(id!, subscription);
    }
    this.refusal = { id: id ?? null, code, message };
    this.#parts.onChange(true);
  }

  /** What stood before stands again, from a snapshot: what it had shown has left the rows. */
  #goBack(id: string, subscription: Subscription): void {
    const { topic } = this.#parts;
    subscription.filter = subscription.before!;
    subscription.snapshot = { count: 0, lowestSeq: Number.POSITIVE_INFINITY };
    topic.unsubscribe(id);
    topic.subscribe({ id, filter: subscription.filter, snapshot: SNAPSHOT });
  }

  get #told(): { nowMs: number; clock: Clock } {
    return { nowMs: this.#parts.now(), clock: this.#parts.clock() };
  }
}
