import { type Signal, signal } from '@preact/signals';
import type { Filter } from '../../../shared/filter.ts';
import type { Tier } from '../../../shared/topics.ts';
import { facts } from '../page-state.ts';
import { NO_LOCAL_FILTER } from '../state/filters.ts';
import { clearFilters, filtersOf, setLocal, setSubscriptions } from '../state/tiers.ts';
import { openManager } from '../subscriptions/open.ts';
import { countWords, TITLES } from '../words.ts';

import { localClausesOf, withoutClause } from './clauses.ts';
import { countOf } from './counts.ts';
import { type ClauseCounts, causeOf, questionsOf } from './explanation.ts';

/** Why a column is empty, and what can be done about it. */
export interface Explanation {
  words: string;
  actions: { label: string; apply(): void }[];
}

/**
 * Why a column shows nothing although there may be something: what hides it here first, then what the server does not
 * send. Reads signals: what the server has to count comes in by and by, and changes the words.
 */
export function explainEmpty(tier: Tier): Explanation {
  const title = TITLES[tier];
  const { subscriptions, local } = filtersOf(tier);
  const active = subscriptions.filter(({ isPaused }) => !isPaused);
  const manage = { label: 'Subscriptions…', apply: () => openManager(tier) };
  if (active.length === 0) {
    const resume = () =>
      setSubscriptions(
        tier,
        subscriptions.map(each => ({ ...each, isPaused: false })),
      );
    const words =
      subscriptions.length === 1 ? `The ${title} subscription is paused.` : `All ${title} subscriptions are paused.`;
    return { words, actions: [{ label: 'Resume', apply: resume }, manage] };
  }
  const { hidden } = facts[tier].value;
  if (hidden.local > 0) {
    const by = localClausesOf(local).map(({ words }) => words);
    return {
      words: `${countWords(hidden.local)} ${title} patterns are here, hidden by ${by.join(' and ')}.`,
      actions: [{ label: 'Show them', apply: () => setLocal(tier, NO_LOCAL_FILTER) }],
    };
  }
  if (hidden.muted > 0) {
    const words = `${countWords(hidden.muted)} ${title} patterns are here, of symbols that you muted.`;
    return { words, actions: [{ label: 'Muted symbols…', apply: () => openManager(tier, 'mutes') }] };
  }
  const clear = { label: 'Clear', apply: () => clearFilters(tier) };
  if (active.length > 1) {
    return { words: `No ${title} patterns match any of ${active.length} subscriptions.`, actions: [manage, clear] };
  }
  const [only] = active;
  const filter = only!.filter;
  const { words, remedies } = causeOf(title, filter, countsFor(tier, filter));
  const change = (to: Filter) =>
    setSubscriptions(
      tier,
      subscriptions.map(each => (each.id === only!.id ? { ...each, filter: to } : each)),
    );
  return {
    words,
    actions: [
      ...remedies.map(remedy => ({ label: remedy.label, apply: () => change(remedy.filter) })),
      ...(Object.keys(filter).length > 0 ? [{ label: 'Clear', apply: () => change({}) }] : []),
    ],
  };
}

/** What was counted is told again for so long. */
const KEPT_MS = 30_000;

interface Asked {
  question: string;
  counts: Signal<ClauseCounts | null>;
  askedAtMs: number;
  abort: AbortController;
}

const asked: Partial<Record<Tier, Asked>> = {};

/** The counts that explain this filter; null until they are there. */
function countsFor(tier: Tier, filter: Filter): ClauseCounts | null {
  const question = JSON.stringify(filter);
  const last = asked[tier];
  if (last?.question === question && performance.now() - last.askedAtMs < KEPT_MS) return last.counts.value;
  last?.abort.abort();
  const counts = last?.question === question ? last.counts : signal<ClauseCounts | null>(null);
  const abort = new AbortController();
  asked[tier] = { question, counts, askedAtMs: performance.now(), abort };
  void ask(tier, filter, abort.signal).then(
    answer => {
      counts.value = answer;
    },
    // Without counts the words say less; asked again when the column is still empty later.
    () => {},
  );
  return counts.value;
}

async function ask(tier: Tier, filter: Filter, signal: AbortSignal): Promise<ClauseCounts> {
  const { without, confidences } = questionsOf(filter);
  const matching = async (changed: Filter) => (await countOf(tier, changed, signal)).matching;
  const [{ total }, left, lower] = await Promise.all([
    countOf(tier, filter, signal),
    Promise.all(without.map(async id => [id, await matching(withoutClause(filter, id))] as const)),
    Promise.all(
      confidences.map(async step => [step, await matching({ ...filter, confidence_min: step / 1_000 })] as const),
    ),
  ]);
  return { total, without: new Map(left), atConfidence: new Map(lower) };
}
