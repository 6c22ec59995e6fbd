import { createDelayLine } from './delay-line.ts';
import type { Detection, Message } from './detection.ts';
import { SOURCE } from './detection.ts';
import type { Random } from './random.ts';
import { isoUtc } from './times.ts';

/** What became of detections published before: told after a day, five and thirty, which pass in seconds here. */
export interface Outcomes {
  /** Takes note of detections; some of them get outcomes. */
  follow(detections: readonly Detection[], atMs: number): void;
  dueMs(): number;
  /** The outcome that is due. */
  next(atMs: number): Message;
}

/** Market days after the detection, and how long each is in coming. */
const STEPS = [
  { days: 1, delayMs: 30_000 },
  { days: 5, delayMs: 90_000 },
  { days: 30, delayMs: 180_000 },
] as const;
const FOLLOWED_SHARE = 0.25;
const MAX_FOLLOWED = 20_000;

interface Course {
  detection: Detection;
  /** Percent gained after each step. */
  gains: readonly [number, number, number];
}

export function createOutcomes(random: Random): Outcomes {
  const lines = STEPS.map(({ delayMs }) => createDelayLine<Course>(delayMs, MAX_FOLLOWED));

  return {
    follow(detections, atMs) {
      for (const detection of detections) {
        if (!random.chance(FOLLOWED_SHARE)) continue;
        const course: Course = { detection, gains: [gain(detection, 1), gain(detection, 5), gain(detection, 30)] };
        for (const line of lines) line.put(course, atMs);
      }
    },
    dueMs: () => Math.min(...lines.map(line => line.dueMs())),
    next(atMs) {
      const dues = lines.map(line => line.dueMs());
      const step = dues.indexOf(Math.min(...dues));
      return written(lines[step]!.take(), step, atMs);
    },
  };

  /** Stronger detections do better, a little. */
  function gain({ confidence }: Detection, days: number): number {
    return Math.round((random.normal() + 2 * (confidence - 0.65)) * Math.sqrt(days) * 100) / 100;
  }
}

function written({ detection, gains }: Course, step: number, atMs: number): Message {
  const known = (index: number) => (index <= step ? gains[index]! : null);
  const success = (index: number) => (index <= step ? gains[index]! > 0 : null);
  const body = {
    source: SOURCE,
    detection_id: detection.eventId,
    pattern_id: 1,
    pattern_name: detection.pattern,
    symbol: detection.symbol,
    detection_timestamp: isoUtc(detection.detectedMs),
    outcome_1d: known(0),
    outcome_5d: known(1),
    outcome_30d: known(2),
    success_1d: success(0),
    success_5d: success(1),
    success_30d: success(2),
    outcome_calculated_at: isoUtc(atMs),
  };
  return {
    channel: 'tickstock.events.patterns.outcomes',
    raw: JSON.stringify(body),
    truth: { is: 'outcome', detections: [detection], rejects: [], copy: false },
  };
}
