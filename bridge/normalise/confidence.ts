import type { Levels } from './levels.ts';

export interface ReadConfidence {
  /** 0..1 at three decimals. */
  value: number;
  /** It was sent as a percentage. */
  scaled: boolean;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The nearest `confidence` to the body: 0..1, or over 1 up to 100 as a percentage, as a number or as text. Null when it
 * is anything else, null included: what was sent as unknown is not looked for elsewhere.
 */
export function readConfidence(levels: Levels): ReadConfidence | null {
  const holder = levels.find(({ value }) => Object.hasOwn(value, 'confidence'));
  const sent = toNumber(holder?.value.confidence);
  if (!(sent >= 0 && sent <= 100)) return null;
  const scaled = sent > 1;
  const rounded = Math.round((scaled ? sent / 100 : sent) * 1_000) / 1_000;
  // Of -0 only the 0 is meant.
  return { value: rounded + 0, scaled };
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value.trim()) ? Number(value.trim()) : Number.NaN;
}
