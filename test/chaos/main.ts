/**
 * `npm run chaos`: runs the real system under seeded plans of faults, 500 of them, and holds what clients got against what
 * was published; then throws 50,000 cases at its entrances. `-- --plans 20 --seed 1 --at-once 4 --cases 0`. Ends with status 1
 * when any event was lost or doubled untold, or an entrance gave way.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleEdge } from '../../bridge/local/edge.ts';
import { Stack } from '../support/stack.ts';
import { ENTRANCES } from './fuzz.ts';
import { BREAKABLE_WORKER, describeFailure, runPlans } from './run-plan.ts';

const { values } = parseArgs({
  options: {
    plans: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
    cases: { type: 'string', default: '50000' },
  },
});
const count = Number(values.plans);
const first = Number(values.seed);
const atOnce = Number(values['at-once']);
const cases = Number(values.cases);
if (![count, first, atOnce, cases].every(value => Number.isInteger(value) && value >= 0) || atOnce === 0) {
  throw new Error('--plans, --seed, --at-once and --cases take whole numbers, --at-once from 1 up');
}

const startedAtMs = performance.now();
const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-chaos-'));
const bundle = await bundleEdge(dataDir, BREAKABLE_WORKER);
let done = 0;
const verdicts = await runPlans(
  Array.from({ length: count }, (_, i) => first + i),
  {
    bundle,
    atOnce,
    onVerdict: verdict => {
      done++;
      if (verdict.breaches.length > 0) console.log(describeFailure(verdict));
      else if (done % 25 === 0) console.log(`${done} of ${count}`);
    },
  },
);
await rm(dataDir, { recursive: true, force: true });
const failed = verdicts.filter(({ breaches }) => breaches.length > 0);
const sum = (of: (verdict: (typeof verdicts)[number]) => number) =>
  verdicts.reduce((total, verdict) => total + of(verdict), 0).toLocaleString('en-US');
console.log(
  `${count} plans in ${Math.round((performance.now() - startedAtMs) / 1_000)} s: ${sum(({ published }) => published)} events published, ` +
    `${sum(({ delivered }) => delivered)} delivered, ${sum(({ gaps }) => gaps)} gaps and ${sum(({ withheld }) => withheld)} times withheld told; ` +
    `${failed.length} plans failed${failed.length > 0 ? `: ${failed.map(({ seed }) => seed).join(', ')}` : ''}`,
);

let broken = 0;
if (cases > 0) {
  const stack = await Stack.start();
  for (const [entrance, fuzz] of Object.entries(ENTRANCES)) {
    const each = Math.ceil(cases / Object.keys(ENTRANCES).length);
    try {
      await fuzz(stack, each, first);
      console.log(`${entrance}: ${each.toLocaleString('en-US')} cases held`);
    } catch (error) {
      broken++;
      console.log(`${entrance}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await stack.stop();
}
process.exit(failed.length + broken > 0 ? 1 : 0);
