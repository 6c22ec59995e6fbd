import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, reconnectAfter } from '../../shared/codes.ts';

describe('after a close', () => {
  it.each([
    ['a ticket that is not valid', 4001],
    ['an origin or topic that is not allowed', 4003],
    ['a message that is too large or no JSON', 4009],
    ['a protocol that is not spoken', 4015],
  ])('a client stays away: %s (%i)', (_, code) => {
    expect(reconnectAfter(code).reconnect).toBe(false);
  });

  it.each([
    ['sending too fast', 4008, 10_000],
    ['reading too slowly', 4010, 0],
    ['draining', 4012, 0],
    ['silence', 4013, 0],
    ['a lost connection', 1006, 0],
    ['a code that this version does not know', 4099, 0],
    ['a normal end by the server', 1000, 0],
  ])('a client comes back: %s (%i), no sooner than %i ms', (_, code, afterMs) => {
    expect(reconnectAfter(code)).toMatchObject({ reconnect: true, afterMs });
  });

  it('every code is an application code and means one thing', () => {
    const codes = Object.values(CLOSE_CODES).map(entry => entry.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code >= 4_000 && code <= 4_999).toBe(true);
  });
});
