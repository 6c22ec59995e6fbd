import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { EventBatch, TopicClient } from '../client/client.ts';
import type { Announcer } from './announcer.ts';
import type { ExchangeCalendar } from './calendar.ts';
import { columnGestures } from './column-gestures.ts';
import { Cursor } from './cursor.ts';
import type { Entry, PatternEntry } from './entry.ts';
import type { ColumnFacts, View } from './facts.ts';
import { FactsTeller } from './facts-teller.ts';
import { Feed, type NamedFilter } from './feed.ts';
import { listenTo } from './gestures.ts';
import { Grid, type Look } from './grid.ts';
import { Hiding, type Marks } from './hiding.ts';
import { Holding } from './holding.ts';
import { type FactSources, makeFacts, stateOf } from './make-facts.ts';
import { journeysOf, News } from './news.ts';
import { AUTO_GROUPED_WORDS } from './note-words.ts';
import { Older, type OlderPage } from './older.ts';
import type { Paintable, Painter } from './painter.ts';
import type { Row } from './row-list.ts';
import { rowTitle } from './row-text.ts';
import { GLOW_MS } from './row-view.ts';
import { Rows } from './rows.ts';
import type { EventLine } from './store.ts';
import type { Clock } from './times.ts';
import { stateWords } from './words.ts';

export type { NamedFilter } from './feed.ts';

export interface ColumnOptions {
  tier: Tier;
  title: string;
  /** Stays open when the column is closed; the column only takes its subscriptions back. */
  topic: TopicClient;
  painter: Painter;
  announcer: Announcer;
  /** Stored events before a position, newest first; the column leaves out what its subscriptions do not want. */
  loadOlder(query: { beforeSeq: number }): Promise<OlderPage>;
}

export type Density = 'compact' | 'default' | 'phone';

/** What people do with rows. `activate`: a double click, or a tap; the keyboard's Enter is the page's. */
export type ColumnEvent = 'activate' | 'menu' | 'star' | 'mute' | 'cursor';
export type ColumnListener = (entry: PatternEntry | null, at: { x: number; y: number } | null) => void;

/** Events kept per column; the page says so where its rows end. */
const CAPACITY = 3_334;
const ROW_HEIGHTS: Record<Density, number> = { compact: 28, default: 44, phone: 56 };
/** States that interrupt a screen reader. */
const ALARMING = new Set<string>(['reconnecting', 'offline', 'error']);

/** One tier's rows: kept, listed, held and drawn. Everything around them is drawn from its `facts`. */
export class Column implements Paintable {
  readonly tier: Tier;
  /** The scrollable `role=grid` with its rows. */
  readonly element: HTMLElement;
  readonly #options: ColumnOptions;
  readonly #rows: Rows;
  readonly #feed: Feed;
  readonly #older: Older;
  readonly #news: News;
  readonly #grid: Grid;
  readonly #cursor: Cursor;
  readonly #hiding = new Hiding();
  readonly #holding = new Holding(() => this.#flowChanged());
  readonly #teller: FactsTeller;
  readonly #listeners = new Map<ColumnEvent, Set<ColumnListener>>();
  readonly #closers: (() => void)[];
  #isVisible = true;
  /** Whether the rows stand in the document as they are seen. */
  #isSorted = false;
  #lookVersion = 0;
  #clock: Clock = 'exchange';
  #market: FactSources['market'] = { calendar: null, isStreaming: false };
  #autoGrouped = false;
  #keepsStream = false;
  #toldCursor: PatternEntry | null = null;
  #fading: ReturnType<typeof setTimeout> | null = null;

  constructor(options: ColumnOptions) {
    const { tier, title, topic, painter, announcer } = options;
    this.tier = tier;
    this.#options = options;
    this.#grid = new Grid(tier, title);
    this.element = this.#grid.element;
    this.#rows = new Rows({ tier, capacity: CAPACITY, isInView: row => this.#isInView(row) });
    this.#cursor = new Cursor(this.#rows);
    this.#news = new News({ tier, title, say: (subject, sentence) => announcer.say(subject, sentence) });
    this.#feed = new Feed({
      tier,
      topic,
      rows: this.#rows,
      clock: () => this.#clock,
      now: () => Date.now(),
      onNews: (lines, batch, isLive) => this.#takeNews(lines, batch, isLive),
      onRestart: () => this.#restart(),
      onChange: isGrave => this.#changed(isGrave),
    });
    this.#older = new Older({
      rows: this.#rows,
      load: query => options.loadOlder(query),
      wants: event => this.#feed.wants(event),
      epoch: () => this.#feed.epoch,
      now: () => Date.now(),
      onChange: () => this.#changed(false),
    });
    this.#teller = new FactsTeller(
      () => makeFacts(this.#sources(Date.now())),
      (facts, before) => this.#factsTold(facts, before),
    );
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(this.element);
    const network = new AbortController();
    for (const name of ['online', 'offline']) {
      window.addEventListener(name, () => this.#changed(true), { signal: network.signal });
    }
    this.#closers = [
      () => resized.disconnect(),
      () => network.abort(),
      listenTo(this.element, this.#gestures()),
      painter.add(this),
    ];
  }

  /** A new object whenever something in it has changed. */
  get facts(): ColumnFacts {
    return this.#teller.facts;
  }

  /** At most once a second, at once on a change of state, hold or cursor. @returns a function that ends that */
  onFacts(listener: (facts: ColumnFacts) => void): () => void {
    return this.#teller.on(listener);
  }

  /** Makes the server's subscriptions exactly these. Events that none of them wants leave the column. */
  subscribe(subscriptions: readonly NamedFilter[]): void {
    this.#feed.subscribe(subscriptions);
  }

  setView(view: View): void {
    this.#autoGrouped = false;
    this.#changeRows(() => this.#rows.setView(view));
  }

  /** Back to `stream`, and never away from it without being asked again. */
  keepStream(): void {
    this.#keepsStream = true;
    this.setView('stream');
  }

  /** Hides events; they stay kept and are counted. Called anew when the answer to what was asked before has changed. */
  setHidden(hides: ((event: PatternEvent) => boolean) | null): void {
    this.#hiding.hides = hides;
    this.#rehide();
  }

  setMarks(marks: Marks): void {
    this.#hiding.marks = marks;
    this.#lookVersion++;
    this.#rehide();
  }

  setDensity(density: Density): void {
    this.element.dataset.density = density;
    this.#grid.setRowHeight(ROW_HEIGHTS[density]);
    this.#changed(true);
  }

  /** Whose clock rows show. */
  setClock(clock: Clock): void {
    this.#clock = clock;
    this.#changed(false);
  }

  /** When the exchange trades (null = not known yet), and whether the producer's streaming session is under way. */
  setMarket(market: { calendar: ExchangeCalendar | null; isStreaming: boolean }): void {
    this.#market = market;
    this.#changed(true);
  }

  setPaused(isPaused: boolean): void {
    this.#holding.setPaused(isPaused);
  }

  /** The column's own toggle. */
  setHold(isHeld: boolean): void {
    this.#holding.tell((hold, nowMs) => hold.toggled(isHeld, nowMs));
  }

  /** A menu that was opened for a row is open: holds. */
  setMenu(isOpen: boolean): void {
    this.#holding.tell((hold, nowMs) => hold.menu(isOpen, nowMs));
  }

  /** Follows again, whatever held it; the toggle goes off too. */
  resume(): void {
    this.#holding.tell(hold => hold.resume());
    if (this.#holding.flow === 'following') this.#grid.scrollTo(0);
  }

  /** A column that is not visible keeps its events and draws nothing. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible) this.#news.unseen = 0;
    this.#changed(true);
  }

  /** Outlines and counts related rows, or shows only them and the row under the cursor. */
  setRelated(relates: ((event: PatternEvent) => boolean) | null, onlyThese = false): void {
    this.#lookVersion++;
    if (this.#hiding.setRelated(relates, onlyThese)) this.#rehide();
    else this.#changed(true);
  }

  /** Down (older) when positive. From no cursor: to the first row in view. Holds, as somebody reads. */
  moveCursor(rows: number): void {
    const first = this.#grid.positionAt(this.#grid.rowHeight / 2, this.#rows.head);
    const position = this.#cursor.move(rows, first);
    if (position !== null) this.#read(position);
  }

  /** Follows, with the cursor on the newest row. */
  cursorToNewest(): void {
    this.resume();
    this.#setCursor(this.#rows.at(this.#rows.head - 1)?.entry.key ?? null);
  }

  cursorToOldest(): void {
    const oldest = this.#rows.at(this.#rows.low);
    if (oldest) this.reveal(oldest.entry.key);
  }

  get cursor(): PatternEntry | null {
    return this.#cursor.entry;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** As shown, top first. */
  entries(): readonly Entry[] {
    return this.#rows.entries();
  }

  /** Scrolls to a row and puts the cursor on it. Does nothing when there is none of that key. */
  reveal(key: string): void {
    const position = this.#rows.positionOf(key);
    if (position === null) return;
    this.#cursor.key = key;
    this.#read(position);
  }

  /** @returns a function that ends that */
  on(name: ColumnEvent, listener: ColumnListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  close(): void {
    for (const close of this.#closers) close();
    this.#feed.close();
    this.#holding.close();
    if (this.#fading !== null) clearTimeout(this.#fading);
    this.#teller.close();
    this.#listeners.clear();
    this.element.remove();
  }

  paint(nowMs: number): void {
    if (!this.#isVisible) return;
    this.#grid.render(this.#rows, this.#look(nowMs));
    this.#news.glow.painted(nowMs);
    this.#fade();
    // A row that is moved in the document while it is pressed is not clicked.
    if (this.#rows.flow !== 'following' && !this.#isSorted && !this.element.matches(':active')) {
      this.#isSorted = true;
      // Rows that are taken out and put back lose what is selected in them.
      if (this.#holding.reason !== 'selection') this.#grid.sortDocument();
      this.#grid.renew(this.#look(nowMs));
    }
    if (this.#canLoadOlder) this.#older.reached();
  }

  tick(nowMs: number): void {
    if (this.#isTooFast(nowMs)) this.#groupByItself();
    this.#rows.reorder();
    if (this.#rows.flow !== 'following' && !this.#isSorted) this.#options.painter.request(this);
    const isDrawn = this.#isVisible && !document.hidden;
    if (isDrawn && this.#rows.flow !== 'paused') this.#grid.renew(this.#look(nowMs));
    this.#changed(stateOf(this.#sources(nowMs)).name !== this.facts.state.name);
  }

  /** Glows go on by a timer, as long as there are any and somebody looks. */
  #fade(): void {
    if (document.hidden || this.#fading !== null || !this.#grid.fade()) return;
    this.#fading = setTimeout(() => {
      this.#fading = null;
      this.#fade();
    }, GLOW_MS / 2);
  }

  #isTooFast(nowMs: number): boolean {
    const isStream = this.#rows.view === 'stream' && !this.#keepsStream;
    return isStream && this.#rows.flow === 'following' && this.#news.isFlood(nowMs);
  }

  #groupByItself(): void {
    this.#feed.notice(AUTO_GROUPED_WORDS);
    this.setView('grouped');
    this.#autoGrouped = true;
  }

  #takeNews(lines: readonly EventLine[], { receivedAtMs }: EventBatch, isLive: boolean): void {
    const shown = lines.filter(({ hiddenBy }) => hiddenBy === '');
    this.#older.refreshTail();
    if (!this.#isVisible) this.#news.unseen += shown.length;
    if (!isLive || shown.length === 0) return;
    this.#news.take(
      shown.map(line => ({ key: this.#rows.keyOf(line), event: line.entry.event })),
      Date.now(),
    );
    if (!this.#isVisible || this.#rows.flow !== 'following') return;
    const { painter, topic } = this.#options;
    painter.received(receivedAtMs, journeysOf(shown, receivedAtMs, topic.clockOffset));
  }

  /** What is subscribed to has changed: the rows begin anew, and are followed unless somebody wants them held. */
  #restart(): void {
    this.#older.restart();
    if (this.#holding.reason !== 'toggle') this.resume();
  }

  #rehide(): void {
    this.#changeRows(() => this.#rows.setHider(this.#hiding.hider(this.cursor?.event.id ?? null)));
  }

  /** Changes which rows there are, and keeps what is being read where it is. */
  #changeRows(change: () => void): void {
    const isRead = this.#rows.flow !== 'following';
    const anchors = isRead ? this.#grid.anchors(this.#rows, this.#cursor.position) : [];
    change();
    if (isRead) this.#grid.restore(anchors, this.#rows);
    this.#isSorted = false;
    this.#changed(true);
  }

  #flowChanged(): void {
    const { flow } = this.#holding;
    const isOther = flow !== this.#rows.flow;
    this.#rows.setFlow(flow);
    if (isOther) this.#isSorted = false;
    if (isOther && flow === 'following') this.#grid.scrollTo(0);
    this.#changed(true);
  }

  /** Somebody reads row by row: the keyboard is here, and nothing moves. */
  #read(position: number): void {
    if (!this.element.contains(document.activeElement)) this.focus();
    this.#holding.tell((hold, nowMs) => hold.focused(true, nowMs));
    this.#grid.reveal(position, this.#rows);
    this.#changed(true);
  }

  #resized(): void {
    this.#grid.measure();
    this.#holding.tell((hold, nowMs) => hold.scrolled(this.#grid.isAway, nowMs));
    this.#options.painter.request(this);
  }

  #isInView(row: Row): boolean {
    if (!this.#isVisible || document.hidden) return false;
    const { head } = this.#rows;
    for (let back = 1; back <= this.#grid.rowsPerPage; back++) if (this.#rows.at(head - back) === row) return true;
    return false;
  }

  get #canLoadOlder(): boolean {
    const isReady = this.#rows.flow !== 'paused' && this.#feed.isSettled && this.#rows.size > 0;
    return isReady && this.#grid.isEndNear(this.#rows);
  }

  #setCursor(key: string | null): void {
    this.#cursor.key = key;
    this.#changed(true);
  }

  #look(nowMs: number): Look {
    const offsetMs = this.#options.topic.clockOffset?.offsetMs ?? 0;
    return {
      nowMs: (this.#holding.pausedAtMs ?? nowMs) - offsetMs,
      clock: this.#clock,
      isStale: this.facts.state.name === 'stale',
      version: this.#lookVersion,
      isStarred: event => this.#hiding.marks.isStarred(event),
      isRelated: event => this.#hiding.relates?.(event) ?? false,
      glows: key => this.#rows.flow !== 'paused' && this.#news.glow.take(key),
      cursorKey: this.#cursor.key,
    };
  }

  #changed(isGrave: boolean): void {
    this.#options.painter.request(this);
    this.#teller.changed(isGrave);
  }

  #factsTold({ state }: ColumnFacts, before: ColumnFacts): void {
    const { title, announcer } = this.#options;
    if (state.name !== before.state.name) {
      const { words } = stateWords(state, { title, nowMs: Date.now(), clock: this.#clock });
      if (ALARMING.has(state.name)) announcer.alarm(title, words);
      else if (ALARMING.has(before.state.name)) announcer.say(`${this.tier} state`, `${title} is connected again`);
    }
    const { cursor } = this;
    if (cursor === this.#toldCursor) return;
    this.#toldCursor = cursor;
    this.#tell('cursor', cursor, null);
  }

  #sources(nowMs: number): FactSources {
    const { topic, painter } = this.#options;
    return {
      tier: this.tier,
      topic,
      rows: this.#rows,
      feed: this.#feed,
      older: this.#older,
      news: this.#news,
      market: this.#market,
      isOnline: navigator.onLine,
      visibleSinceMs: painter.visibleSinceMs,
      holdReason: this.#holding.reason,
      autoGrouped: this.#autoGrouped,
      relates: this.#hiding.relates,
      topInView: this.#grid.positionAt(0, this.#rows.head),
      nowMs,
    };
  }

  #gestures() {
    return columnGestures({
      grid: this.#grid,
      holding: this.#holding,
      isStarred: ({ event }) => this.#hiding.marks.isStarred(event),
      titleOf: entry => rowTitle(entry, this.#look(Date.now())),
      onScrolled: () => {
        this.#older.scrolled();
        this.#isSorted = false;
        this.#options.painter.request(this);
      },
      onCursor: ({ key }) => this.#setCursor(key),
      onActivate: entry => this.#tell('activate', entry, null),
      onAction: (action, entry) => this.#tell(action, entry, null),
      onMenu: (entry, at) => this.#tell('menu', entry, at),
    });
  }

  /** @returns whether anybody was told */
  #tell(name: ColumnEvent, entry: PatternEntry | null, at: { x: number; y: number } | null): boolean {
    const listeners = [...(this.#listeners.get(name) ?? [])];
    for (const listener of listeners) listener(entry, at);
    return listeners.length > 0;
  }
}
