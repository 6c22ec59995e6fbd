import { expect, it } from 'vitest';
import { nextBeaconMs } from '../../workers/core/beacon-pace.ts';

it('lets pages report once a minute, and many of them more seldom, so that all make no more than ten reports a second', () => {
  expect(nextBeaconMs(0)).toBe(60_000);
  expect(nextBeaconMs(600)).toBe(60_000);
  expect(nextBeaconMs(10_000)).toBe(1_000_000);
});
