import type { PatternEvent } from '../../shared/events.ts';
import type { Entry, NoteEntry, PatternEntry } from './entry.ts';

/** An event or a note where it stands on the tape. */
export interface Line {
  /** As a row of its own; another object when it has changed. */
  entry: Entry;
  /** Counts the tape's incarnations as they were met. */
  readonly epoch: number;
  /** An event's own; a note stands above the event of its `seq`. */
  readonly seq: number;
  /** Rises with each line that comes in; 0 = was asked for (a snapshot, older rows) and is no news. */
  readonly arrival: number;
}

export interface EventLine extends Line {
  entry: PatternEntry;
  hiddenBy: HiddenBy;
}

/** Notes kept; only a connection that comes and goes for hours makes so many. */
const MAX_NOTES = 200;

/** Why an event is not shown; empty = it is. */
export type HiddenBy = '' | 'local' | 'muted' | 'unrelated';

export function isEvent(line: Line): line is EventLine {
  return line.entry.type === 'pattern';
}

/** Which of two lines stands lower: less than 0 = `a`. */
export function compareLines(a: Place, b: Place): number {
  return a.epoch - b.epoch || a.seq - b.seq;
}

type Place = Pick<Line, 'epoch' | 'seq'>;

/** What happened to the lines of a store. */
export interface StoreChanges {
  /** A line was taken in. Told before `removed` of the lines that make room for it. */
  added(line: Line): void;
  removed(line: Line): void;
}

/**
 * The newest events of a tier, at most `capacity`, each (epoch, seq) once, with the notes that stand between them. A
 * newcomer stands where its `seq` says, be it a CRITICAL one that overtook others, a backfill or an older page.
 */
export class Store {
  /** Oldest first. */
  readonly lines: Line[] = [];
  readonly #capacity: number;
  readonly #prefix: string;
  readonly #changes: StoreChanges;
  readonly #epochs: string[] = [];
  #held = 0;

  /** @param prefix begins the keys of all entries */
  constructor(options: { capacity: number; prefix: string; changes: StoreChanges }) {
    this.#capacity = options.capacity;
    this.#prefix = options.prefix;
    this.#changes = options.changes;
  }

  /** Events kept. */
  get held(): number {
    return this.#held;
  }

  get isFull(): boolean {
    return this.#held >= this.#capacity;
  }

  /** Where the oldest event stands; null when there is none. */
  get oldest(): { epoch: string; seq: number } | null {
    const line = this.lines.find(isEvent);
    return line ? { epoch: this.#epochs[line.epoch]!, seq: line.seq } : null;
  }

  /** @returns null when it is there already, or older than everything in a full store */
  add(epoch: string, event: PatternEvent, arrival: number): EventLine | null {
    const place = { epoch: this.#indexOf(epoch), seq: event.seq };
    const index = this.#above(place);
    for (let i = index - 1; i >= 0 && compareLines(this.lines[i]!, place) === 0; i--) {
      if (isEvent(this.lines[i]!)) return null;
    }
    if (this.isFull && index <= this.lines.findIndex(isEvent)) return null;
    const detectedAtMs = Date.parse(event.detected_at);
    const key = `${this.#prefix}-${place.epoch}-${event.seq}`;
    const line: EventLine = {
      entry: { type: 'pattern', key, epoch, event, count: 1, change: 0, firstAtMs: detectedAtMs, detectedAtMs },
      ...place,
      arrival,
      hiddenBy: '',
    };
    // Notes of the same seq stand above their event.
    this.lines.splice(this.#firstAt(index, place), 0, line);
    this.#held++;
    this.#changes.added(line);
    if (this.#held > this.#capacity) this.#dropOldest();
    return line;
  }

  /** Above the event of that position, and above the notes that are there already. */
  addNote(epoch: string, seq: number, note: NoteEntry, arrival: number): Line {
    const line: Line = { entry: note, epoch: this.#indexOf(epoch), seq, arrival };
    this.lines.splice(this.#above(line), 0, line);
    this.#changes.added(line);
    if (this.lines.length - this.#held > MAX_NOTES) {
      const [oldest] = this.lines.splice(
        this.lines.findIndex(other => !isEvent(other)),
        1,
      );
      this.#removed(oldest!);
    }
    return line;
  }

  /** Removes the events that are not wanted any more, and the notes below the oldest that is left. */
  retain(isWanted: (event: PatternEvent) => boolean): void {
    this.#removeIf(line => isEvent(line) && !isWanted(line.entry.event));
  }

  /** Removes everything below a position. */
  removeBelow(epoch: string, seq: number): void {
    const place = { epoch: this.#indexOf(epoch), seq };
    this.#removeIf(line => compareLines(line, place) < 0);
  }

  #removeIf(isGone: (line: Line) => boolean): void {
    const gone = this.lines.filter(isGone);
    if (gone.length === 0) return;
    const left = this.lines.filter(line => !isGone(line));
    this.lines.splice(0, this.lines.length, ...left);
    for (const line of gone) this.#removed(line);
    while (this.lines.length > 0 && !isEvent(this.lines[0]!)) this.#removed(this.lines.shift()!);
  }

  #dropOldest(): void {
    let line: Line;
    do {
      line = this.lines.shift()!;
      this.#removed(line);
    } while (!isEvent(line));
    // A note without anything below it divides nothing.
    while (this.lines.length > 0 && !isEvent(this.lines[0]!)) this.#removed(this.lines.shift()!);
  }

  #removed(line: Line): void {
    if (isEvent(line)) this.#held--;
    this.#changes.removed(line);
  }

  /** The index above all lines of a place. */
  #above(place: Place): number {
    let low = 0;
    let high = this.lines.length;
    // What comes in is nearly always the newest.
    if (high === 0 || compareLines(this.lines[high - 1]!, place) <= 0) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareLines(this.lines[middle]!, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAt(above: number, place: Place): number {
    let index = above;
    while (index > 0 && compareLines(this.lines[index - 1]!, place) === 0) index--;
    return index;
  }

  #indexOf(epoch: string): number {
    const known = this.#epochs.lastIndexOf(epoch);
    return known >= 0 ? known : this.#epochs.push(epoch) - 1;
  }
}
