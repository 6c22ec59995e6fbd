import { describe, expect, it } from 'vitest';
import { closeReason, retryWaitMs } from '../../../web/client/retry.ts';

describe('the wait before the next connection', () => {
  it.each([
    ['a first loss: up to half a second', { code: 1006, failures: 1, drainMs: 0 }, 250],
    ['a fourth loss: up to four seconds', { code: 1006, failures: 4, drainMs: 0 }, 2_000],
    ['any later loss: up to fifteen seconds', { code: 1006, failures: 99, drainMs: 0 }, 7_500],
    ['a client that was too fast: ten seconds more', { code: 4008, failures: 1, drainMs: 0 }, 10_250],
    ['draining: what the server asked for, and jitter', { code: 4012, failures: 1, drainMs: 1_800 }, 2_050],
    ['draining, however the connection ended', { code: 1006, failures: 1, drainMs: 1_800 }, 2_050],
  ])('%s', (_, ended, waitMs) => {
    expect(retryWaitMs(ended, 0.5)).toBe(waitMs);
  });

  it.each([4001, 4003, 4009, 4015])('is for ever after %i', code => {
    expect(retryWaitMs({ code, failures: 1, drainMs: 1_000 }, 0.5)).toBeNull();
  });
});

it.each([
  [4003, 'not your origin', 'not your origin'],
  [4003, '', 'origin or topic not allowed'],
  [1006, '', 'connection lost'],
])('says why a connection ended: %i %j', (code, reason, words) => {
  expect(closeReason(code, reason)).toBe(words);
});
