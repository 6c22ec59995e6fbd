import type { View } from '../../../web/live/facts.ts';
import type { Flow } from '../../../web/live/rows.ts';

export interface Firing {
  seq: number;
  kind: string;
  confidence: number;
  arrival: number;
}

/** What a row is to show: of a group its key facts, in a stream its position. */
interface ModelRow {
  kind: string;
  seq: number;
}

const IN_VIEW = 3;
const HALF_LIFE_S = 24 * 3_600;

/** What `Rows` is to do, written to be read: lists are searched and sorted from scratch at every step. */
export class RowsModel {
  kept: Firing[] = [];
  view: View = 'grouped';
  flow: Flow = 'following';
  news = { count: 0, strong: 0 };
  /** How often the rows were made anew because somebody asked for it. */
  asked = 0;
  hides: (firing: Firing) => boolean = () => false;
  readonly #capacity: number;
  /** Top first. */
  #order: ModelRow[] = [];
  #gone = new Map<string, { count: number; firstSeq: number; confidence: number }>();
  #arrivals = 0;
  #until = Number.POSITIVE_INFINITY;
  #isRanked = true;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(seq: number, kind: string, confidence: number, isNews: boolean): void {
    const isKnown = this.kept.some(firing => firing.seq === seq);
    const isTooOld = this.kept.length === this.#capacity && this.kept.every(firing => firing.seq > seq);
    const arrival = isNews ? ++this.#arrivals : 0;
    if (isKnown || isTooOld) return;
    const firing = { seq, kind, confidence, arrival };
    const before = this.shown().filter(other => other.kind === kind);
    this.kept = [...this.kept, firing].sort((a, b) => a.seq - b.seq);
    if (!this.hides(firing)) {
      this.#show(firing, before);
      if (arrival > this.#until) this.#count(firing);
    }
    if (this.kept.length > this.#capacity) this.#evict(this.kept[0]!);
  }

  setFlow(flow: Flow): void {
    if (flow === this.flow) return;
    if (this.flow === 'following') this.#until = this.#arrivals;
    this.flow = flow;
    this.asked++;
    if (flow !== 'following') return;
    this.#until = Number.POSITIVE_INFINITY;
    this.news = { count: 0, strong: 0 };
    this.#rebuild();
  }

  setView(view: View): void {
    if (view === this.view) return;
    this.view = view;
    this.#rebuild();
  }

  hide(hides: (firing: Firing) => boolean): void {
    const before = this.shown();
    const kinds = new Set(before.map(({ kind }) => kind));
    this.hides = hides;
    const after = this.shown();
    if (before.length === after.length && before.every((firing, i) => firing === after[i])) return;
    const isStill = (kind: string) => kinds.has(kind) && after.some(firing => firing.kind === kind);
    for (const kind of [...this.#gone.keys()]) if (!isStill(kind)) this.#gone.delete(kind);
    this.#recount();
    this.#rebuild();
  }

  retain(isWanted: (firing: Firing) => boolean): void {
    const left = this.kept.filter(isWanted);
    if (left.length === this.kept.length) return;
    this.kept = left;
    this.#gone.clear();
    this.#recount();
    this.#rebuild();
  }

  reorder(): void {
    if (this.view !== 'top' || this.flow !== 'following' || this.#isRanked) return;
    this.#rebuild();
  }

  shown(): Firing[] {
    return this.kept.filter(firing => !this.hides(firing));
  }

  /** Top first. */
  rows(): ModelRow[] {
    return this.#order;
  }

  /** What the row of a kind is to say; null when none of its firings is kept and shown. */
  entry(kind: string): { seq: number; count: number; change: number; firstSeq: number } | null {
    const firings = this.shown().filter(firing => firing.kind === kind);
    const newest = firings.at(-1);
    if (!newest) return null;
    const gone = this.#gone.get(kind);
    const before = firings.at(-2)?.confidence ?? gone?.confidence ?? newest.confidence;
    return {
      seq: newest.seq,
      count: firings.length + (gone?.count ?? 0),
      change: Math.round((newest.confidence - before) * 1_000),
      firstSeq: gone?.firstSeq ?? firings[0]!.seq,
    };
  }

  #show(firing: Firing, before: Firing[]): void {
    const { kind, seq } = firing;
    const isFollowing = this.flow === 'following';
    const lowest = this.#order.at(-1);
    if (this.view === 'top') {
      this.#isRanked = false;
      return;
    }
    if (this.view === 'grouped' && before.length > 0) {
      if (before.some(other => other.seq > seq)) return;
      const row = this.#order.find(other => other.kind === kind && before.at(-1)!.seq === other.seq);
      if (row) row.seq = seq;
      if (!isFollowing || !row || this.#order.indexOf(row) < IN_VIEW) return;
      this.#order = this.#order.filter(other => other !== row);
      this.#insert(row);
    } else if (lowest && seq < lowest.seq) {
      if (isFollowing || firing.arrival === 0) this.#order.push({ kind, seq });
    } else if (isFollowing) {
      this.#insert({ kind, seq });
    }
  }

  #insert(row: ModelRow): void {
    const index = this.#order.findIndex(other => other.seq <= row.seq);
    this.#order.splice(index < 0 ? this.#order.length : index, 0, row);
  }

  #evict(firing: Firing): void {
    const isShown = !this.hides(firing);
    this.kept = this.kept.filter(other => other !== firing);
    if (!isShown) return;
    const { kind, seq, confidence } = firing;
    const isOver = !this.shown().some(other => other.kind === kind);
    const gone = this.#gone.get(kind);
    if (isOver) this.#gone.delete(kind);
    else this.#gone.set(kind, { count: (gone?.count ?? 0) + 1, firstSeq: gone?.firstSeq ?? seq, confidence });
    if (isOver) this.#isRanked = false;
    if (this.flow !== 'following' || (this.view !== 'stream' && !isOver)) return;
    this.#order = this.#order.filter(row => (this.view === 'stream' ? row.seq !== seq : row.kind !== kind));
  }

  #rebuild(): void {
    this.asked++;
    const shown = this.shown().filter(({ arrival }) => arrival <= this.#until);
    const newestFirst = shown.toReversed();
    this.#isRanked = true;
    if (this.view === 'stream') this.#order = newestFirst.map(({ kind, seq }) => ({ kind, seq }));
    else {
      const kinds = [...new Set(newestFirst.map(({ kind }) => kind))];
      // Rows show their newest firing, also one that came in since.
      this.#order = kinds.map(kind => ({ kind, seq: this.entry(kind)!.seq }));
      if (this.view === 'top') this.#order.sort((a, b) => this.#score(b) - this.#score(a));
    }
  }

  #score({ seq }: ModelRow): number {
    return this.kept.find(firing => firing.seq === seq)!.confidence * 2 ** (seq / HALF_LIFE_S);
  }

  #recount(): void {
    this.news = { count: 0, strong: 0 };
    for (const firing of this.shown()) if (firing.arrival > this.#until) this.#count(firing);
  }

  #count({ confidence }: Firing): void {
    this.news = { count: this.news.count + 1, strong: this.news.strong + (confidence >= 0.9 ? 1 : 0) };
  }
}
