import { countWords } from '../words.ts';

/** Whole milliseconds: `84`, `~1,204` where the clocks are not known well enough. */
export function millisecondWords(ms: number, isRough: boolean): string {
  return `${isRough ? '~' : ''}${countWords(Math.round(ms))}`;
}
