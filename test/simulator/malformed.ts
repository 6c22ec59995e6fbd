import type { RejectReason } from '../../shared/codes.ts';
import type { Message } from './detection.ts';
import { SOURCE } from './detection.ts';
import { epochSeconds, isoUtc } from './times.ts';

/** A message that no reader can make a pattern of, as broken producers have sent them: the `turn`-th kind, in a circle. */
export function malformed(turn: number, atMs: number): Message {
  const write = KINDS[turn % KINDS.length]!;
  const { rejects, raw } = write(atMs);
  return {
    channel: 'tickstock.events.patterns',
    raw,
    truth: { is: 'malformed', detections: [], rejects, copy: false },
  };
}

interface Malformed {
  rejects: RejectReason[];
  raw: string;
}

const KINDS: readonly ((atMs: number) => Malformed)[] = [
  atMs => refused('bad_confidence', whole(atMs, { confidence: undefined })),
  atMs => ({ rejects: ['bad_json'], raw: JSON.stringify(whole(atMs)).slice(0, -20) }),
  atMs => refused('missing_pattern', whole(atMs, { pattern: undefined })),
  atMs => ({
    rejects: ['bad_confidence'],
    raw: JSON.stringify(whole(atMs, { confidence: 0 })).replace('"confidence":0', '"confidence":NaN'),
  }),
  atMs => refused('bad_shape', whole(atMs, { symbol: 123 })),
  atMs => refused('missing_symbol', whole(atMs, { symbol: '' })),
  atMs => refused('bad_confidence', whole(atMs, { confidence: 'high' })),
  atMs => refused('bad_confidence', whole(atMs, { confidence: -0.2 })),
  atMs => refused('bad_shape', [SOURCE, atMs]),
  atMs => refused('bad_shape', { event_type: 'pattern_detected', source: SOURCE, timestamp: isoUtc(atMs), data: null }),
  () => ({ rejects: ['bad_json'], raw: 'invalid json {' }),
];

function refused(reason: RejectReason, body: unknown): Malformed {
  return { rejects: [reason], raw: JSON.stringify(body) };
}

function whole(atMs: number, changes: object = {}): object {
  return {
    source: SOURCE,
    timestamp: epochSeconds(atMs),
    pattern: 'Doji',
    symbol: 'AAPL',
    confidence: 0.7,
    tier: 'daily',
    ...changes,
  };
}
