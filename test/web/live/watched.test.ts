import { expect, it } from 'vitest';
import { Watched } from '../../../web/live/watched.ts';

it('a page is seen since it was shown, and not while it is hidden', () => {
  const watched = new Watched(false, 0);
  expect(watched.sinceMs).toBeNull();
  watched.shown(1_000);
  watched.tick(2_000);
  expect(watched.sinceMs).toBe(1_000);
  watched.hidden();
  watched.tick(60_000);
  expect(watched.sinceMs).toBeNull();
});

it('a page that stood open while the machine slept is seen since that woke', () => {
  const watched = new Watched(true, 0);
  watched.tick(1_000);
  watched.tick(6_000);
  expect(watched.sinceMs).toBe(0);
  watched.tick(3_600_000);
  expect(watched.sinceMs).toBe(3_600_000);
  watched.tick(3_601_000);
  expect(watched.sinceMs).toBe(3_600_000);
});
