import type { EdgeBundle } from '../../bridge/local/edge.ts';
import { judge } from './oracle.ts';
import { describePlan, makePlan } from './plan.ts';
import { World } from './world.ts';

/** The Worker that plans are run with. */
export const BREAKABLE_WORKER = 'test/e2e/support/faulty-worker.ts';

/** How a plan went. */
export interface Verdict {
  seed: number;
  /** A sentence for each breach; empty = every event arrived once or its absence was told. */
  breaches: string[];
  published: number;
  /** Events that clients got, over all clients. */
  delivered: number;
  /** How often clients were told of a gap, and of something withheld. */
  gaps: number;
  withheld: number;
  /** What was done, to be read beside the breaches. */
  plan: string;
}

/** Runs the plan of a seed on parts of its own, and judges what came of it. A part that fails for good is a breach too. */
export async function runPlan(seed: number, bundle: EdgeBundle): Promise<Verdict> {
  const plan = makePlan(seed);
  const verdict = { seed, plan: describePlan(plan), published: 0, delivered: 0, gaps: 0, withheld: 0 };
  let world: World | null = null;
  try {
    world = await World.start(plan, bundle);
    await world.run();
    await world.settle();
    const facts = await world.facts();
    const sum = (of: (client: (typeof facts.clients)[number]) => number) =>
      facts.clients.reduce((total, client) => total + of(client), 0);
    return {
      ...verdict,
      breaches: judge(facts),
      published: facts.published.length,
      delivered: sum(({ numbers }) => numbers.length),
      gaps: sum(({ gaps }) => gaps.length),
      withheld: sum(({ withheld }) => withheld.length),
    };
  } catch (error) {
    return {
      ...verdict,
      breaches: [`the plan did not end: ${error instanceof Error ? error.message : String(error)}`],
    };
  } finally {
    await world?.stop();
  }
}

/** Runs the plans of some seeds, so many at a time. @param onVerdict hears of each as it ends */
export async function runPlans(
  seeds: readonly number[],
  options: { bundle: EdgeBundle; atOnce: number; onVerdict?: (verdict: Verdict) => void },
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = [...seeds];
  await Promise.all(
    Array.from({ length: options.atOnce }, async () => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        const verdict = await runPlan(seed, options.bundle);
        verdicts.push(verdict);
        options.onVerdict?.(verdict);
      }
    }),
  );
  return verdicts;
}

/** A failing plan: what was done, what went wrong, and how to do it again. */
export function describeFailure({ seed, plan, breaches }: Verdict): string {
  const shown = breaches.slice(0, 12).map(breach => `  ! ${breach}`);
  const more = breaches.length > shown.length ? [`  ! and ${breaches.length - shown.length} more`] : [];
  return [plan, ...shown, ...more, `  again: npm run chaos -- --seed ${seed} --plans 1 --cases 0`].join('\n');
}
