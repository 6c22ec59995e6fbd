/** Deeper nesting than this is no message of the producer's, and would exhaust the stack of whoever writes it again. */
const MAX_DEPTH = 64;

export type Parsed = { value: unknown } | { error: 'bad_json' | 'bad_shape' };

/**
 * JSON as Python writes it: the bare words `NaN`, `Infinity` and `-Infinity` are read as null. `bad_json` when it is
 * not that, `bad_shape` when it is nested deeper than any message.
 */
export function parseJson(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const mended = withoutBareWords(text);
    if (mended === null) return { error: 'bad_json' };
    try {
      value = JSON.parse(mended);
    } catch {
      return { error: 'bad_json' };
    }
  }
  return mayBeDeep(text) && depthExceeds(value, MAX_DEPTH) ? { error: 'bad_shape' } : { value };
}

/** The text with `null` in place of each bare word outside strings; null when there is none. */
function withoutBareWords(text: string): string | null {
  let mended = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      at = afterString(text, at);
      continue;
    }
    const word = bareWordAt(text, at);
    if (word === null) {
      at++;
      continue;
    }
    mended += `${text.slice(copied, at)}null`;
    at += word.length;
    copied = at;
  }
  return copied === 0 ? null : mended + text.slice(copied);
}

function afterString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

// Glued to anything but whitespace or punctuation the replacement is no JSON either, so the ends need no check.
function bareWordAt(text: string, at: number): string | null {
  const first = text[at];
  if (first !== 'N' && first !== 'I' && first !== '-') return null;
  return ['NaN', 'Infinity', '-Infinity'].find(word => text.startsWith(word, at)) ?? null;
}

/** False when there are too few brackets for it, which is the case of nearly every message. */
function mayBeDeep(text: string): boolean {
  return countUpTo(MAX_DEPTH + 1, '[', text) + countUpTo(MAX_DEPTH + 1, '{', text) > MAX_DEPTH;
}

function countUpTo(most: number, bracket: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0 && count < most; at = text.indexOf(bracket, at + 1)) count++;
  return count;
}

function depthExceeds(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  const items = Array.isArray(value) ? value : Object.values(value);
  return items.some(item => depthExceeds(item, left - 1));
}
