/** Producers wrap what they have to say in these. */
const WRAPPERS = new Set(['data', 'pattern_data', 'detection', 'payload']);

/**
 * The names of a JSON object's fields, in their order, those of an object in a wrapper as `data.symbol`. Of a message that
 * was cut off those that are there; of one that is no object none. Never throws.
 */
export function messageKeys(text: string): string[] {
  const keys: string[] = [];
  /** Where each object that is open stands; null = in something that is not looked into. */
  const open: (string | null)[] = [];
  let last: string | null = null;
  let key: string | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    const place = open.at(-1);
    if (token === '{') {
      open.push(open.length === 0 ? '' : within(place, key));
      key = null;
    } else if (token === '[') {
      open.push(null);
      key = null;
    } else if (token === '}' || token === ']') {
      open.pop();
      key = null;
    } else if (token === ':') {
      key = last;
      if (typeof place === 'string' && last !== null) keys.push(place + last);
      last = null;
    } else if (token === ',') {
      key = null;
      last = null;
    } else {
      last = unquoted(token);
    }
  }
  return keys;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

function within(place: string | null | undefined, key: string | null): string | null {
  return typeof place === 'string' && key !== null && WRAPPERS.has(key) ? `${place}${key}.` : null;
}

function unquoted(token: string): string | null {
  try {
    return JSON.parse(token) as string;
  } catch {
    // A control character in it, which JSON does not allow.
    return token.slice(1, -1);
  }
}
