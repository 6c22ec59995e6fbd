import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Structured logs on stdout, one JSON object a line. */
export function createLog(level: string, bridgeId: string): Log {
  return pino({ level, base: { bridge: bridgeId } });
}

/**
 * What may be shown of an error: its message and code alone. Errors of Redis carry the command that failed, and that
 * may be AUTH with its password.
 */
export function sayError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const text =
    error.message || (error instanceof AggregateError && error.errors[0] ? sayError(error.errors[0]) : error.name);
  return code && !text.includes(code) ? `${code}: ${text}` : text;
}

/** Lets one line per key through in any ten seconds, and counts those that it holds back. */
export class LogLimit {
  readonly #last = new Map<string, { atMs: number; heldBack: number }>();

  /** How many were held back since the last line; null when this one is, too. */
  pass(key: string, nowMs: number): number | null {
    const last = this.#last.get(key);
    if (last && nowMs - last.atMs < 10_000) {
      last.heldBack++;
      return null;
    }
    this.#last.set(key, { atMs: nowMs, heldBack: 0 });
    return last?.heldBack ?? 0;
  }
}
