import * as fc from 'fast-check';
import type { PatternEvent } from '../../../shared/events.ts';
import { patternEvent } from '../../shared/samples.ts';

export const EPOCH = 'e1';
/** 2026-11-20 09:30 in New York, a Friday. */
export const OPEN_MS = Date.parse('2026-11-20T14:30:00Z');

type Changes = Record<string, unknown>;

/** A pattern at a position; detected `seq` seconds after the open unless said otherwise. */
export function pattern(seq: number, changes: Changes = {}): PatternEvent {
  const detected_at = new Date(OPEN_MS + seq * 1_000).toISOString();
  return patternEvent({ seq, id: `id-${seq}`, detected_at, ...changes }) as PatternEvent;
}

/** Events of few kinds, so that some fire again, in any order and with repeats. */
export const seqs = fc.integer({ min: 1, max: 40 });
