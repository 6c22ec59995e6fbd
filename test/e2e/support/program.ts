import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../../support/eventually.ts';

/** The slowest starts a system of its own first. */
const TIMEOUT_MS = 60_000;

/** A program in a process of its own, with what it has printed. */
export interface Program {
  readonly printed: string;
  /** Waits until it has printed something, and gives the match. */
  prints(words: RegExp): Promise<RegExpExecArray>;
  /** What Ctrl-C does. @returns its exit status; null when a signal has ended it */
  interrupt(): Promise<number | null>;
  kill(): void;
}

/** Starts a program of TypeScript on this Node. */
export function startProgram(path: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (printed += chunk));
  const exit = once(child, 'close') as Promise<[number | null]>;
  return {
    get printed() {
      return printed;
    },
    async prints(words) {
      await eventually(() => assert.match(printed, words), TIMEOUT_MS);
      return words.exec(printed)!;
    },
    async interrupt() {
      child.kill('SIGINT');
      return (await exit)[0];
    },
    kill: () => child.kill('SIGKILL'),
  };
}
