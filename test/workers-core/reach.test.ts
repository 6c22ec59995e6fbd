import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlushFacts, newReach, type Reach, ReachLog } from '../../workers/core/reach.ts';

const FLUSH: FlushFacts = { atMs: 1_000, live: 3, behind: 1 };
const REACH: Reach = { matched: 3, rate_limited: 1, skipped: 1, closed: 0 };
const duplicate = (batchId: number) => ({ bridgeId: 'b', batchId, channel: 'c', atMs: 5 });

describe('what is remembered of an event', () => {
  it('is nothing before it is appended, and when it was appended to another memory', () => {
    const log = new ReachLog(4);
    log.flushed(1, REACH, FLUSH);
    log.repeated(1, duplicate(1));
    for (const seq of [0, 1, -1]) expect(log.read(seq)).toBeNull();
  });

  it('is that it waits until its flush, and then whom that reached', () => {
    const log = new ReachLog(4);
    log.appended(1);
    expect(log.read(1)).toEqual({ flush: null, duplicates: 0, lastDuplicate: null });
    log.flushed(1, REACH, FLUSH);
    expect(log.read(1)).toEqual({ flush: { ...REACH, ...FLUSH }, duplicates: 0, lastDuplicate: null });
  });

  it('is how often it came again, and the last time', () => {
    const log = new ReachLog(4);
    log.appended(1);
    log.repeated(1, duplicate(1));
    log.repeated(1, duplicate(2));
    expect(log.read(1)).toMatchObject({ duplicates: 2, lastDuplicate: duplicate(2) });
  });

  it('is nothing once nobody knows who got it', () => {
    const log = new ReachLog(4);
    log.appended(1);
    log.repeated(1, duplicate(1));
    log.forget(1);
    log.forget(2);
    expect(log.read(1)).toBeNull();
  });

  it('is exact for the newest, and nothing for those before, whatever happens', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({ does: 'append' } as const) },
        fc.record({ does: fc.constant('flush' as const), seq: fc.nat(30), matched: fc.nat(9) }),
        fc.record({ does: fc.constant('repeat' as const), seq: fc.nat(30), batchId: fc.nat(9) }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 7 }), (taken, capacity) => {
        const log = new ReachLog(capacity);
        const model: { matched: number | null; batches: number[] }[] = [];
        const isKept = (seq: number) => seq > 0 && seq <= model.length && seq > model.length - capacity;
        for (const step of taken) {
          if (step.does === 'append') {
            model.push({ matched: null, batches: [] });
            log.appended(model.length);
          } else if (step.does === 'flush') {
            log.flushed(step.seq, { ...newReach(), matched: step.matched }, FLUSH);
            if (isKept(step.seq)) model[step.seq - 1]!.matched = step.matched;
          } else {
            log.repeated(step.seq, duplicate(step.batchId));
            if (isKept(step.seq)) model[step.seq - 1]!.batches.push(step.batchId);
          }
        }
        for (let seq = 0; seq <= model.length + 1; seq++) {
          const remembered = log.read(seq);
          expect(remembered !== null).toBe(isKept(seq));
          if (!remembered) continue;
          const { matched, batches } = model[seq - 1]!;
          expect(remembered.flush?.matched ?? null).toBe(matched);
          expect(remembered.duplicates).toBe(batches.length);
          expect(remembered.lastDuplicate?.batchId).toBe(batches.at(-1));
        }
      }),
      { numRuns: 500 },
    );
  });
});
