import { describe, expect, it } from 'vitest';
import type { SessionReport } from '../../shared/api/sessions.ts';
import { slowest } from '../../workers/core/slowest.ts';

function session(session_id: string, overrides: Partial<SessionReport> = {}): SessionReport {
  return {
    session_id,
    topic: 'daily',
    user_id: 'u',
    guest: false,
    opened_at: '2026-11-20T20:00:00.000Z',
    heard_at: '2026-11-20T20:00:00.000Z',
    subscriptions: [],
    subscriptions_total: 0,
    position: 0,
    behind: 0,
    queued_bytes: 0,
    counted_since: '2026-11-20T20:00:00.000Z',
    delivered: 0,
    backfilled: 0,
    withheld: { rate_limited: 0, skipped: 0 },
    ...overrides,
  };
}
const ids = (sessions: SessionReport[]) => sessions.map(({ session_id }) => session_id).join(' ');

describe('the slowest sessions', () => {
  it('are those with most queued, then those furthest behind, then those from whom most was withheld', () => {
    const all = [
      session('fine'),
      session('thinned', { withheld: { rate_limited: 1, skipped: 4 } }),
      session('limited', { withheld: { rate_limited: 9, skipped: 0 } }),
      session('behind', { behind: 1 }),
      session('queued', { queued_bytes: 1 }),
      session('full', { queued_bytes: 900_000 }),
    ];
    expect(ids(slowest(all, 10))).toBe('full queued behind limited thinned fine');
    expect(ids(slowest(all, 2))).toBe('full queued');
  });

  it('of those alike are the oldest, whatever order they come in', () => {
    const older = session('z', { opened_at: '2026-11-20T19:00:00.000Z' });
    const all = [session('b'), session('a'), older];
    expect(ids(slowest(all, 10))).toBe('z a b');
    expect(ids(slowest(all.toReversed(), 10))).toBe('z a b');
  });
});
