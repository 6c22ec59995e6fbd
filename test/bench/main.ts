/**
 * `npm run bench`: measures this system beside others on this machine, prints tables, and writes `test-results/bench.json`.
 * Ends with status 1 when a target is missed. Absolute times depend on the machine and on what else runs on it.
 */
// Before whatever starts a workerd.
import './inspected-workerd.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { inRepository } from '../../bridge/local/paths.ts';
import { installPeers } from './install-peers.ts';
import { nativeProfile } from './native-profile.ts';
import { profile } from './profile.ts';
import { printSection, printTable, type Section } from './report.ts';
import { Rig } from './rig.ts';
import { READING, WORKLOADS, type WorkloadName } from './workloads.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, profile: { type: 'boolean', default: false } } });
const all = Object.keys(WORKLOADS) as WorkloadName[];
const wanted = values.only?.split(',') ?? all;
const unknown = wanted.find(name => !all.some(each => each === name));
if (unknown !== undefined) {
  console.error(`--only: there is no ${unknown}, only ${all.join(', ')}`);
  process.exit(2);
}
// Each process that is started listens for the end of this one.
process.setMaxListeners(50);
// So that what was started ends too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

mkdirSync(inRepository('test-results'), { recursive: true });
const startedAtMs = Date.now();
const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, load before ${loadavg()[0]!.toFixed(2)}`;
console.log(`${machine}, ${new Date().toISOString()}`);
if (values.profile) {
  for (const section of [...(await profile()), await nativeProfile()]) printSection(section);
  process.exit();
}
installPeers();
const rig = new Rig({ fillsTape: READING.some(name => wanted.includes(name)) });
const sections: Partial<Record<WorkloadName, Section>> = {};
try {
  for (const name of all.filter(each => wanted.includes(each))) {
    const beganMs = Date.now();
    const section = await WORKLOADS[name](rig);
    printSection(section);
    console.log(`\nin ${Math.round((Date.now() - beganMs) / 1_000)} s`);
    sections[name] = section;
  }
} finally {
  await rig.stop();
}
const targets = Object.values(sections).flatMap(section => section.targets);
console.log('\n## Targets');
printTable(targets);
const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
console.log(`\nin ${Math.floor(seconds / 60)} min ${seconds % 60} s`);

const figures = Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, section.figures]));
const json = { at: new Date(startedAtMs).toISOString(), machine, seconds, targets, figures };
writeFileSync(inRepository('test-results/bench.json'), `${JSON.stringify(json, null, 2)}\n`);
process.exit(targets.some(({ ok }) => ok === false) ? 1 : 0);
