/** What processes take, as Linux tells it. */
import { readdirSync, readFileSync } from 'node:fs';

/** Connections that workerd can have: it takes two descriptors for each, and some for itself. */
export function mostConnections(): number {
  const [, most] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return Math.floor((Number(most) - 200) / 2);
}

/** Of `/proc/<pid>/stat`; every Linux that Node runs on has it so. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that processes have taken since they began. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = statOf(pid);
    return sum + (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
  }, 0);
}

/** Bytes that processes have in memory. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return sum + Number(kilobytes) * 1_024;
  }, 0);
}

/** The processes of that name that this one has started. */
export function childrenNamed(name: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(pid => {
      try {
        return nameOf(pid) === name && Number(statOf(pid)[PARENT]) === process.pid;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    });
}

/** From the third field on, counted from 0: what stands before is the name, which may hold spaces. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const PARENT = 1;
const UTIME = 11;
const STIME = 12;

/** What Linux calls a process. */
export function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}
