/**
 * `npm run bench:web`: measures the page in a real browser, fed by the real system, and prints a table beside its
 * budgets. Takes some minutes. `-- --only frames,memory` runs some of the phases; what was measured is also written as
 * JSON to test-results/bench-web.json. See test/bench/README.md for what is measured how.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { printTable, type Row } from './report.ts';
import { PHASES } from './web/phases.ts';
import { Rig } from './web/rig.ts';

const OUTPUT = 'test-results/bench-web.json';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(PHASES);
const unknown = wanted.filter(name => !(name in PHASES));
if (unknown.length > 0)
  throw new Error(`--only: ${unknown.join(', ')}: expected some of ${Object.keys(PHASES).join(', ')}`);

const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`;
console.log(`${machine}, ${new Date().toISOString()}, load before ${loadavg()[0]!.toFixed(2)}`);
const rig = await Rig.start();
const rows: Row[] = [];
try {
  for (const name of wanted) {
    console.log(`measuring ${name}`);
    rows.push(...(await PHASES[name]!(rig)));
  }
} finally {
  await rig.stop();
}
printTable(rows);
mkdirSync('test-results', { recursive: true });
writeFileSync(OUTPUT, `${JSON.stringify({ machine, at: new Date().toISOString(), rows }, null, 2)}\n`);
console.log(`\nwritten to ${OUTPUT}`);
process.exitCode = rows.some(({ ok }) => ok === false) ? 1 : 0;
