import type { Command } from '../commands.ts';

/** A command that a query finds, and which characters of its title did. */
export interface Hit<Item> {
  item: Item;
  marks: readonly number[];
}

const WORD_START = 8;
const ADJACENT = 5;
const LATE = 0.2;

/**
 * The commands whose title holds the query's characters in their order, best first: at the beginnings of words and in a
 * row counts most. The group counts as words before the title, at less. An empty query finds everything as it stands.
 */
export function search<Item extends Pick<Command, 'title' | 'group'>>(
  query: string,
  items: readonly Item[],
): Hit<Item>[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (wanted === '') return items.map(item => ({ item, marks: [] }));
  const hits: (Hit<Item> & { score: number })[] = [];
  for (const item of items) {
    const found = match(wanted, item.title);
    if (found) hits.push({ item, ...found });
    else {
      const inGroup = match(wanted, `${item.group} ${item.title}`);
      const offset = item.group.length + 1;
      if (inGroup) {
        const marks = inGroup.marks.map(mark => mark - offset).filter(mark => mark >= 0);
        hits.push({ item, marks, score: inGroup.score / 2 - WORD_START });
      }
    }
  }
  return hits.toSorted((a, b) => b.score - a.score).map(({ item, marks }) => ({ item, marks }));
}

/** The best way to find the characters in the text, by dynamic programming over (character, place). */
function match(wanted: string, text: string): { marks: number[]; score: number } | null {
  const lower = text.toLowerCase();
  let ways: (Way | null)[] = [];
  for (const [rank, character] of [...wanted].entries()) {
    const next: (Way | null)[] = [];
    let best: Way | null = null;
    for (let place = 0; place < lower.length; place++) {
      const before = place > 0 ? (ways[place - 1] ?? null) : null;
      if (before && (!best || before.score > best.score)) best = before;
      next[place] = null;
      if (lower[place] !== character || (rank > 0 && !best)) continue;
      const isStart = place === 0 || /[^\p{L}\p{N}]/u.test(lower[place - 1]!);
      const own = (isStart ? WORD_START : 1) - place * LATE;
      const joined = before && before.score + ADJACENT >= (best?.score ?? 0) ? before : best;
      const score = own + (joined?.score ?? 0) + (joined !== null && joined === before ? ADJACENT : 0);
      next[place] = { place, score, before: rank > 0 ? joined : null };
    }
    ways = next;
  }
  const best = ways.reduce<Way | null>((top, way) => (way && (!top || way.score > top.score) ? way : top), null);
  if (!best) return null;
  const marks: number[] = [];
  for (let way: Way | null = best; way; way = way.before) marks.unshift(way.place);
  return { marks, score: best.score };
}

interface Way {
  place: number;
  score: number;
  before: Way | null;
}
