import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { Entry, NoteEntry } from './entry.ts';
import type { View } from './facts.ts';
import { GroupedList } from './grouped-list.ts';
import { type Group, Groups } from './groups.ts';
import { Order } from './order.ts';
import type { Row, RowList } from './row-list.ts';
import { type EventLine, type HiddenBy, isEvent, type Line, Store } from './store.ts';
import { StreamList } from './stream-list.ts';
import { Tally } from './tally.ts';
import { TopList } from './top-list.ts';

/** From this confidence on news counts as strong. */
const STRONG = 0.9;

/** `following`: what comes in is shown. `held`: nothing moves. `paused`: nothing changes. */
export type Flow = 'following' | 'held' | 'paused';

/**
 * The rows of a column, as events come in, leave, are hidden and are held back: what is kept, what of it is shown and
 * where, with exact counts of everything that is not.
 */
export class Rows {
  readonly #store: Store;
  readonly #groups: Groups;
  readonly #lists: Record<View, RowList> & { top: TopList };
  readonly #isInView: (row: Row) => boolean;
  #view: View = 'grouped';
  #flow: Flow = 'following';
  #arrivals = 0;
  /** The last arrival that may be shown while nothing may move. */
  #until = Number.POSITIVE_INFINITY;
  /** What is shown while nothing may change. */
  #still: Order<Row> | null = null;
  #tail: { entry: NoteEntry } | null = null;
  #hider: (event: PatternEvent) => HiddenBy = () => '';
  readonly #tally = new Tally();
  #news = { count: 0, strong: 0 };
  #isBulk = false;

  /** @param options.isInView whether a row can be seen: it is then renewed where it is */
  constructor(options: { tier: Tier; capacity: number; isInView(row: Row): boolean }) {
    const { tier, capacity } = options;
    this.#isInView = options.isInView;
    this.#groups = new Groups(tier);
    this.#lists = { stream: new StreamList(), grouped: new GroupedList(), top: new TopList(tier) };
    this.#store = new Store({
      capacity,
      prefix: tier,
      changes: { added: line => this.#added(line), removed: line => this.#removed(line) },
    });
  }

  get view(): View {
    return this.#view;
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** Events kept, shown or not. */
  get held(): number {
    return this.#store.held;
  }

  get isFull(): boolean {
    return this.#store.isFull;
  }

  get oldest(): { epoch: string; seq: number } | null {
    return this.#store.oldest;
  }

  /** All that is kept, oldest first. */
  get lines(): readonly Line[] {
    return this.#store.lines;
  }

  /** Position above the topmost row. */
  get head(): number {
    return this.#order.head;
  }

  /** Position of the lowest row. */
  get low(): number {
    return this.#order.base - (this.#tail ? 1 : 0);
  }

  get size(): number {
    return this.head - this.low;
  }

  /** The row at a position; undefined where there is none. */
  at(position: number): Row | undefined {
    return this.#tail && position === this.#order.base - 1 ? this.#tail : this.#order.at(position);
  }

  /** null when no row of that key is shown. */
  positionOf(key: string): number | null {
    if (this.#tail?.entry.key === key) return this.low;
    const index = this.#order.rows.findLastIndex(row => row.entry.key === key);
    return index < 0 ? null : index + this.#order.base;
  }

  /** The key of the row that shows an event, in this view. */
  keyOf(line: EventLine): string {
    return (this.#view === 'stream' ? line : (this.#groups.of(line) ?? line)).entry.key;
  }

  /** As shown, top first. */
  entries(): Entry[] {
    const entries = this.#order.rows.map(row => row.entry);
    if (this.#tail) entries.unshift(this.#tail.entry);
    return entries.reverse();
  }

  get hidden(): Readonly<Record<HiddenBy, number>> {
    return this.#tally.hidden;
  }

  /** Over the events that are shown, 0..1; null when there are none. */
  get medianConfidence(): number | null {
    return this.#tally.medianConfidence;
  }

  /** Whether any event kept comes from a simulator. */
  get isSimulated(): boolean {
    return this.#tally.isSimulated;
  }

  /** As shown, lowest first, but for the tail; the first stands at position `base`. */
  get inOrder(): { readonly rows: readonly Row[]; readonly base: number } {
    return this.#order;
  }

  /** What has come in, and would be shown, since it does not follow. */
  get news(): Readonly<{ count: number; strong: number }> {
    return this.#news;
  }

  /** @param isNews false for what was asked for, such as a snapshot. @returns null when it was there, or has no room */
  add(epoch: string, event: PatternEvent, { isNews }: { isNews: boolean }): EventLine | null {
    return this.#store.add(epoch, event, isNews ? ++this.#arrivals : 0);
  }

  /** Puts a note above the event of that position. */
  addNote(epoch: string, seq: number, note: NoteEntry): Line {
    return this.#store.addNote(epoch, seq, note, ++this.#arrivals);
  }

  /** The row that stands below all others whatever comes: where the column ends, and why. */
  get tail(): NoteEntry | null {
    return this.#tail?.entry ?? null;
  }

  setTail(note: NoteEntry | null): void {
    this.#tail = note && { entry: note };
  }

  /** Lets go of the events that are not wanted any more, and counts anew what is left. */
  retain(isWanted: (event: PatternEvent) => boolean): void {
    this.#inBulk(() => this.#store.retain(isWanted));
  }

  /** Lets go of everything below a position. */
  removeBelow(epoch: string, seq: number): void {
    this.#inBulk(() => this.#store.removeBelow(epoch, seq));
  }

  /** Shows what was asked for although nothing may move. */
  refresh(): void {
    this.#rebuild();
  }

  setView(view: View): void {
    if (view === this.#view) return;
    // What is not shown holds on to nothing.
    this.#list.order.replace([]);
    this.#view = view;
    this.#rebuild();
  }

  /** Follows, holds or pauses. Following again shows everything, in order. */
  setFlow(flow: Flow): void {
    if (flow === this.#flow) return;
    const wasFollowing = this.#flow === 'following';
    this.#flow = flow;
    if (flow === 'following') {
      this.#until = Number.POSITIVE_INFINITY;
      this.#news = { count: 0, strong: 0 };
      this.#rebuild();
    } else {
      if (wasFollowing) this.#until = this.#arrivals;
      this.#still = flow === 'paused' ? stillOf(this.#list.order) : null;
    }
  }

  /** Hides events for a reason; asked once for each that comes in. @returns whether that changes what is hidden */
  setHider(hider: (event: PatternEvent) => HiddenBy): boolean {
    this.#hider = hider;
    let isChanged = false;
    for (const line of this.#store.lines) {
      if (!isEvent(line)) continue;
      const hiddenBy = hider(line.entry.event);
      if (hiddenBy === line.hiddenBy) continue;
      this.#tally.remove(line);
      line.hiddenBy = hiddenBy;
      this.#tally.add(line);
      isChanged = true;
    }
    if (isChanged) {
      this.#groups.regroup(this.#shownEvents(), { forgets: false });
      this.#recount();
      this.#rebuild();
    }
    return isChanged;
  }

  /** Ranks the top view anew, unless nothing may move. */
  reorder(): void {
    if (this.#view === 'top' && this.#flow === 'following') this.#lists.top.reorder();
  }

  get #list(): RowList {
    return this.#lists[this.#view];
  }

  get #order(): Order<Row> {
    return this.#still ?? this.#list.order;
  }

  get #isFrozen(): boolean {
    return this.#flow !== 'following';
  }

  #added(line: Line): void {
    if (isEvent(line)) {
      line.hiddenBy = this.#hider(line.entry.event);
      this.#tally.add(line);
      if (line.hiddenBy !== '') return;
      this.#countNews(line);
    }
    const grouped = isEvent(line) ? this.#groups.add(line) : null;
    this.#list.add({ line, grouped, isFrozen: this.#isFrozen, isInView: this.#isInView });
  }

  #removed(line: Line): void {
    if (isEvent(line)) this.#tally.remove(line);
    if (this.#isBulk || (isEvent(line) && line.hiddenBy !== '')) return;
    const ended = isEvent(line) ? this.#groups.leave(line) : null;
    this.#list.remove(line, ended, this.#isFrozen);
  }

  #inBulk(change: () => void): void {
    const before = this.#store.lines.length;
    this.#isBulk = true;
    change();
    this.#isBulk = false;
    if (this.#store.lines.length === before) return;
    this.#groups.regroup(this.#shownEvents(), { forgets: true });
    this.#recount();
    this.#rebuild();
  }

  #rebuild(): void {
    const shown = this.#store.lines.filter(line => !isEvent(line) || line.hiddenBy === '');
    this.#list.rebuild(shown, this.#until, line => this.#groupOf(line));
    this.#still = this.#flow === 'paused' ? stillOf(this.#list.order) : null;
  }

  #groupOf(line: Line): Group | undefined {
    return isEvent(line) ? this.#groups.of(line) : undefined;
  }

  #shownEvents(): EventLine[] {
    return this.#store.lines.filter(isEvent).filter(line => line.hiddenBy === '');
  }

  #recount(): void {
    this.#news = { count: 0, strong: 0 };
    for (const line of this.#shownEvents()) this.#countNews(line);
  }

  #countNews({ arrival, entry }: EventLine): void {
    if (arrival <= this.#until) return;
    const { count, strong } = this.#news;
    this.#news = { count: count + 1, strong: strong + Number(entry.event.confidence >= STRONG) };
  }
}

/** Rows as they are now, whatever becomes of them. */
function stillOf(order: Order<Row>): Order<Row> {
  const still = new Order<Row>();
  still.rows = order.rows.map(({ entry }) => ({ entry }));
  still.base = order.base;
  return still;
}
