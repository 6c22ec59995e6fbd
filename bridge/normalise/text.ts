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

/** What the text takes as UTF-8; half a character takes as much as U+FFFD. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A pair of surrogates takes four bytes: two each, one more than its unit counted for.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000 && isPaired(text, at)) ? 1 : 2;
  }
  return bytes;
}

function isPaired(text: string, at: number): boolean {
  const isHigh = text.charCodeAt(at) < 0xdc00;
  const other = text.charCodeAt(isHigh ? at + 1 : at - 1);
  return isHigh ? other >= 0xdc00 && other < 0xe000 : other >= 0xd800 && other < 0xdc00;
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

/** JSON with the keys of every object in code unit order: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
