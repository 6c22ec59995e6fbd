import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';
import type { Entry } from './entry.ts';
import type { Row } from './row-list.ts';
import type { RowContext } from './row-text.ts';
import { RowView } from './row-view.ts';

/** Rows drawn beyond each edge of what can be seen, once somebody scrolls: each costs something at every frame. */
const OVERSCAN = 4;
/** As long as nobody scrolls, the column's height may be off by so much: a change of it has the whole page laid out. */
const UNSEEN_SHARE = 1 / 64;
/** Offsets grow with every row; beyond some millions of pixels a browser rounds them. */
const MAX_OFFSET_ROWS = 20_000;

/** Rows by position, which rises upwards: the topmost is at `head` - 1, the lowest at `low`. */
export interface RowSource {
  readonly head: number;
  readonly low: number;
  at(position: number): Row | undefined;
  positionOf(key: string): number | null;
}

/** A row, and its distance in pixels from the upper edge of the view. */
export interface Anchor {
  key: string;
  y: number;
}

/** How the rows of a column are looked at. */
export interface Look extends Omit<RowContext, 'isStarred' | 'isRelated'> {
  /** Rises when the answer to either of the two questions below may have changed. */
  version: number;
  isStarred(event: PatternEvent): boolean;
  isRelated(event: PatternEvent): boolean;
  /** Whether a row is to glow now; asked once for each time it is drawn. */
  glows(key: string): boolean;
  cursorKey: string | null;
}

/**
 * Draws the rows that can be seen, from a pool that is used over and over. A row is anchored at its position in a pane
 * that is moved as a whole: a row that comes in above writes that one row and moves the pane, and as long as `head`
 * stays nothing moves at all.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #sizer: HTMLElement;
  readonly #pane: HTMLElement;
  readonly #id: string;
  readonly #views: RowView[] = [];
  #rowHeight = 44;
  #viewHeight = 0;
  #scrollTop = 0;
  #origin = 0;
  #size = -1;
  #paneY = -1;
  #head = 0;
  #low = 0;
  /** Of the cursor's row while that is drawn. */
  #activeId: string | null = null;

  constructor(tier: Tier, title: string) {
    this.#id = tier;
    this.element = document.createElement('div');
    this.element.className = 'live-rows';
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-label', title);
    this.element.dataset.tier = tier;
    this.element.dataset.density = 'default';
    this.element.tabIndex = 0;
    this.#sizer = document.createElement('div');
    this.#sizer.className = 'live-sizer';
    this.#sizer.setAttribute('role', 'presentation');
    this.#pane = document.createElement('div');
    this.#pane.className = 'live-pane';
    this.#pane.setAttribute('role', 'rowgroup');
    this.#sizer.append(this.#pane);
    this.element.append(this.#sizer);
  }

  get rowHeight(): number {
    return this.#rowHeight;
  }

  /** Rows that fit, at least one. */
  get rowsPerPage(): number {
    return Math.max(1, Math.floor(this.#viewHeight / this.#rowHeight));
  }

  get scrollTop(): number {
    return this.#scrollTop;
  }

  /** Whether the newest row is scrolled out of its place. */
  get isAway(): boolean {
    return this.#scrollTop >= this.#rowHeight / 2;
  }

  /** Another height of rows; what is at the top of the view stays there. */
  setRowHeight(px: number): void {
    if (px === this.#rowHeight) return;
    const top = this.#scrollTop / this.#rowHeight;
    this.#rowHeight = px;
    this.#size = -1;
    this.#paneY = -1;
    for (const view of this.#views) view.position = null;
    this.#setSize(this.#head - this.#low);
    this.scrollTo(top * px);
  }

  /** Reads anew how high it is and how far it is scrolled; called when either may have changed, never while drawing. */
  measure(): void {
    this.#viewHeight = this.element.clientHeight;
    this.#scrollTop = this.element.scrollTop;
    const width = widthName(this.element.clientWidth);
    if (this.element.dataset.width !== width) this.element.dataset.width = width;
  }

  scrollTo(top: number): void {
    if (Math.round(top) === Math.round(this.#scrollTop)) return;
    this.element.scrollTop = top;
    this.#scrollTop = this.element.scrollTop;
  }

  /** The position at so many pixels below the upper edge. */
  positionAt(y: number, head: number): number {
    return head - 1 - Math.floor((this.#scrollTop + y) / this.#rowHeight);
  }

  /** Pixels from the upper edge of the view to a position's row. */
  offsetOf(position: number, head: number): number {
    return (head - 1 - position) * this.#rowHeight - this.#scrollTop;
  }

  /** Whether any of a position's row can be seen, with that head. */
  isInView(position: number, head: number): boolean {
    const y = this.offsetOf(position, head);
    return y > -this.#rowHeight && y < this.#viewHeight;
  }

  /** Whether the lowest row can be seen, or is less than a page further down. */
  isEndNear({ head, low }: RowSource): boolean {
    return this.#viewHeight > 0 && this.offsetOf(low, head) < 2 * this.#viewHeight;
  }

  /** Scrolls as little as needed to show a position's row whole. */
  reveal(position: number, source: RowSource): void {
    this.#setSize(source.head - source.low);
    const y = this.offsetOf(position, source.head);
    if (y < 0) this.scrollTo(this.#scrollTop + y);
    else if (y + this.#rowHeight > this.#viewHeight) {
      this.scrollTo(this.#scrollTop + y + this.#rowHeight - this.#viewHeight);
    }
  }

  /** The rows that are being read, and where: the cursor's if it can be seen, then all that can be, from above. */
  anchors(source: RowSource, cursor: number | null): Anchor[] {
    const { head } = source;
    const positions = cursor !== null && this.isInView(cursor, head) ? [cursor] : [];
    for (let row = 0; row <= this.rowsPerPage; row++) positions.push(this.positionAt(row * this.#rowHeight, head));
    return positions.flatMap(position => {
      const key = source.at(position)?.entry.key;
      return key === undefined ? [] : [{ key, y: this.offsetOf(position, head) }];
    });
  }

  /** Scrolls so that the first of these rows that is still there is where it was. */
  restore(anchors: readonly Anchor[], source: RowSource): void {
    this.#setSize(source.head - source.low);
    for (const { key, y } of anchors) {
      const position = source.positionOf(key);
      if (position === null) continue;
      this.scrollTo(this.#scrollTop + this.offsetOf(position, source.head) - y);
      return;
    }
  }

  render(source: RowSource, look: Look): void {
    const { head, low } = source;
    this.#head = head;
    this.#low = low;
    this.#setSize(head - low, this.#scrollTop > 0 ? 0 : UNSEEN_SHARE);
    if (Math.abs(head - this.#origin) > MAX_OFFSET_ROWS) {
      this.#origin = head;
      for (const view of this.#views) view.position = null;
    }
    const manner = `${look.version} ${look.clock} ${look.isStale}`;
    const overscan = this.#scrollTop > 0 ? OVERSCAN : 0;
    const rows = this.#viewHeight === 0 ? 0 : Math.ceil(this.#viewHeight / this.#rowHeight) + 1 + 2 * overscan;
    const highest = head - 1 - Math.max(0, Math.floor(this.#scrollTop / this.#rowHeight) - overscan);
    const lowest = Math.max(low, highest - rows + 1);
    const free: RowView[] = [];
    const byPosition = new Map<number | null, RowView>();
    for (const view of this.#views) {
      const isDrawn = view.position !== null && view.position >= lowest && view.position <= highest;
      if (isDrawn) byPosition.set(view.position, view);
      else free.push(view);
    }
    for (let position = lowest; position <= highest; position++) {
      const view = byPosition.get(position) ?? free.pop() ?? this.#addView();
      this.#draw(view, position, source.at(position)!.entry, look, manner);
    }
    for (const view of free) park(view);
    const paneY = (head - this.#origin) * this.#rowHeight;
    if (paneY !== this.#paneY) {
      this.#paneY = paneY;
      this.#pane.style.transform = `translateY(${paneY}px)`;
    }
    this.#pointAtCursor();
  }

  /** What time alone changes, and where rows stand among all, which following rows would have to be told all the time. */
  renew(look: Look): void {
    this.element.setAttribute('aria-rowcount', String(this.#head - this.#low));
    for (const view of this.#shown()) {
      view.renewTime(look);
      view.setIndex(this.#head - view.position!);
    }
  }

  /** Lets glows fade. @returns whether any row still glows */
  fade(): boolean {
    return this.#views.filter(view => view.fade()).length > 0;
  }

  /** Puts the rows into the document in the order they are seen, for whoever reads them there. Moves as few as it can. */
  sortDocument(): void {
    const inOrder = this.#shown().sort((a, b) => b.position! - a.position!);
    let next: Element | null = null;
    for (const { element } of inOrder.reverse()) {
      if (element.nextElementSibling !== next || element.parentElement === null) this.#pane.insertBefore(element, next);
      next = element;
    }
  }

  /** The row an event of the page is about. */
  viewOf(target: EventTarget | null): RowView | null {
    const row = target instanceof Element ? target.closest('.live-row') : null;
    return this.#views.find(view => view.element === row) ?? null;
  }

  #draw(view: RowView, position: number, entry: Entry, look: Look, manner: string): void {
    if (view.entry !== entry || view.manner !== manner) {
      if (view.entry?.key !== entry.key) view.endGlow();
      if (entry.type === 'note') view.drawNote(entry);
      else {
        const { event } = entry;
        view.drawPattern(entry, { ...look, isStarred: look.isStarred(event), isRelated: look.isRelated(event) });
      }
      view.manner = manner;
    }
    if (look.glows(entry.key)) view.glow();
    view.setCursor(entry.key === look.cursorKey);
    if (view.position !== position) {
      view.position = position;
      view.place(-(position - this.#origin + 1) * this.#rowHeight);
    }
    if (view.element.parentElement === null) this.#pane.append(view.element);
  }

  #pointAtCursor(): void {
    const id = this.#shown().find(({ isCursor }) => isCursor)?.element.id ?? null;
    if (id === this.#activeId) return;
    this.#activeId = id;
    if (id === null) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', id);
  }

  #shown(): RowView[] {
    return this.#views.filter(view => view.position !== null && view.element.parentElement !== null);
  }

  /** @param slack the share of the height that it may be off by, as long as all that can be seen is there either way */
  #setSize(rows: number, slack = 0): void {
    const size = rows * this.#rowHeight;
    if (Math.abs(size - this.#size) <= size * slack && Math.min(size, this.#size) > this.#viewHeight) return;
    if (size === this.#size) return;
    this.#size = size;
    this.#sizer.style.height = `${size}px`;
  }

  #addView(): RowView {
    const view = new RowView(`${this.#id}-row-${this.#views.length}`);
    this.#views.push(view);
    return view;
  }
}

/** For style: how much room rows have to say things side by side. */
function widthName(px: number): 'narrow' | 'medium' | 'wide' {
  if (px <= 420) return 'narrow';
  return px < 540 ? 'medium' : 'wide';
}

/** Out of the document: nothing that cannot be seen is there. */
function park(view: RowView): void {
  view.position = null;
  view.endGlow();
  if (view.element.parentElement !== null) view.element.remove();
}
