import { SIGNATURE_HEADER } from '../shared/ingest-protocol.ts';
import { sign } from './sink.ts';

/**
 * Asks a Worker to send its sessions away, to come back in the second half of `windowMs`.
 * @returns what it answers: how many there were, by topic
 * @throws Error when it does not do so within `timeoutMs`
 */
export async function drain(
  workerUrl: string,
  secret: string,
  { windowMs, timeoutMs }: { windowMs: number; timeoutMs: number },
): Promise<string> {
  const body = Buffer.from(JSON.stringify({ window_ms: windowMs }));
  const response = await fetch(`${workerUrl}/api/admin/drain`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: sign(body, secret, Date.now()) },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${answer}`);
  return answer;
}
