import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** In the data folder; nobody else on the machine may read it. */
const FILE = 'session-secret';
const FOR_OWNER_ONLY = 0o600;
const FORM = /^[\da-f]{64}$/;

/**
 * The secret that guests' cookies and tickets are signed with: made at the first start and kept, so that guests stay
 * who they are.
 * @throws Error when the file can neither be read nor written, or is not one of these
 */
export function keepSessionSecret(dataDir: string): string {
  const path = resolve(dataDir, FILE);
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: FOR_OWNER_ONLY });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(path, FOR_OWNER_ONLY);
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (!FORM.test(secret)) throw new Error(`DATA_DIR: ${path} holds no secret; delete it to have another made`);
  return secret;
}
