import { describe, expect, it } from 'vitest';
import { type Facts, judge, type Published, type Seen } from './oracle.ts';

const event = (number: number, changes: Partial<Published> = {}): Published => ({
  number,
  tier: 'daily',
  symbol: 'AAPL',
  patternType: 'Doji',
  confidence: 0.7,
  fromMs: number * 1_000,
  toMs: number * 1_000 + 5,
  isSure: true,
  ...changes,
});
const client = (changes: Partial<Seen> = {}): Seen => ({
  name: 'all',
  tier: 'daily',
  filter: { kinds: ['pattern'] },
  numbers: [1, 2],
  gaps: [],
  withheld: [],
  losses: 0,
  ...changes,
});
const facts = (changes: Partial<Facts> = {}): Facts => ({
  published: [event(1), event(2)],
  clients: [client()],
  tapes: {
    daily: [
      { number: 1, seq: 11 },
      { number: 2, seq: 12 },
    ],
    intraday: [],
    combo: [],
  },
  toleranceMs: 0,
  mayHaveGaps: true,
  ...changes,
});
const gap = (fromMs: number, toMs: number) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

describe('the oracle', () => {
  it('has nothing to say when every client got what it asked for once', () => {
    expect(judge(facts())).toEqual([]);
    const other = client({ filter: { kinds: ['pattern'], symbols: ['MSFT'] }, numbers: [] });
    expect(judge(facts({ clients: [other] }))).toEqual([]);
  });

  it('names an event that a client missed, unless it was told that it was withheld', () => {
    const missing = client({ numbers: [1] });
    expect(judge(facts({ clients: [missing] }))).toEqual(['"all" missed event 2 (seq 12) untold']);
    const told = { ...missing, withheld: [{ from: 12, to: 12, rate_limited: 1, skipped: 0 }] };
    expect(judge(facts({ clients: [told] }))).toEqual([]);
    const toldOfAnother = { ...missing, withheld: [{ from: 11, to: 11, rate_limited: 1, skipped: 0 }] };
    expect(judge(facts({ clients: [toldOfAnother] }))).toHaveLength(1);
    const toldOfFewer = client({ numbers: [], withheld: [{ from: 11, to: 12, rate_limited: 0, skipped: 1 }] });
    expect(judge(facts({ clients: [toldOfFewer] }))).toHaveLength(1);
  });

  it('names an event that never reached the tape, unless a gap covers when it was published', () => {
    const tapes = { daily: [{ number: 1, seq: 11 }], intraday: [], combo: [] };
    const missing = client({ numbers: [1] });
    const sentence = '"all" was not told of event 2, which never reached the tape';
    expect(judge(facts({ tapes, clients: [missing] }))).toEqual([sentence]);
    expect(judge(facts({ tapes, clients: [{ ...missing, gaps: [gap(1_500, 2_001)] }] }))).toEqual([]);
    expect(judge(facts({ tapes, clients: [{ ...missing, gaps: [gap(1_500, 1_999)] }] }))).toEqual([sentence]);
    expect(judge(facts({ tapes, clients: [{ ...missing, gaps: [gap(1_500, 1_999)] }], toleranceMs: 1 }))).toEqual([]);
    const unsure = [event(1), event(2, { isSure: false })];
    expect(judge(facts({ tapes, clients: [missing], published: unsure }))).toEqual([]);
  });

  it('names what came twice, what nobody published, and what was not asked for', () => {
    expect(judge(facts({ clients: [client({ numbers: [1, 2, 2] })] }))).toEqual(['"all" got event 2 twice']);
    expect(judge(facts({ clients: [client({ numbers: [1, 2, 3] })] }))).toEqual([
      '"all" got event 3, which nobody published',
    ]);
    const strong = client({ filter: { kinds: ['pattern'], confidence_min: 0.8 }, numbers: [1] });
    expect(judge(facts({ clients: [strong] }))).toEqual(['"all" got event 1, which it did not ask for']);
    const twice = {
      daily: [11, 12, 13].map((seq, i) => ({ number: Math.min(i + 1, 2), seq })),
      intraday: [],
      combo: [],
    };
    expect(judge(facts({ tapes: twice }))).toEqual(['event 2 is on the tape twice']);
  });

  it('names a gap where somebody always listened, and a loss of what the tape kept', () => {
    const told = client({ gaps: [gap(0, 10)], losses: 1 });
    expect(judge(facts({ clients: [told], mayHaveGaps: false }))).toHaveLength(2);
  });
});
