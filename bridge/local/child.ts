import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** A process that this one started and answers for. */
export interface Child {
  process: ChildProcess;
  /** Resolves with a sentence when the process ends without having been asked to, and only then. */
  failed: Promise<string>;
  /** Asks it to end, insists after two seconds, and resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it without asking. */
  kill(): Promise<void>;
}

const PATIENCE_MS = 2_000;
const KEPT_CHARS = 500;

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only this one, which stops the others in order; should
 * this one end otherwise it takes them along. `name` is what sentences about it begin with.
 * @throws the system's error, `ENOENT` above all, when it cannot be started
 */
export async function startChild(name: string, command: string, args: string[], options: SpawnOptions): Promise<Child> {
  const child = spawn(command, args, { ...options, detached: true });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));

  let lastWords = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk).slice(-KEPT_CHARS);
    });
  }
  // With what it has started in turn.
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It is gone already.
    }
  };
  const takeAlong = () => signalGroup('SIGKILL');
  process.once('exit', takeAlong);
  let asked = false;
  const gone = new Promise<string>(resolve => {
    child.once('close', (code, signal) => {
      process.removeListener('exit', takeAlong);
      const words = lastWords.trim();
      resolve(`${name} ended (${signal ?? `status ${code}`})${words && `: ${words}`}`);
    });
  });

  async function end(signal: NodeJS.Signals): Promise<void> {
    asked = true;
    signalGroup(signal);
    const insist = setTimeout(signalGroup, PATIENCE_MS, 'SIGKILL');
    await gone;
    clearTimeout(insist);
  }

  return {
    process: child,
    failed: new Promise(resolve => gone.then(sentence => asked || resolve(sentence))),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
