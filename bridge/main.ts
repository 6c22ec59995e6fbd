/** `npm run bridge`: the bridge alone, with its settings from the environment. */
import { type Bridge, startBridge } from './bridge.ts';
import { type BridgeConfig, readConfig } from './config.ts';
import { sayError } from './log.ts';

/** After this the process ends, whatever is still on its way. */
const STOP_WITHIN_MS = 4_500;

const config = orExit(() => readConfig(process.env));
const bridge: Bridge = await startBridge(config).catch(fail);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);

async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await bridge.stop();
  process.exit(0);
}

function orExit(read: () => BridgeConfig): BridgeConfig {
  try {
    return read();
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): never {
  console.error(sayError(error));
  process.exit(1);
}
