/** A word of a filter's text, quotes and all. */
export interface Token {
  text: string;
  /** Where it starts, in UTF-16 units. */
  at: number;
}

/** A value of a token: `Doji`, `"Bull Flag"`, `="exactly so"`. */
export interface Value {
  text: string;
  isQuoted: boolean;
  /** Marked by `=`: to be taken letter by letter. */
  isExact: boolean;
}

/** Parts a text at the spaces outside quotes. */
export function tokenise(text: string): Token[] {
  return [...text.matchAll(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s"])+/gsu)].map(match => ({
    text: match[0],
    at: match.index,
  }));
}

/** Reads comma-separated values; null when a quote is not closed, or something stands against one. */
export function readValues(text: string): Value[] | null {
  const values: Value[] = [];
  let rest = text;
  for (;;) {
    const match = oneValue.exec(rest);
    if (!match) return null;
    const [whole, mark, quoted, plain] = match;
    const value = quoted === undefined ? plain! : quoted.replace(/\\(.)/gsu, '$1');
    values.push({ text: value, isQuoted: quoted !== undefined, isExact: mark === '=' });
    if (whole.length === rest.length) return values;
    rest = rest.slice(whole.length + 1);
  }
}

/** Writes a value so that `readValues` reads it as it is. */
export function writeValue(text: string): string {
  return /^[^\s",=!][^\s",]*$/u.test(text) ? text : quote(text);
}

/** Writes free text. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const oneValue = /^(=?)(?:"((?:\\.|[^"\\])*)"|([^",]*))(?=,|$)/su;
