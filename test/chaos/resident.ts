import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Process {
  pid: number;
  parent: number;
  residentMb: number;
  name: string;
}

/** Resident megabytes of a process, and of the processes of a name that this one has started, by whatever way. */
export async function residentMb(of: { pid: number } | { name: string }): Promise<number> {
  const all = await readProcesses();
  const counted =
    'pid' in of ? all.filter(({ pid }) => pid === of.pid) : descendants(all).filter(({ name }) => name === of.name);
  return counted.reduce((sum, { residentMb }) => sum + residentMb, 0);
}

function descendants(all: readonly Process[]): Process[] {
  const found = new Set([process.pid]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

async function readProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,rss=,comm=']);
  return stdout
    .trim()
    .split('\n')
    .map(line => {
      const [pid, parent, kb, name] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), residentMb: Number(kb) / 1_024, name: name! };
    });
}
