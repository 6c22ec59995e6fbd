import { drain } from '../drain.ts';

/** Those sent away come back within this, once something is there again. */
const WINDOW_MS = 5_000;
/** The system has five seconds to stop, of which the bridge may take three. */
const TIMEOUT_MS = 500;

/** Asks the Worker to send its sessions away. One that does not answer soon is to be stopped all the same. */
export async function drainInTime(workerUrl: string, secret: string): Promise<void> {
  try {
    await drain(workerUrl, secret, { windowMs: WINDOW_MS, timeoutMs: TIMEOUT_MS });
  } catch {
    // Its clients see a connection that is lost, and come back all the same.
  }
}
