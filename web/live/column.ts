import type { PatternEvent } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import type { Tier } from '../../shared/topics.ts';
import type { TopicClient } from '../client/client.ts';
import type { Announcer } from './announcer.ts';
import type { ExchangeCalendar } from './calendar.ts';
import type { Entry, PatternEntry } from './entry.ts';
import type { ColumnFacts, View } from './facts.ts';
import type { Painter } from './painter.ts';

export interface ColumnOptions {
  tier: Tier;
  title: string;
  /** Stays open when the column is closed; the column only takes its subscriptions back. */
  topic: TopicClient;
  painter: Painter;
  announcer: Announcer;
  /** Stored events before a position, newest first; the column leaves out what its subscriptions do not want. */
  loadOlder(query: { beforeSeq: number }): Promise<{ events: PatternEvent[]; nextBeforeSeq: number | null }>;
}

export interface NamedFilter {
  id: string;
  filter: Filter;
}

export type Density = 'compact' | 'default' | 'phone';

/** What people do with rows. `activate`: a double click, or a tap; the keyboard's Enter is the page's. */
export type ColumnEvent = 'activate' | 'menu' | 'star' | 'mute' | 'cursor';
export type ColumnListener = (entry: PatternEntry | null, at: { x: number; y: number } | null) => void;

/** One tier's rows: kept, listed, held and drawn. Everything around them is drawn from its `facts`. */
export class Column {
  readonly tier: Tier;
  /** The scrollable `role=grid` with its rows. */
  readonly element: HTMLElement;
  readonly #facts!: ColumnFacts;

  constructor({ tier }: ColumnOptions) {
    this.tier = tier;
    this.element = document.createElement('div');
  }

  /** A new object whenever something in it has changed. */
  get facts(): ColumnFacts {
    return this.#facts;
  }

  /** At most four times a second, at once on a change of state, hold or cursor. @returns a function that ends that */
  onFacts(_listener: (facts: ColumnFacts) => void): () => void {
    return () => {};
  }

  /** Makes the server's subscriptions exactly these. Events that none of them wants leave the column. */
  subscribe(_subscriptions: readonly NamedFilter[]): void {}

  setView(_view: View): void {}
  /** Back to `stream`, and never away from it without being asked again. */
  keepStream(): void {}
  /** Hides events; they stay kept and are counted. Is asked anew now and then, for filters by age. */
  setHidden(_hides: ((event: PatternEvent) => boolean) | null): void {}
  setMarks(_marks: { isStarred(event: PatternEvent): boolean; isMuted(event: PatternEvent): boolean }): void {}
  setDensity(_density: Density): void {}
  /** Whose clock rows show. */
  setClock(_clock: 'exchange' | 'local'): void {}
  /** When the exchange trades (null = not known yet), and whether the producer's streaming session is under way. */
  setMarket(_market: { calendar: ExchangeCalendar | null; isStreaming: boolean }): void {}
  setPaused(_isPaused: boolean): void {}
  /** The column's own toggle. */
  setHold(_isHeld: boolean): void {}
  /** A menu that was opened for a row is open: holds. */
  setMenu(_isOpen: boolean): void {}
  /** Follows again, whatever held it; the toggle goes off too. */
  resume(): void {}
  /** A column that is not visible keeps its events and draws nothing. */
  setVisible(_isVisible: boolean): void {}
  /** Outlines and counts related rows, or shows only them. */
  setRelated(_relates: ((event: PatternEvent) => boolean) | null, _onlyThese = false): void {}

  /** Down (older) when positive. From no cursor: to the first row in view. */
  moveCursor(_rows: number): void {}
  cursorToNewest(): void {}
  cursorToOldest(): void {}
  get cursor(): PatternEntry | null {
    return null;
  }
  focus(): void {
    this.element.focus();
  }

  /** As shown, top first. */
  entries(): readonly Entry[] {
    return [];
  }

  /** Scrolls to a row and puts the cursor on it. Does nothing when there is none of that key. */
  reveal(_key: string): void {}

  on(_name: ColumnEvent, _listener: ColumnListener): () => void {
    return () => {};
  }

  close(): void {}
}
