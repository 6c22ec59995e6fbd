import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveFrame, type ReplayFrame, serverMessageSchema } from '../../shared/client-protocol.ts';
import { MAX_FRAME_BYTES, MAX_FRAME_EVENTS, MAX_ID_LENGTH } from '../../shared/limits.ts';
import { liveFrames, replayFrame, splitIntoFrames, type WireEvent } from '../../workers/core/frames.ts';
import { patternEvent } from '../shared/samples.ts';

const EPOCH = '3f0c1c9e-0000-4000-8000-0123456789ab';
const utf8 = new TextEncoder();

describe('a list is cut', () => {
  it('after 50 events', () => {
    expect(splitIntoFrames(small(151)).map(frame => frame.length)).toEqual([50, 50, 50, 1]);
    expect(splitIntoFrames(small(50))).toHaveLength(1);
  });

  it('before a frame is over 64 KB', () => {
    const events = [1, 2, 3, 4].map(seq => sized(seq, 30_000));
    expect(splitIntoFrames(events).map(seqsOf)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('before what is around its events takes it over 64 KB', () => {
    const events = [sized(1, MAX_FRAME_BYTES / 2), sized(2, MAX_FRAME_BYTES / 2)];
    expect(events[0]!.bytes + events[1]!.bytes).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(splitIntoFrames(events).map(seqsOf)).toEqual([[1], [2]]);
  });

  it('around an event that is larger than a frame by itself', () => {
    const events = [sized(1, 100), sized(2, 200_000), sized(3, 100), sized(4, 100)];
    expect(splitIntoFrames(events).map(seqsOf)).toEqual([[1], [2], [3, 4]]);
  });

  it('into nothing when it is empty', () => {
    expect(splitIntoFrames([])).toEqual([]);
  });
});

describe('the frames of a flush', () => {
  it('are what clients understand', () => {
    const events = Array.from({ length: 60 }, (_, i) => wire(patternEvent({ seq: i + 1, symbol: 'ÄÖ.漢' })));
    const withheld = { from: 1, to: 9, rate_limited: 2, skipped: 1 };
    const frames = liveFrames({ epoch: EPOCH, head: 60 }, events, withheld);
    const messages = frames.map(({ text }) => serverMessageSchema.parse(JSON.parse(text)) as LiveFrame);
    expect(messages.map(({ events, head }) => [events.length, head])).toEqual([
      [50, 50],
      [10, 60],
    ]);
    expect(messages[0]).toMatchObject({ type: 'events', epoch: EPOCH, withheld });
    expect(messages[0]!.events[0]).toEqual(JSON.parse(events[0]!.body));
    expect(messages[1]).not.toHaveProperty('withheld');
  });

  it('tell what is withheld even when nothing is sent', () => {
    const withheld = { from: 3, to: 3, rate_limited: 1, skipped: 0 };
    const frames = liveFrames({ epoch: EPOCH, head: 5 }, [], withheld);
    expect(frames.map(({ text }) => JSON.parse(text))).toEqual([
      { type: 'events', epoch: EPOCH, head: 5, events: [], withheld },
    ]);
  });

  it('stay below every event still to come when critical ones were sent first', () => {
    const critical = small(60).map(event => ({ ...event, seq: event.seq + 1_000 }));
    const frames = liveFrames({ epoch: EPOCH, head: 1_060 }, [...critical, ...small(3, 500)]);
    expect(frames.map(({ text }) => JSON.parse(text).head)).toEqual([499, 1_060]);
  });
});

describe('whatever is sent in whatever order', () => {
  const bytes = fc.oneof(
    fc.integer({ min: 30, max: 400 }),
    fc.integer({ min: 20_000, max: 40_000 }),
    fc.integer({ min: 32_000, max: 32_768 }),
    fc.constant(70_000),
  );
  const flushes = fc
    .record({
      seqs: fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { maxLength: 130 }),
      bytes: fc.array(bytes, { minLength: 1, maxLength: 8 }),
      letter: fc.constantFrom('x', 'é', '漢', '😀'),
      ahead: fc.nat(5),
    })
    .map(({ seqs, bytes, letter, ahead }) => ({
      events: seqs.map((seq, i) => sized(seq, bytes[i % bytes.length]!, letter)),
      head: Math.max(0, ...seqs) + ahead,
    }));

  it('a client that is cut off after any frame and resumes from its head misses nothing', () => {
    fc.assert(
      fc.property(flushes, ({ events, head }) => {
        const messages = liveFrames({ epoch: EPOCH, head }, events).map(({ text }) => JSON.parse(text) as LiveFrame);
        expect(messages.flatMap(message => seqsOf(message.events))).toEqual(seqsOf(events));
        const received = new Set<number>();
        for (const message of messages) {
          for (const { seq } of message.events) received.add(seq);
          const missing = seqsOf(events).filter(seq => !received.has(seq));
          for (const seq of missing) expect(seq).toBeGreaterThan(message.head);
          expect(message.head).toBe(missing.length === 0 ? head : Math.min(...missing) - 1);
        }
        expect(messages.at(-1)!.head).toBe(head);
      }),
      { numRuns: 300 },
    );
  });

  it('no frame is over its limits unless one event alone is, none is cut without need, and each tells its size', () => {
    const withheld = { from: 1e15, to: 1e15, rate_limited: 1e9, skipped: 1e9 };
    fc.assert(
      fc.property(flushes, ({ events }) => {
        const replay = { epoch: EPOCH, head: 1e15, id: '\u0001'.repeat(MAX_ID_LENGTH), done: false };
        const frames = [
          ...liveFrames({ epoch: EPOCH, head: 1e15 }, events, withheld),
          ...splitIntoFrames(events).map(part => replayFrame(replay, part)),
        ];
        for (const { text, bytes } of frames) {
          const { length } = JSON.parse(text).events;
          expect(length).toBeLessThanOrEqual(MAX_FRAME_EVENTS);
          expect(bytes).toBe(utf8.encode(text).length);
          if (length > 1) expect(bytes).toBeLessThanOrEqual(MAX_FRAME_BYTES);
        }
        const parts = splitIntoFrames(events);
        parts.slice(1).forEach(([next], i) => {
          const part = parts[i]!;
          const together = [...part, next!].reduce((sum, event) => sum + event.bytes, 0);
          if (part.length < MAX_FRAME_EVENTS) expect(together).toBeGreaterThan(MAX_FRAME_BYTES - 1_200);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('a frame of a backfill', () => {
  it('names its subscription and says whether it is the last, as clients understand it', () => {
    const replay = { epoch: EPOCH, head: 9, id: 'a "quoted"\n漢', done: true };
    const message = serverMessageSchema.parse(JSON.parse(replayFrame(replay, [wire(patternEvent({ seq: 8 }))]).text));
    expect(message).toMatchObject({ type: 'events', replay: true, ...replay });
    expect(seqsOf((message as ReplayFrame).events)).toEqual([8]);
  });

  it('may be empty', () => {
    const replay = { epoch: EPOCH, head: 0, id: 's1', done: false };
    expect(JSON.parse(replayFrame(replay, []).text)).toEqual({ type: 'events', replay: true, events: [], ...replay });
  });
});

function small(count: number, from = 1): WireEvent[] {
  return Array.from({ length: count }, (_, i) => sized(from + i, 30));
}

/** An event of about so many bytes, in letters of one to four. */
function sized(seq: number, bytes: number, letter = 'x'): WireEvent {
  return wire({ seq, pad: letter.repeat(Math.max(0, (bytes - 20) / utf8.encode(letter).length)) });
}

function wire(event: { seq: number; pad?: string }): WireEvent {
  const body = JSON.stringify(event);
  return { seq: event.seq, body, bytes: utf8.encode(body).length };
}

function seqsOf(events: readonly { seq: number }[]): number[] {
  return events.map(({ seq }) => seq);
}
