import { describe, expect, it } from 'vitest';
import {
  backfilledWords,
  fullWords,
  gapWords,
  lostWords,
  olderFailedWords,
  withheldWords,
} from '../../../web/live/note-words.ts';
import { gap } from '../client/frames.ts';

const told = { nowMs: Date.parse('2026-11-20T19:36:15Z'), clock: 'exchange' } as const;
const span = { fromMs: Date.parse('2026-11-20T19:32:05Z'), toMs: Date.parse('2026-11-20T19:32:09Z') };
const gapOf = (reason: string) => gapWords(gap(1, { reason }) as never, told);

describe('a note', () => {
  it('names the time in which events may be missing, and why', () => {
    expect(gapOf('redis_disconnected')).toBe(
      'Gap: events of 09:30:00–09:31:00 ET may be missing (the bridge had lost Redis)',
    );
    expect(gapOf('bridge_absent')).toContain('no bridge was running');
    expect(gapOf('outbox_overflow')).toContain('the bridge could not keep all that waited');
    expect(gapOf('sunspots')).toContain('(sunspots)');
  });

  it('counts what was not sent, by cause', () => {
    expect(withheldWords({ rateLimited: 30, skipped: 7, ...span }, told)).toBe(
      '37 events not sent, 14:32:05–14:32:09 ET (30 over the rate limit, 7 because this page read slowly)',
    );
    expect(withheldWords({ rateLimited: 0, skipped: 1, fromMs: span.fromMs, toMs: span.fromMs }, told)).toBe(
      '1 event not sent, 14:32:05 ET (1 because this page read slowly)',
    );
    expect(withheldWords({ rateLimited: 2, skipped: 0, ...span }, told)).toContain('(2 over the rate limit)');
  });

  it('counts what came in afterwards', () => {
    expect(backfilledWords(12, span, told)).toBe('12 events of 14:32:05–14:32:09 ET backfilled');
  });

  it('says since when what was missed is lost', () => {
    expect(lostWords(span.fromMs, told)).toBe(
      'Not recoverable: what was missed since 14:32:05 ET. The newest events stand above',
    );
    expect(lostWords(null, told)).toBe('Not recoverable: what was missed. The newest events stand above');
  });

  it('says where the rows end, and what to do about it', () => {
    expect(fullWords(3_334)).toContain('3,334 rows are held here; older ones were let go.');
    expect(olderFailedWords('HTTP 500')).toContain('HTTP 500');
  });
});
