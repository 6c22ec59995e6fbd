/**
 * `npm run bench`: measures this machine and prints a table beside the targets that the original system set itself.
 * Absolute times depend on the machine and on what else runs on it.
 */
import { cpus } from 'node:os';
import { benchPipeline } from './pipeline.ts';
import { benchPure } from './pure.ts';
import { printTable } from './report.ts';
import { benchSaturation } from './saturation.ts';

console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString()}`);
const rows = [...benchPure(), ...(await benchPipeline()), ...(await benchSaturation())];
printTable(rows);
process.exitCode = rows.some(({ ok }) => ok === false) ? 1 : 0;
