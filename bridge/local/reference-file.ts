import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Reference } from '../../shared/reference.ts';
import { readReference } from './read-reference.ts';

/** How soon a file that was changed is loaded. */
const LOOK_EVERY_MS = 1_000;

/** Where the reference data of `npm start` come from. */
export interface ReferenceFile {
  path: string;
  /** Whether it must be there: it was named, and is not just the place where one may be put. */
  isRequired: boolean;
}

/**
 * The reference data of a file; null when there is none and there need not be.
 * @throws Error that names REFERENCE_FILE and what is wrong
 */
export function readReferenceFile({ path, isRequired }: ReferenceFile): Reference | null {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (cause) {
    if (!isRequired && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`REFERENCE_FILE: ${path} cannot be read`, { cause });
  }
  try {
    return readReference(json);
  } catch (cause) {
    throw new Error(`REFERENCE_FILE: ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Hears of what a file has in it whenever it has changed, or why that is no good. @returns what ends it */
export function followReferenceFile(
  file: ReferenceFile,
  on: { change(reference: Reference): void; error(message: string): void },
): () => void {
  const look = () => {
    try {
      const reference = readReferenceFile(file);
      if (reference) on.change(reference);
    } catch (error) {
      on.error((error as Error).message);
    }
  };
  watchFile(file.path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return () => unwatchFile(file.path, look);
}

export function countsOf({ symbols, universes }: Reference): string {
  return `${symbols.length} symbols, ${universes.length} universes`;
}
