/** `npm start`: the whole system on this machine, until SIGINT or SIGTERM. */
import { type LocalConfig, readLocalConfig } from './config.ts';
import { startSystem } from './system.ts';

/** After this the process ends, whatever is still on its way. */
const STOP_WITHIN_MS = 4_500;

let isUp = false;
const signalled = new Promise<void>(resolve => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Before everything is up nothing has been received that could be lost.
      if (!isUp) process.exit(0);
      resolve();
    });
  }
});

try {
  await run(readLocalConfig(process.env));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function run(config: LocalConfig): Promise<void> {
  const system = await startSystem(config, line => console.log(line));
  isUp = true;
  if (config.workerVars.AUTH_MODE === 'open')
    console.log('AUTH_MODE=open: nobody is asked to sign in, everybody is a guest.');
  console.log(`ready ${system.url}`);
  const failure = await Promise.race([signalled, system.failed]);
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await system.stop();
  if (failure) throw new Error(failure);
}
