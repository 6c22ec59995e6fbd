import type { Entry, NoteEntry, PatternEntry } from './entry.ts';
import { iconElement, patternPath } from './icons.ts';
import { type RowContext, rowText, showsAge, type TimeContext, timeWords } from './row-text.ts';

const CELLS = ['dir', 'sym', 'name', 'tf', 'bars', 'conf', 'count', 'price', 'marks', 'time'] as const;
type Cell = (typeof CELLS)[number];

/** How long a row glows. */
export const GLOW_MS = 1_200;
/**
 * How many characters surely fit where something longer may come: only then the cell clips, which costs the browser a
 * layer to sort at every frame.
 */
const ROOM: Partial<Record<Cell, number>> = { sym: 6, name: 16, price: 12, marks: 5 };

/**
 * A row's elements, made once and used for one entry after another. Writes only what is another than before, and what
 * comes from the wire only as text. A note uses the cell of the name; the others are hidden by style.
 */
export class RowView {
  readonly element: HTMLElement;
  /** Where it stands, and what it shows; null = nothing yet. */
  position: number | null = null;
  entry: Entry | null = null;
  /** What besides its entry it was drawn from. */
  manner = '';
  isCursor = false;
  readonly #cells: Record<Cell, Text>;
  readonly #icon: SVGPathElement;
  readonly #written = new Map<string, string | null>();
  #glowsSinceMs: number | null = null;

  constructor(id: string) {
    const element = document.createElement('div');
    element.id = id;
    element.className = 'live-row';
    element.setAttribute('role', 'row');
    this.#cells = Object.fromEntries(CELLS.map(cell => [cell, addCell(element, cell)])) as Record<Cell, Text>;
    // Last, so that all text is painted in one go; its place is the grid's matter.
    const icon = iconElement('');
    this.#icon = icon.firstElementChild as SVGPathElement;
    element.append(icon);
    this.element = element;
  }

  drawPattern(entry: PatternEntry, context: RowContext): void {
    if (entry.key !== this.entry?.key) this.setTitle(null);
    this.entry = entry;
    const text = rowText(entry, context);
    this.#text('dir', text.glyph);
    this.#text('sym', text.symbol);
    this.#text('name', text.name);
    this.#text('tf', text.timeframe);
    this.#text('bars', text.bars);
    this.#text('conf', text.confidence);
    this.#text('count', text.count);
    this.#text('price', text.price);
    this.#text('marks', text.marks);
    this.#text('time', text.time);
    this.#path(patternPath(entry.event.pattern_type));
    this.#attribute('data-key', entry.key);
    this.#attribute('data-seq', String(entry.event.seq));
    this.#attribute('data-symbol', entry.event.symbol);
    this.#attribute('data-note', null);
    this.#cellAttribute('dir', 'data-direction', text.direction);
    this.#cellAttribute('time', 'data-doubtful', text.isTimeInDoubt ? '' : null);
    this.#attribute('data-related', context.isRelated ? '' : null);
    this.#attribute('aria-label', text.label);
  }

  drawNote(entry: NoteEntry): void {
    this.entry = entry;
    for (const cell of CELLS) this.#text(cell, cell === 'name' ? entry.words : '');
    this.#path('');
    this.#attribute('data-key', entry.key);
    this.#attribute('data-note', entry.note);
    for (const name of PATTERN_ATTRIBUTES) this.#attribute(name, null);
    this.#attribute('aria-label', entry.words);
    this.setTitle(entry.words);
  }

  /** What a pointer that rests on it is told. */
  setTitle(title: string | null): void {
    this.#attribute('title', title);
  }

  /** Only what time changes. */
  renewTime(context: TimeContext): void {
    if (this.entry?.type !== 'pattern' || !showsAge(this.entry, context.isStale)) return;
    this.#text('time', timeWords(this.entry, context));
  }

  place(y: number): void {
    this.element.style.transform = `translateY(${y}px)`;
  }

  /** Whether the cursor is on it. */
  setCursor(isCursor: boolean): void {
    this.isCursor = isCursor;
    this.#attribute('aria-selected', String(isCursor));
  }

  /** Where it stands among all rows, for screen readers; the topmost is 1. */
  setIndex(index: number): void {
    this.#attribute('aria-rowindex', String(index));
  }

  /** A short glow on the stripe: bright for its first half, then dim. */
  glow(): void {
    this.#glowsSinceMs = performance.now();
    this.#attribute('data-glow', 'bright');
  }

  /** Lets the glow go on to where it has to be by now. @returns whether there still is one */
  fade(): boolean {
    if (this.#glowsSinceMs === null) return false;
    const ageMs = performance.now() - this.#glowsSinceMs;
    if (ageMs >= GLOW_MS) this.endGlow();
    else if (ageMs >= GLOW_MS / 2) this.#attribute('data-glow', 'dim');
    return this.#glowsSinceMs !== null;
  }

  endGlow(): void {
    this.#glowsSinceMs = null;
    this.#attribute('data-glow', null);
  }

  #text(cell: Cell, text: string): void {
    const node = this.#cells[cell];
    if (node.data === text) return;
    node.data = text;
    const room = ROOM[cell];
    if (room !== undefined) node.parentElement!.toggleAttribute('data-long', text.length > room);
  }

  #path(d: string): void {
    if (this.#written.get('d') === d) return;
    this.#written.set('d', d);
    this.#icon.setAttribute('d', d);
  }

  #attribute(name: string, value: string | null): void {
    this.#write(this.element, name, value);
  }

  /** For style that only this cell has: said at the row, it would have the browser look at every cell of it. */
  #cellAttribute(cell: Cell, name: string, value: string | null): void {
    this.#write(this.#cells[cell].parentElement!, name, value);
  }

  #write(element: Element, name: string, value: string | null): void {
    const before = this.#written.get(name) ?? null;
    if (before === value) return;
    this.#written.set(name, value);
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

const PATTERN_ATTRIBUTES = ['data-seq', 'data-symbol', 'data-related'];

function addCell(row: HTMLElement, name: string): Text {
  const cell = document.createElement('span');
  cell.className = name;
  // The digits say what the bars do.
  if (name === 'bars') cell.setAttribute('aria-hidden', 'true');
  else cell.setAttribute('role', 'gridcell');
  const text = document.createTextNode('');
  cell.append(text);
  row.append(cell);
  return text;
}
