import type { Filter } from '../../shared/filter.ts';
import { matches } from '../../shared/matches.ts';
import type { Tier } from '../../shared/topics.ts';

/** An event that was published, by a number that travels in it. */
export interface Published {
  number: number;
  tier: Tier;
  symbol: string;
  patternType: string;
  confidence: number;
  /** Between these two it was published; epoch milliseconds. */
  fromMs: number;
  toMs: number;
  /** Whether Redis said that it took it: else it may have, or not. */
  isSure: boolean;
}

/** What a client was sent and told, over all its connections. */
export interface Seen {
  name: string;
  tier: Tier;
  filter: Filter;
  /** Numbers of the events it got, in the order they came. */
  numbers: number[];
  gaps: { from: string; to: string }[];
  withheld: { from: number; to: number; rate_limited: number; skipped: number }[];
  losses: number;
}

/** An event on a topic's tape. */
export interface Stored {
  number: number;
  seq: number;
}

export interface Facts {
  published: readonly Published[];
  clients: readonly Seen[];
  tapes: Readonly<Record<Tier, readonly Stored[]>>;
  /** How far a gap's times may be off, as the clocks of bridges are. */
  toleranceMs: number;
  /** Whether the plan left a time in which nobody listened. */
  mayHaveGaps: boolean;
}

/**
 * Holds what clients got against what was published: each event that matched a client's filter once, or its absence told.
 * @returns a sentence for each breach; none when all is well
 */
export function judge(facts: Facts): string[] {
  const breaches: string[] = [];
  const byNumber = new Map(facts.published.map(event => [event.number, event]));
  const seqs = new Map<number, number>();
  for (const tier of Object.values(facts.tapes)) {
    for (const { number, seq } of tier) {
      if (seqs.has(number)) breaches.push(`event ${number} is on the tape twice`);
      seqs.set(number, seq);
    }
  }
  for (const client of facts.clients) breaches.push(...judgeClient(client, facts, byNumber, seqs));
  return breaches;
}

function judgeClient(
  client: Seen,
  facts: Facts,
  byNumber: ReadonlyMap<number, Published>,
  seqs: ReadonlyMap<number, number>,
): string[] {
  const breaches: string[] = [];
  const got = new Set<number>();
  for (const number of client.numbers) {
    const event = byNumber.get(number);
    if (got.has(number)) breaches.push(`"${client.name}" got event ${number} twice`);
    got.add(number);
    if (!event) breaches.push(`"${client.name}" got event ${number}, which nobody published`);
    else if (!isWanted(client, event)) breaches.push(`"${client.name}" got event ${number}, which it did not ask for`);
  }
  let untold = client.withheld.reduce((sum, { rate_limited, skipped }) => sum + rate_limited + skipped, 0);
  for (const event of facts.published) {
    if (got.has(event.number) || !isWanted(client, event)) continue;
    const seq = seqs.get(event.number);
    if (seq === undefined) {
      if (event.isSure && !isInGap(event, client, facts.toleranceMs)) {
        breaches.push(`"${client.name}" was not told of event ${event.number}, which never reached the tape`);
      }
      continue;
    }
    const isTold = client.withheld.some(({ from, to }) => from <= seq && seq <= to);
    if (!isTold || untold-- <= 0) breaches.push(`"${client.name}" missed event ${event.number} (seq ${seq}) untold`);
  }
  if (client.losses > 0) breaches.push(`"${client.name}" was told of a loss, though the tape kept everything`);
  if (!facts.mayHaveGaps && client.gaps.length > 0) {
    breaches.push(`"${client.name}" was told of a gap where there was none: ${JSON.stringify(client.gaps)}`);
  }
  return breaches;
}

function isWanted({ tier, filter }: Seen, event: Published): boolean {
  const { symbol, patternType, confidence } = event;
  return event.tier === tier && matches(filter, { kind: 'pattern', symbol, pattern_type: patternType, confidence });
}

function isInGap({ fromMs, toMs }: Published, { gaps }: Seen, toleranceMs: number): boolean {
  return gaps.some(({ from, to }) => Date.parse(from) - toleranceMs <= toMs && fromMs <= Date.parse(to) + toleranceMs);
}
