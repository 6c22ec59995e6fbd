import { fileURLToPath } from 'node:url';

/** Where the repository is, whatever the working directory. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the repository. */
export function inRepository(path: string): string {
  return `${ROOT}${path}`;
}
