/** Where our processors' time goes: of the bridge and of the Worker, function by function, while one workload runs. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRepository } from '../../bridge/local/paths.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { eventually } from '../support/eventually.ts';
import { attach, type Inspector } from './inspector.ts';
import { cpuSeconds } from './processes.ts';
import { type Section, short, type Table } from './report.ts';
import { saturate } from './saturation.ts';
import { type OurSystem, startOurs, WORKER } from './systems.ts';
import { measurePace } from './window.ts';

const SESSIONS = 500;
const LISTED = 25;
const HOST = '127.0.0.1';
const SAMPLE_EVERY_US = 200;

/** What of a profile of V8's is used here. */
interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const PROFILED = {
  idle: () => sleep(5_000),
  broadcast: (system: OurSystem) =>
    measurePace(system, { eventsPerSecond: 50, seconds: 8, asking: 'everything', seed: 1 }),
  filters: (system: OurSystem) => measurePace(system, { eventsPerSecond: 200, seconds: 8, asking: 'mixed', seed: 1 }),
  saturation: saturate,
} as const;

/** Writes the whole profiles as `test-results/bench-NAME-PART.cpuprofile`, for Chromium's DevTools. */
export async function profile(): Promise<Section[]> {
  const bridgeAddress = `${HOST}:${await findFreePort(HOST)}`;
  process.env.NODE_OPTIONS = `--inspect-port=${bridgeAddress}`;
  const system = await startOurs();
  delete process.env.NODE_OPTIONS;
  try {
    // Has it listen there.
    process.kill(system.pids[0]!, 'SIGUSR1');
    await eventually(async () => void (await fetch(`http://${bridgeAddress}/json`)));
    const parts = {
      bridge: { pid: system.pids[0]!, inspector: await attach(bridgeAddress, '') },
      worker: { pid: system.pids[1]!, inspector: await attach(system.inspector!, WORKER) },
    };
    await system.load.connect(SESSIONS);
    const sections: Section[] = [];
    for (const [name, run] of Object.entries(PROFILED)) {
      await system.load.ask(name === 'filters' ? 'mixed' : 'everything');
      if (name !== 'idle')
        await measurePace(system, { eventsPerSecond: 50, seconds: 2, asking: 'everything', seed: 9 });
      const cpuBefore = Object.values(parts).map(({ pid }) => cpuSeconds([pid]));
      for (const { inspector } of Object.values(parts)) await begin(inspector);
      const startedAtMs = Date.now();
      await run(system);
      const seconds = (Date.now() - startedAtMs) / 1_000;
      const tables: Table[] = [];
      for (const [i, [part, { pid, inspector }]] of Object.entries(parts).entries()) {
        const { profile: found } = await inspector.call<{ profile: Profile }>('Profiler.stop');
        writeFileSync(inRepository(`test-results/bench-${name}-${part}.cpuprofile`), JSON.stringify(found));
        const share = (cpuSeconds([pid]) - cpuBefore[i]!) / seconds;
        tables.push(tableOf(`${part}, ${short(100 * share)} % of a processor`, found));
      }
      sections.push({ title: name, tables, targets: [], figures: null });
    }
    return sections;
  } finally {
    await system.stop();
  }
}

async function begin(inspector: Inspector): Promise<void> {
  await inspector.call('Profiler.enable');
  await inspector.call('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await inspector.call('Profiler.start');
}

/** Functions by the time spent in themselves. Idle time is left out. */
function tableOf(title: string, { nodes, samples, timeDeltas }: Profile): Table {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const name = names.get(id)!;
    if (name !== '(idle)') selfUs.set(name, (selfUs.get(name) ?? 0) + timeDeltas[i]!);
  }
  const allUs = [...selfUs.values()].reduce((sum, us) => sum + us, 0);
  const rows = [...selfUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, LISTED)
    .map(([name, us]) => [name, `${short((100 * us) / allUs)} %`]);
  return { head: [title, 'self'], rows };
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  return `${functionName || '(anonymous)'}${url && ` ${url.replace(/^.*\//, '')}:${lineNumber + 1}`}`;
}
