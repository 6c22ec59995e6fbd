import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { EventBatch, TopicClient } from '../client/client.ts';
import type { Announcer } from './announcer.ts';
import { type ExchangeCalendar, sessionAt } from './calendar.ts';
import { columnState } from './column-state.ts';
import type { Entry, PatternEntry } from './entry.ts';
import type { ColumnFacts, View } from './facts.ts';
import { Feed, type NamedFilter } from './feed.ts';
import { type Gestures, listenTo } from './gestures.ts';
import { Glow } from './glow.ts';
import { Grid, type Look } from './grid.ts';
import { Hold } from './hold.ts';
import type { Journey } from './latency.ts';
import { countRelated, countRows } from './make-facts.ts';
import { caveatsOf } from './marks.ts';
import { AUTO_GROUPED_WORDS } from './note-words.ts';
import { Older, type OlderPage } from './older.ts';
import type { Paintable, Painter } from './painter.ts';
import { patternName } from './pattern-names.ts';
import { Rate } from './rate.ts';
import type { Row } from './row-list.ts';
import { Rows } from './rows.ts';
import type { EventLine, HiddenBy } from './store.ts';
import type { Clock } from './times.ts';
import { Toolbar } from './toolbar.ts';
import { percentOf, stateWords } from './words.ts';

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

export interface Marks {
  isStarred(event: PatternEvent): boolean;
  isMuted(event: PatternEvent): boolean;
}

/** Events kept per column; the page says so where its rows end. */
export const CAPACITY = 3_334;
const ROW_HEIGHTS: Record<Density, number> = { compact: 28, default: 44, phone: 56 };
const FACTS_PERIOD_MS = 250;
/** From more new rows than this in each of so many seconds on, nobody can read a stream. */
const FLOOD = { perSecond: 8, seconds: 3 };
const RATE_SECONDS = 5;
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
  readonly #grid: Grid;
  readonly #hold = new Hold();
  readonly #glow = new Glow();
  readonly #rate = new Rate();
  readonly #toolbar = new Toolbar();
  readonly #factsListeners = new Set<(facts: ColumnFacts) => void>();
  readonly #listeners = new Map<ColumnEvent, Set<ColumnListener>>();
  readonly #closers: (() => void)[];
  #facts: ColumnFacts;
  #factsAtMs = 0;
  #factsTimer: ReturnType<typeof setTimeout> | undefined;
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  #isVisible = true;
  /** Since when nothing may change; null = it may. */
  #pausedAtMs: number | null = null;
  #isSorted = false;
  #lookVersion = 0;
  #clock: Clock = 'exchange';
  #market: { calendar: ExchangeCalendar | null; isStreaming: boolean } = { calendar: null, isStreaming: false };
  #hides: ((event: PatternEvent) => boolean) | null = null;
  #marks: Marks = { isStarred: () => false, isMuted: () => false };
  #relates: ((event: PatternEvent) => boolean) | null = null;
  #onlyRelated = false;
  #autoGrouped = false;
  #keepsStream = false;
  #cursorKey: string | null = null;
  #toldCursor: PatternEntry | null = null;
  #unseen = 0;
  #toAnnounce: { count: number; strongest: PatternEvent | null } = { count: 0, strongest: null };

  constructor(options: ColumnOptions) {
    const { tier, title, topic, painter } = options;
    this.tier = tier;
    this.#options = options;
    this.#grid = new Grid(tier);
    this.element = this.#grid.element;
    this.element.dataset.tier = tier;
    this.element.dataset.density = 'default';
    this.element.setAttribute('aria-label', title);
    this.#rows = new Rows({ tier, capacity: CAPACITY, isInView: row => this.#isInView(row) });
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
    this.#facts = this.#makeFacts(Date.now());
    const resized = new ResizeObserver(() => this.#measured());
    resized.observe(this.element);
    const offNetwork = new AbortController();
    for (const name of ['online', 'offline']) {
      window.addEventListener(name, () => this.#changed(true), { signal: offNetwork.signal });
    }
    this.#closers = [
      () => resized.disconnect(),
      () => offNetwork.abort(),
      listenTo(this.element, this.#gestures()),
      painter.add(this),
    ];
  }

  /** A new object whenever something in it has changed. */
  get facts(): ColumnFacts {
    return this.#facts;
  }

  /** At most four times a second, at once on a change of state, hold or cursor. @returns a function that ends that */
  onFacts(listener: (facts: ColumnFacts) => void): () => void {
    this.#factsListeners.add(listener);
    return () => {
      this.#factsListeners.delete(listener);
    };
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
    this.#hides = hides;
    this.#rehide();
  }

  setMarks(marks: Marks): void {
    this.#marks = marks;
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
    this.#pausedAtMs = isPaused ? (this.#pausedAtMs ?? Date.now()) : null;
    this.#flow();
  }

  /** The column's own toggle. */
  setHold(isHeld: boolean): void {
    this.#hold.toggled(isHeld, performance.now());
    this.#flow();
  }

  /** A menu that was opened for a row is open: holds. */
  setMenu(isOpen: boolean): void {
    this.#hold.menu(isOpen, performance.now());
    this.#flow();
  }

  /** Follows again, whatever held it; the toggle goes off too. */
  resume(): void {
    this.#hold.resume();
    this.#flow();
    if (this.#pausedAtMs === null) this.#grid.scrollTo(0);
  }

  /** A column that is not visible keeps its events and draws nothing. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible) this.#unseen = 0;
    this.#changed(true);
  }

  /** Outlines and counts related rows, or shows only them and the row under the cursor. */
  setRelated(relates: ((event: PatternEvent) => boolean) | null, onlyThese = false): void {
    this.#relates = relates;
    this.#onlyRelated = onlyThese && relates !== null;
    this.#lookVersion++;
    this.#rehide();
  }

  /** Down (older) when positive. From no cursor: to the first row in view. Holds, as somebody reads. */
  moveCursor(rows: number): void {
    const { head, low } = this.#rows;
    if (head === low) return;
    const from = this.#cursorPosition;
    const first = Math.min(head - 1, this.#grid.positionAt(this.#grid.rowHeight / 2, head));
    const to = from === null ? first : Math.min(head - 1, Math.max(low, from - rows));
    this.#read();
    this.#setCursor(this.#rows.at(to)!.entry.key);
    this.#grid.reveal(to, this.#rows);
  }

  /** Follows, with the cursor on the newest row. */
  cursorToNewest(): void {
    this.resume();
    const newest = this.#rows.at(this.#rows.head - 1);
    if (newest) this.#setCursor(newest.entry.key);
  }

  cursorToOldest(): void {
    const oldest = this.#rows.at(this.#rows.low);
    if (oldest) this.reveal(oldest.entry.key);
  }

  get cursor(): PatternEntry | null {
    const position = this.#cursorPosition;
    const entry = position === null ? null : this.#rows.at(position)!.entry;
    return entry?.type === 'pattern' ? entry : null;
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
    this.#read();
    this.#setCursor(key);
    this.#grid.reveal(position, this.#rows);
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
    clearTimeout(this.#factsTimer);
    clearTimeout(this.#holdTimer);
    this.#factsListeners.clear();
    this.#listeners.clear();
    this.element.remove();
  }

  paint(nowMs: number): void {
    if (!this.#isVisible) return;
    this.#grid.render(this.#rows, this.#look(nowMs));
    this.#glow.painted(nowMs);
    if (this.#rows.flow !== 'following' && !this.#isSorted) {
      this.#isSorted = true;
      // Rows that are taken out and put back lose what is selected in them.
      if (this.#hold.reason !== 'selection') this.#grid.sortDocument();
      this.#grid.renew(this.#look(nowMs));
    }
    if (this.#canLoadOlder) this.#older.reached();
  }

  tick(nowMs: number): void {
    const isFlood = this.#rate.exceeded(FLOOD.perSecond, FLOOD.seconds, nowMs);
    if (isFlood && this.#rows.view === 'stream' && !this.#keepsStream && this.#rows.flow === 'following') {
      this.#changeRows(() => this.#rows.setView('grouped'));
      this.#autoGrouped = true;
      this.#feed.notice(AUTO_GROUPED_WORDS);
    }
    this.#rows.reorder();
    if (this.#isVisible && !document.hidden && this.#pausedAtMs === null) this.#grid.renew(this.#look(nowMs));
    this.#changed(columnState(this.#stateInputs(nowMs)).name !== this.#facts.state.name);
  }

  #takeNews(lines: readonly EventLine[], batch: EventBatch, isLive: boolean): void {
    const shown = lines.filter(({ hiddenBy }) => hiddenBy === '');
    const nowMs = Date.now();
    this.#older.refreshTail();
    if (!this.#isVisible) this.#unseen += shown.length;
    if (!isLive || shown.length === 0) return;
    this.#rate.add(nowMs, shown.length);
    const perSecond = this.#rate.over(1, nowMs) / 2;
    for (const line of shown) {
      this.#glow.fired(this.#rows.keyOf(line), perSecond, nowMs);
      this.#toAnnounce.count++;
      const { event } = line.entry;
      if (event.confidence > (this.#toAnnounce.strongest?.confidence ?? -1)) this.#toAnnounce.strongest = event;
    }
    this.#options.announcer.say(this.tier, () => this.#announcement());
    if (!this.#isVisible || this.#rows.flow !== 'following') return;
    this.#options.painter.received(
      batch.receivedAtMs,
      shown.filter(isTimed).map(line => this.#journeyOf(line, batch.receivedAtMs)),
    );
  }

  #announcement(): string {
    const { count, strongest } = this.#toAnnounce;
    this.#toAnnounce = { count: 0, strongest: null };
    if (!strongest) return '';
    const name = `${strongest.symbol} ${patternName(strongest.pattern_type)} ${percentOf(strongest.confidence)}`;
    return `${this.#options.title} ${count} new; ${name}`;
  }

  #journeyOf({ entry }: EventLine, receivedAtMs: number): Journey {
    const { bridge_at_ms, hub_at_ms } = entry.event.hops;
    return {
      detectedAtMs: entry.detectedAtMs,
      bridgeAtMs: bridge_at_ms,
      hubAtMs: hub_at_ms,
      receivedAtMs,
      offset: this.#options.topic.clockOffset,
    };
  }

  /** What is subscribed to has changed: the rows begin anew, and are followed unless somebody wants them held. */
  #restart(): void {
    this.#older.restart();
    if (this.#hold.reason !== 'toggle') this.resume();
  }

  #rehide(): void {
    const cursorId = this.#onlyRelated ? (this.cursor?.event.id ?? null) : null;
    const hider = (event: PatternEvent): HiddenBy => {
      if (this.#marks.isMuted(event)) return 'muted';
      if (this.#hides?.(event)) return 'local';
      return this.#onlyRelated && event.id !== cursorId && !this.#relates!(event) ? 'unrelated' : '';
    };
    this.#changeRows(() => this.#rows.setHider(hider));
  }

  /** Changes which rows there are, and keeps the one that is being read where it is. */
  #changeRows(change: () => void): void {
    const { head } = this.#rows;
    const anchors: { key: string; y: number }[] = [];
    if (this.#rows.flow !== 'following') {
      const cursor = this.#cursorPosition;
      const inView = cursor !== null && this.#grid.isInView(cursor, head) ? [cursor] : [];
      for (let row = 0; row <= this.#grid.rowsPerPage; row++) {
        inView.push(this.#grid.positionAt(row * this.#grid.rowHeight, head));
      }
      for (const position of inView) {
        const key = this.#rows.at(position)?.entry.key;
        if (key !== undefined) anchors.push({ key, y: this.#grid.offsetOf(position, head) });
      }
    }
    change();
    for (const { key, y } of anchors) {
      const position = this.#rows.positionOf(key);
      if (position === null) continue;
      this.#grid.keep(position, y, this.#rows);
      break;
    }
    this.#isSorted = false;
    this.#changed(true);
  }

  #flow(): void {
    const flow = this.#pausedAtMs !== null ? 'paused' : this.#hold.reason === null ? 'following' : 'held';
    clearTimeout(this.#holdTimer);
    const { dueAtMs } = this.#hold;
    if (dueAtMs !== null) {
      const tick = () => {
        this.#hold.tick(performance.now());
        this.#flow();
      };
      this.#holdTimer = setTimeout(tick, Math.max(1, dueAtMs - performance.now()));
    }
    if (flow === this.#rows.flow && this.#hold.reason === this.#facts.holdReason) return;
    if (flow !== this.#rows.flow) {
      this.#rows.setFlow(flow);
      this.#isSorted = false;
      if (flow === 'following') {
        this.#grid.scrollTo(0);
        this.#older.refreshTail();
      }
    }
    this.#changed(true);
  }

  /** Somebody reads row by row: the keyboard is here, and nothing moves. */
  #read(): void {
    if (!this.element.contains(document.activeElement)) this.focus();
    this.#hold.focused(true, performance.now());
    this.#flow();
  }

  #measured(): void {
    this.#grid.measure();
    this.#hold.scrolled(this.#grid.isAway, performance.now());
    this.#flow();
    this.#options.painter.request(this);
  }

  #isInView(row: Row): boolean {
    if (!this.#isVisible || document.hidden) return false;
    const { head } = this.#rows;
    for (let back = 1; back <= this.#grid.rowsPerPage; back++) if (this.#rows.at(head - back) === row) return true;
    return false;
  }

  get #canLoadOlder(): boolean {
    const isReady = this.#pausedAtMs === null && this.#feed.isSettled && this.#rows.size > 0;
    return isReady && this.#grid.isEndInView(this.#rows);
  }

  get #cursorPosition(): number | null {
    return this.#cursorKey === null ? null : this.#rows.positionOf(this.#cursorKey);
  }

  #setCursor(key: string | null): void {
    this.#cursorKey = key;
    this.#changed(true);
  }

  #look(nowMs: number): Look {
    const offsetMs = this.#options.topic.clockOffset?.offsetMs ?? 0;
    const relates = this.#relates;
    return {
      nowMs: (this.#pausedAtMs ?? nowMs) - offsetMs,
      clock: this.#clock,
      isStale: this.#facts.state.name === 'stale',
      version: this.#lookVersion,
      isStarred: ({ entry }) => entry.type === 'pattern' && this.#marks.isStarred(entry.event),
      isRelated: ({ entry }) => relates !== null && entry.type === 'pattern' && relates(entry.event),
      glows: key => this.#pausedAtMs === null && this.#glow.take(key),
      cursorKey: this.#cursorKey,
    };
  }

  #changed(isGrave: boolean): void {
    this.#options.painter.request(this);
    if (isGrave) this.#tellFacts();
    else if (this.#factsTimer === undefined) {
      const waitMs = Math.max(0, this.#factsAtMs + FACTS_PERIOD_MS - performance.now());
      this.#factsTimer = setTimeout(() => this.#tellFacts(), waitMs);
    }
  }

  #tellFacts(): void {
    clearTimeout(this.#factsTimer);
    this.#factsTimer = undefined;
    this.#factsAtMs = performance.now();
    const before = this.#facts;
    this.#facts = this.#makeFacts(Date.now());
    if (before.state.name !== this.#facts.state.name) this.#announceState(before);
    for (const listener of this.#factsListeners) listener(this.#facts);
    const { cursor } = this;
    if (cursor === this.#toldCursor) return;
    this.#toldCursor = cursor;
    this.#tell('cursor', cursor, null);
  }

  #announceState(before: ColumnFacts): void {
    const { title, announcer } = this.#options;
    const { words } = stateWords(this.#facts.state, { title, nowMs: Date.now(), clock: this.#clock });
    if (ALARMING.has(this.#facts.state.name)) announcer.alarm(title, words);
    else if (ALARMING.has(before.state.name)) announcer.say(`${this.tier} state`, `${title} is connected again`);
  }

  #makeFacts(nowMs: number): ColumnFacts {
    const { topic } = this.#options;
    const rows = this.#rows;
    const feed = this.#feed;
    const { local, muted } = rows.hidden;
    const highestInView = this.#grid.positionAt(0, rows.head);
    return {
      ...countRows(rows),
      topic: topic.state,
      epoch: feed.epoch,
      state: columnState(this.#stateInputs(nowMs)),
      hold: rows.flow,
      holdReason: rows.flow === 'held' ? this.#hold.reason : null,
      newWhileHeld: rows.news,
      view: rows.view,
      autoGrouped: this.#autoGrouped,
      held: rows.held,
      hidden: { local, muted },
      unseen: this.#unseen,
      perMinute: this.#rate.over(60, nowMs),
      perSecond: this.#rate.over(RATE_SECONDS, nowMs) / RATE_SECONDS,
      lastEventAtMs: feed.lastEventAtMs,
      heartbeatAtMs: feed.heartbeatAtMs,
      bridges: feed.bridges,
      related: this.#relates && countRelated(rows, this.#relates, highestInView),
      backfill: feed.backfilled === null ? null : { received: feed.backfilled },
      withheldLately: feed.withheldLately(nowMs),
      refusal: feed.refusal,
      loadingOlder: this.#older.isLoading,
      tapeEnd: this.#older.isAtEnd,
    };
  }

  #stateInputs(nowMs: number) {
    const { topic, painter } = this.#options;
    const feed = this.#feed;
    const { calendar, isStreaming } = this.#market;
    const serverNowMs = nowMs - (topic.clockOffset?.offsetMs ?? 0);
    const { local, muted, unrelated } = this.#rows.hidden;
    return {
      tier: this.tier,
      nowMs,
      topic: topic.state,
      lostAtMs: feed.lostAtMs,
      wasOpen: feed.openedAtMs !== null,
      isOnline: navigator.onLine,
      visibleSinceMs: painter.visibleSinceMs,
      heartbeatAtMs: feed.heartbeatAtMs,
      heartbeatMs: topic.hello?.heartbeat_ms ?? null,
      openedAtMs: feed.openedAtMs,
      session: calendar && sessionAt(calendar, serverNowMs),
      isStreaming,
      lastEventAtMs: feed.lastEventAtMs,
      subscriptions: feed.subscriptions,
      refused: feed.refusal && { ...feed.refusal, count: feed.refusedSubscriptions },
      held: this.#rows.held,
      hidden: { local, muted, unrelated },
      hasTape: feed.hasTape,
      backfilled: feed.backfilled ?? 0,
    };
  }

  #gestures(): Gestures {
    const held = (hold: () => void) => {
      hold();
      this.#flow();
    };
    const entryAt = (target: EventTarget | null) => {
      const entry = this.#grid.viewOf(target)?.entry ?? null;
      return entry?.type === 'pattern' ? entry : null;
    };
    return {
      pointerMoved: (target, nowMs) => {
        this.#showToolbar(target);
        held(() => this.#hold.pointerMoved(nowMs));
      },
      pointerLeft: nowMs => {
        this.#toolbar.hide();
        held(() => this.#hold.pointerLeft(nowMs));
      },
      scrolled: nowMs => {
        this.#toolbar.hide();
        this.#grid.measure();
        this.#older.scrolled();
        this.#isSorted = false;
        held(() => this.#hold.scrolled(this.#grid.isAway, nowMs));
        this.#options.painter.request(this);
      },
      focused: (isInside, nowMs) => held(() => this.#hold.focused(isInside, nowMs)),
      selected: (isInside, nowMs) => held(() => this.#hold.selected(isInside, nowMs)),
      clicked: (target, isTap) => {
        const entry = entryAt(target);
        const action = this.#toolbar.actionOf(target);
        if (action !== null) return this.#tell(action, entry, null);
        if (!entry) return;
        this.#setCursor(entry.key);
        if (isTap) this.#tell('activate', entry, null);
      },
      doubleClicked: target => {
        const entry = entryAt(target);
        if (entry && this.#toolbar.actionOf(target) === null) this.#tell('activate', entry, null);
      },
      menuWanted: (target, at) => {
        const entry = entryAt(target);
        if (!entry || !this.#listeners.get('menu')?.size) return false;
        this.#setCursor(entry.key);
        this.#tell('menu', entry, at);
        return true;
      },
      glowEnded: target => this.#grid.viewOf(target)?.endGlow(),
    };
  }

  #showToolbar(target: EventTarget | null): void {
    const view = this.#grid.viewOf(target);
    if (view?.entry?.type !== 'pattern') {
      this.#toolbar.hide();
      return;
    }
    const { entry } = view;
    this.#toolbar.show(view.element, entry, this.#marks.isStarred(entry.event));
    const caveats = caveatsOf(entry.event).map(({ words }) => words);
    view.element.title = caveats.join('\n');
  }

  #tell(name: ColumnEvent, entry: PatternEntry | null, at: { x: number; y: number } | null): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(entry, at);
  }
}

function isTimed({ entry }: EventLine): boolean {
  return entry.event.time_origin === 'zoned' || entry.event.time_origin === 'epoch';
}
