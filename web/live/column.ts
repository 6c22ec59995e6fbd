import type {
  EventBatch,
  Gap,
  Subscribed,
  TickstockClient,
  Topic,
  TopicClient,
  TopicState,
  Withheld,
} from '../client/client.ts';
import type { Announcer } from './announcer.ts';
import { part, setText } from './dom.ts';
import type { Paintable, Painter } from './painter.ts';
import { eventRow, noteRow, type Row } from './row.ts';
import { type Entry, Timeline } from './timeline.ts';
import { events, exchangeTime, filterFrom, freshnessWords, gapWords, stateWords, withheldWords } from './words.ts';

/** Rows kept in a column; the page says so. */
const MAX_ROWS = 200;
/** Stored events asked for when a column opens or its filter changes. */
const SNAPSHOT = 50;
const SUBSCRIPTION = 'page';
/** A filter is sent when nothing was typed for so long. */
const TYPING_PAUSE_MS = 300;
/** Withheld events within so long are told in one divider. */
const WITHHELD_WINDOW_MS = 10_000;
/** How often ages are renewed. */
const AGE_PERIOD_MS = 1_000;
/** Heartbeats that may be missing before the data counts as stale. */
const MISSED_HEARTBEATS = 3;

export interface ColumnParts {
  topic: Topic;
  title: string;
  client: TickstockClient;
  painter: Painter;
  announcer: Announcer;
  /** Is told of every event that is shown, for what concerns the whole page. */
  onEvents(batch: EventBatch): void;
}

/** One tier: its connection's state, the freshness of its data, a filter, and its events newest first. */
export class Column implements Paintable {
  readonly element: HTMLElement;
  /** Events that came in while the column was not shown. */
  unseen = 0;
  readonly #parts: ColumnParts;
  readonly #topic: TopicClient;
  readonly #timeline = new Timeline<Row>(MAX_ROWS);
  #epoch = '';
  #heartbeatAtMs: number | null = null;
  #lostAtMs: number | null = null;
  #backfilled = 0;
  #withheld: { note: Entry<Row> & { type: 'note' }; fromMs: number; rate_limited: number; skipped: number } | null =
    null;
  #refusal = '';
  #isStale = true;
  #agesAtMs = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(template: HTMLTemplateElement, parts: ColumnParts) {
    this.#parts = parts;
    const fragment = template.content.cloneNode(true) as DocumentFragment;
    this.element = fragment.querySelector<HTMLElement>('.column')!;
    this.#dress();
    this.#topic = parts.client.topic(parts.topic);
    this.#listen();
    this.#subscribe();
    parts.painter.add(this);
  }

  paint(nowMs: number): void {
    this.#paintState(nowMs);
    this.#paintRows(nowMs);
  }

  #dress(): void {
    const { topic, title } = this.#parts;
    const titleId = `${topic}-title`;
    this.element.dataset.column = topic;
    this.element.setAttribute('aria-labelledby', titleId);
    const heading = part(this.element, 'title');
    heading.id = titleId;
    heading.textContent = title;
    const scroll = part(this.element, 'scroll');
    scroll.setAttribute('aria-label', `${title} events, newest first`);
    // What scrolls must be reachable by keyboard.
    scroll.tabIndex = 0;
    part(this.element, 'foot').textContent = `The newest ${MAX_ROWS} rows are kept here.`;
    part(this.element, 'retry').addEventListener('click', () => this.#topic.retryNow());
    const form = this.#form;
    form.setAttribute('aria-label', `Filter of ${title}`);
    form.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#subscribe(), TYPING_PAUSE_MS);
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      clearTimeout(this.#typing);
      this.#subscribe();
    });
  }

  #listen(): void {
    const topic = this.#topic;
    topic.on('state', state => this.#changed(state));
    topic.on('subscribed', subscribed => this.#subscribed(subscribed));
    topic.on('events', batch => this.#add(batch));
    topic.on('withheld', withheld => this.#addWithheld(withheld));
    topic.on('gap', gap => this.#addGap(gap));
    topic.on('lost', () => this.#addLoss());
    topic.on('heartbeat', () => {
      this.#heartbeatAtMs = Date.now();
      this.#request();
    });
    topic.on('error', ({ message }) => {
      this.#refusal = message;
      this.#request();
    });
  }

  #subscribe(): void {
    const { symbols, confidence } = this.#form.elements as unknown as Record<
      'symbols' | 'confidence',
      HTMLInputElement
    >;
    this.#refusal = '';
    this.#topic.subscribe({
      id: SUBSCRIPTION,
      filter: filterFrom(symbols.value, confidence.value),
      snapshot: SNAPSHOT,
    });
    this.#request();
  }

  #changed(state: TopicState): void {
    if (state.name === 'reconnecting') this.#lostAtMs ??= Date.now();
    if (state.name === 'open') this.#lostAtMs = null;
    const { name, words } = stateWords(state, Date.now());
    // The short way through a backfill is not worth a sentence.
    if (name === 'live' || name === 'reconnecting' || name === 'closed') this.#say(words);
    this.#request();
  }

  /** From here on everything matches the filter as it is; what stood here before may not. */
  #subscribed({ position, recovered }: Subscribed): void {
    this.#epoch = position.epoch;
    this.#backfilled = 0;
    if (recovered === null) this.#timeline.clear();
    this.#request();
  }

  #add(batch: EventBatch): void {
    const isRecovery = batch.replay !== null && this.#lostAtMs !== null;
    // A view that starts anew shows again what it has shown under another filter.
    for (const event of batch.replay ? [...batch.events, ...batch.repeats] : batch.events) {
      if (this.#timeline.addEvent(this.#epoch, event) && isRecovery) this.#backfilled++;
    }
    if (this.element.offsetParent === null) this.unseen += batch.events.length;
    if (batch.replay?.done && this.#backfilled > 0) {
      this.#note('backfilled', `${events(this.#backfilled)} backfilled after the connection was lost`);
      this.#backfilled = 0;
    }
    this.#parts.onEvents(batch);
    this.#request();
  }

  #addWithheld({ rate_limited, skipped }: Withheld): void {
    const nowMs = Date.now();
    const isOpen = this.#withheld && nowMs - this.#withheld.fromMs <= WITHHELD_WINDOW_MS;
    if (!this.#withheld || !isOpen || !this.#timeline.entries.includes(this.#withheld.note)) {
      this.#withheld = { note: this.#note('withheld', ''), fromMs: nowMs, rate_limited: 0, skipped: 0 };
    }
    const told = this.#withheld;
    told.rate_limited += rate_limited;
    told.skipped += skipped;
    told.note.words = withheldWords(told, { fromMs: told.fromMs, toMs: nowMs }, nowMs);
    if (told.note.node) setText(told.note.node.item, told.note.words);
    this.#request();
  }

  #addGap(gap: Gap): void {
    const words = gapWords(gap, Date.now());
    this.#note('gap', words);
    this.#say(words);
  }

  #addLoss(): void {
    const nowMs = Date.now();
    const since = this.#lostAtMs === null ? '' : ` since ${exchangeTime(this.#lostAtMs, nowMs)}`;
    this.#note('lost', `Not recoverable: what was missed${since} cannot be replayed; the newest events follow`);
    this.#lostAtMs = null;
    this.#say('missed events are not recoverable');
  }

  #note(name: string, words: string): Entry<Row> & { type: 'note' } {
    this.#request();
    return this.#timeline.addNote(name, words);
  }

  #paintState(nowMs: number): void {
    const { element } = this;
    const { name, glyph, words } = stateWords(this.#topic.state, nowMs);
    element.dataset.state = name;
    setText(part(element, 'glyph'), glyph);
    setText(part(element, 'link'), words);
    part(element, 'retry').hidden = name !== 'reconnecting' && name !== 'closed';

    const staleAfterMs = MISSED_HEARTBEATS * (this.#topic.hello?.heartbeat_ms ?? 0);
    const freshness = freshnessWords(this.#heartbeatAtMs, staleAfterMs, nowMs);
    element.dataset.freshness = freshness.isStale ? 'stale' : 'fresh';
    setText(part(element, 'freshness'), freshness.words);
    if (freshness.isStale && !this.#isStale) this.#say('data is stale');
    this.#isStale = freshness.isStale;

    setText(part(element, 'refusal'), this.#refusal);
    const isEmpty = this.#timeline.entries.length === 0;
    const empty = part(element, 'empty');
    empty.hidden = !isEmpty;
    setText(empty, name === 'live' ? 'No stored event matches. New ones will appear here.' : 'Nothing to show yet.');
  }

  /** Draws what is new and takes away what is gone; rows that stay are not touched but for their age. */
  #paintRows(nowMs: number): void {
    const list = part(this.element, 'rows');
    for (const row of this.#timeline.dropped.splice(0)) row.item.remove();
    const serverNowMs = nowMs - (this.#topic.clockOffset?.offsetMs ?? 0);
    const isTimeForAges = nowMs - this.#agesAtMs >= AGE_PERIOD_MS;
    if (isTimeForAges) this.#agesAtMs = nowMs;
    let next: HTMLElement | null = null;
    for (const entry of this.#timeline.entries.toReversed()) {
      if (!entry.node) list.insertBefore(this.#draw(entry, serverNowMs).item, next);
      else if (isTimeForAges) entry.node.renewAge(serverNowMs);
      next = entry.node!.item;
    }
  }

  #draw(entry: Entry<Row>, nowMs: number): Row {
    entry.node = entry.type === 'event' ? eventRow(entry.event, nowMs) : noteRow(entry.name, entry.words);
    return entry.node;
  }

  get #form(): HTMLFormElement {
    return this.element.querySelector('form')!;
  }

  #say(words: string): void {
    this.#parts.announcer.say(this.#parts.title, words);
  }

  #request(): void {
    this.#parts.painter.request(this);
  }
}
