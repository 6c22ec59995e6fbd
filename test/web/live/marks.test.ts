import { describe, expect, it } from 'vitest';
import { isSimulator, isStandIn } from '../../../web/live/marks.ts';

describe('a source', () => {
  it.each([
    ['TickStockPL', false, false],
    ['pattern_detection_engine', false, false],
    ['tickstock-simulator', true, true],
    ['SYNTHETIC', true, true],
    ['fallback_detector', true, false],
    ['load_test', true, false],
    ['LoadTest', true, false],
    ['mock', true, false],
    ['', false, false],
  ])('%s stands in for the producer: %s, is made up: %s', (source, standIn, simulator) => {
    expect([isStandIn(source), isSimulator(source)]).toEqual([standIn, simulator]);
  });
});
