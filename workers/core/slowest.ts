import type { SessionReport } from '../../shared/api/sessions.ts';

/** The slowest sessions of some, slowest first: by what is queued, then by how far behind, then by what was withheld. */
export function slowest(sessions: readonly SessionReport[], limit: number): SessionReport[] {
  return sessions.toSorted(bySlowness).slice(0, limit);
}

function bySlowness(a: SessionReport, b: SessionReport): number {
  return (
    b.queued_bytes - a.queued_bytes ||
    b.behind - a.behind ||
    withheldOf(b) - withheldOf(a) ||
    // Or what is alike would change places each time that somebody looks.
    (a.opened_at < b.opened_at ? -1 : a.opened_at > b.opened_at ? 1 : a.session_id < b.session_id ? -1 : 1)
  );
}

function withheldOf({ withheld }: SessionReport): number {
  return withheld.rate_limited + withheld.skipped;
}
