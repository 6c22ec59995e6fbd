/**
 * `npm run costs`: what a month costs on Cloudflare. `-- --users 2000 --patterns 5000` reckons another one. `-- --simulate` runs
 * a topic's tree at 1,000,000 sessions on 400 replicas instead, some minutes long, and reckons from what it counts.
 */
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { treeReport } from './simulation/report.ts';
import { simulateTree } from './simulation/tree.ts';

const { values } = parseArgs({
  options: { users: { type: 'string' }, patterns: { type: 'string' }, simulate: { type: 'boolean' } },
});
const own = { ...SCENARIOS[0]!, ...given('users', values.users), ...given('patternsPerDay', values.patterns) };
if (values.simulate) console.log(treeReport(await simulateTree(400, 2_500), own.patternsPerDay));
else console.log(report(values.users || values.patterns ? [own] : SCENARIOS));

function given(name: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw new Error(`${name}: expected a whole number`);
  return { [name]: Number(text) };
}
