import { type ReadonlySignal, signal } from '@preact/signals';
import type { Filter } from '../../../shared/filter.ts';
import { getUniverses } from '../api.ts';
import { expandUniverses, hasUniverse } from './universe-marks.ts';

const known = signal<ReadonlyMap<string, readonly string[]>>(new Map());
let isAsked = false;

/** The operator's universes, as far as they were asked for. */
export const universes: ReadonlySignal<ReadonlyMap<string, readonly string[]>> = known;

/** Asks for the universes; when there was no answer, again with the next need. */
export async function loadUniverses(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    const { universes } = await getUniverses();
    known.value = new Map(universes.map(({ name, symbols }) => [name, symbols]));
  } catch {
    // Until then they match nothing.
    isAsked = false;
  }
}

/** A filter as a WebSocket is told it. Reads a signal: what a universe holds is known a moment later. */
export function sentFilter(filter: Filter): Filter {
  if (!hasUniverse(filter)) return filter;
  void loadUniverses();
  return expandUniverses(filter, known.value);
}
