import type { Tier } from '../../shared/topics.ts';
import type { PatternEntry } from './entry.ts';
import type { Group } from './groups.ts';
import { Order } from './order.ts';
import type { Addition, Row, RowList } from './row-list.ts';
import type { Line } from './store.ts';

/** A pattern that is so much older than another ranks like one of half its confidence. */
const HALF_LIFE_MS: Record<Tier, number> = { daily: 24 * 3_600_000, intraday: 10 * 60_000, combo: 3_600_000 };

/**
 * The strongest and newest first: groups by confidence, halved for each half-life of age. Rows stand still but for
 * `reorder`. Notes have no place in a ranking.
 */
export class TopList implements RowList {
  readonly order = new Order<Row>();
  readonly #halfLifeMs: number;
  #isStale = false;
  readonly #waiting = new Set<Group>();

  constructor(tier: Tier) {
    this.#halfLifeMs = HALF_LIFE_MS[tier];
  }

  add({ grouped }: Addition): void {
    if (!grouped) return;
    this.#isStale = true;
    if (grouped.isFirst) this.#waiting.add(grouped.group);
  }

  remove(_line: Line, ended: Group | null, isFrozen: boolean): void {
    if (!ended) return;
    this.#waiting.delete(ended);
    this.#isStale = true;
    if (!isFrozen) this.order.remove(ended);
  }

  /** Ranks anew what has changed since. */
  reorder(): void {
    if (!this.#isStale) return;
    this.#rank([...(this.order.rows as Group[]), ...this.#waiting]);
  }

  rebuild(lines: readonly Line[], until: number, groupOf: (line: Line) => Group | undefined): void {
    const groups = new Set<Group>();
    for (const line of lines) {
      const group = groupOf(line);
      if (group && line.arrival <= until) groups.add(group);
    }
    this.#rank([...groups]);
  }

  #rank(groups: Group[]): void {
    this.#waiting.clear();
    this.#isStale = false;
    const scores = new Map(groups.map(group => [group, topScore(group.entry, this.#halfLifeMs)]));
    this.order.replace(groups.sort((a, b) => scores.get(a)! - scores.get(b)!));
  }
}

/**
 * What rows are ranked by: the logarithm of confidence times 2^(-age / half-life), with the part left out that is the
 * same for all of them, so that a rank does not depend on when it is asked for.
 */
export function topScore({ event, detectedAtMs }: PatternEntry, halfLifeMs: number): number {
  return Math.log2(Math.max(event.confidence, 0.001)) + detectedAtMs / halfLifeMs;
}
