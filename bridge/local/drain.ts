import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { sign } from '../sink.ts';

/** Those sent away come back within this, once something is there again. */
const WINDOW_MS = 5_000;
/** The system has five seconds to stop, of which the bridge may take three. */
const TIMEOUT_MS = 500;

/** Asks the Worker to send its sessions away. One that does not answer soon is to be stopped all the same. */
export async function drain(workerUrl: string, secret: string): Promise<void> {
  const body = Buffer.from(JSON.stringify({ window_ms: WINDOW_MS }));
  try {
    const response = await fetch(`${workerUrl}/api/admin/drain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: sign(body, secret, Date.now()) },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
  } catch {
    // Its clients see a connection that is lost, and come back all the same.
  }
}
