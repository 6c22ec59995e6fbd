export { canonicalJson, utf8Bytes } from '../../shared/text.ts';

const unwanted = /[\p{Cc}\p{Cs}]/u;
const controls = /\p{Cc}/gu;

/** Text without control characters, and with U+FFFD for halves of characters. */
export function cleanText(text: string): string {
  return unwanted.test(text) ? text.replace(controls, '').toWellFormed() : text;
}

/** Whether the text takes more than `limit` bytes as UTF-8; looks at no more of it than needed. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && charsWithin(text, limit) < text.length;
}

/** The longest beginning of the text that takes at most `limit` bytes as UTF-8, never ending in half a character. */
export function firstBytes(text: string, limit: number): string {
  return text.length * 3 <= limit ? text : text.slice(0, charsWithin(text, limit));
}

/** How many UTF-16 units fit into `limit` bytes, in whole characters. */
function charsWithin(text: string, limit: number): number {
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    const point = text.codePointAt(at)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > limit) return at;
    at += point < 0x10000 ? 1 : 2;
  }
  return at;
}
