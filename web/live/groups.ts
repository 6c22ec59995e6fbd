import type { PatternEntry } from './entry.ts';
import { compareLines, type EventLine } from './store.ts';

/** Firings of the same pattern on the same symbol, timeframe and direction, as one row. */
export interface Group {
  entry: PatternEntry;
  /** Those that are kept and shown, oldest first; empty once the group is over. */
  readonly lines: EventLine[];
  /** The one that the entry shows. */
  newest: EventLine;
  /** What has left the store; null when nothing has. */
  gone: { count: number; firstAtMs: number; confidence: number } | null;
}

/** The group of every event that is shown. */
export class Groups {
  #byKind = new Map<string, Group>();
  readonly #kinds = new WeakMap<EventLine, string>();
  readonly #prefix: string;
  #made = 0;

  /** @param prefix begins the keys of all groups */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  of(line: EventLine): Group | undefined {
    return this.#byKind.get(this.#kindOf(line));
  }

  /** @returns the group it went to, and whether it is the newest of it */
  add(line: EventLine): { group: Group; isFirst: boolean; isNewest: boolean } {
    const kind = this.#kindOf(line);
    const known = this.#byKind.get(kind);
    if (!known) {
      const key = `${this.#prefix}-g${++this.#made}`;
      const group: Group = { entry: { ...line.entry, key }, lines: [line], newest: line, gone: null };
      this.#byKind.set(kind, group);
      return { group, isFirst: true, isNewest: true };
    }
    let index = known.lines.length;
    while (index > 0 && compareLines(known.lines[index - 1]!, line) > 0) index--;
    const isNewest = index === known.lines.length;
    known.lines.splice(index, 0, line);
    if (isNewest) known.newest = line;
    known.entry = entryOf(known);
    return { group: known, isFirst: false, isNewest };
  }

  /** The oldest line of a group has left the store; it still counts. @returns its group if that is over */
  leave(line: EventLine): Group | null {
    const kind = this.#kindOf(line);
    const group = this.#byKind.get(kind);
    if (group?.lines[0] !== line) return null;
    group.lines.shift();
    if (group.lines.length === 0) {
      this.#byKind.delete(kind);
      return group;
    }
    const { detectedAtMs, event } = line.entry;
    group.gone = {
      count: (group.gone?.count ?? 0) + 1,
      firstAtMs: group.gone?.firstAtMs ?? detectedAtMs,
      confidence: event.confidence,
    };
    return null;
  }

  /**
   * Groups these lines anew. Groups that were there keep their keys and, unless it is to be forgotten, the count of what
   * has left the store.
   */
  regroup(lines: Iterable<EventLine>, { forgets }: { forgets: boolean }): void {
    const before = this.#byKind;
    this.#byKind = new Map();
    for (const line of lines) {
      const { group, isFirst } = this.add(line);
      const known = isFirst ? before.get(this.#kindOf(line)) : undefined;
      if (!known) continue;
      if (!forgets) group.gone = known.gone;
      group.entry = { ...group.entry, key: known.entry.key };
      group.entry = entryOf(group);
    }
  }

  /** Asked for each line whenever rows are made anew. */
  #kindOf(line: EventLine): string {
    let kind = this.#kinds.get(line);
    if (kind === undefined) {
      const { symbol, pattern_type, timeframe, direction } = line.entry.event;
      kind = JSON.stringify([symbol, pattern_type, timeframe, direction]);
      this.#kinds.set(line, kind);
    }
    return kind;
  }
}

function entryOf({ entry: { key }, lines, newest, gone }: Group): PatternEntry {
  const { event } = newest.entry;
  const before = lines.at(-2)?.entry.event.confidence ?? gone?.confidence;
  return {
    ...newest.entry,
    key,
    count: lines.length + (gone?.count ?? 0),
    change: before === undefined ? 0 : Math.round((event.confidence - before) * 1_000),
    firstAtMs: gone?.firstAtMs ?? lines[0]!.entry.detectedAtMs,
  };
}
