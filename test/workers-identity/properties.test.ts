import fc from 'fast-check';
import { base64url, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { newGuest, readGuest } from '../../workers/identity/guest.ts';
import { macOf, readBase64url } from '../../workers/identity/mac.ts';
import { readTicket, type Ticket, writeTicket } from '../../workers/identity/ticket.ts';
import { tokenVerifier } from '../../workers/identity/token.ts';

const SECRET = 'session-secret-session-secret-session!';
const RUNS = { numRuns: 200 };

const ticket: fc.Arbitrary<Ticket> = fc.record({
  user_id: fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }),
  guest: fc.boolean(),
  topic: fc.constantFrom('daily', 'intraday', 'combo', 'system'),
  jti: fc.uuid(),
  expires_at_ms: fc.nat(),
});
/** What could stand in a header: near misses as well as noise. */
const text = fc.oneof(
  fc.string(),
  fc.string({ maxLength: 2_000 }),
  fc.base64String(),
  fc.tuple(fc.uuid(), fc.base64String()).map(parts => parts.join('.')),
  fc.array(fc.base64String(), { minLength: 2, maxLength: 5 }).map(parts => parts.join('.')),
);

/** A text with one character replaced by another of base64url; null when that changes no byte. */
function tampered(sealed: string, at: number, by: string): string | null {
  const changed = sealed.slice(0, at % sealed.length) + by + sealed.slice((at % sealed.length) + 1);
  const [before, after] = [readBase64url(sealed, 5_000), readBase64url(changed, 5_000)];
  return String(before) === String(after) ? null : changed;
}
const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

describe('a ticket', () => {
  it('is read as it was written, by the same secret only', async () => {
    await fc.assert(
      fc.asyncProperty(ticket, async given => {
        const sealed = await writeTicket(given, SECRET);
        expect(await readTicket(sealed, SECRET)).toEqual(given);
        expect(await readTicket(sealed, `${SECRET}!`)).toBeNull();
      }),
      RUNS,
    );
  });

  it('fits a header of 1,024 characters with the longest name', async () => {
    const longest: Ticket = {
      user_id: '😀'.repeat(64),
      guest: false,
      topic: 'intraday',
      jti: crypto.randomUUID(),
      expires_at_ms: 8.64e15,
    };
    const widest: Ticket = { ...longest, user_id: '名'.repeat(128) };
    for (const given of [longest, widest])
      expect(await readTicket(await writeTicket(given, SECRET), SECRET)).toEqual(given);
  });

  it('is none after any change of a byte', async () => {
    await fc.assert(
      fc.asyncProperty(ticket, fc.nat(), character, async (given, at, by) => {
        const changed = tampered(await writeTicket(given, SECRET), at, by);
        if (changed !== null) expect(await readTicket(changed, SECRET)).toBeNull();
      }),
      RUNS,
    );
  });

  it('is no noise, and noise throws nothing', async () => {
    await fc.assert(
      fc.asyncProperty(text, async noise => {
        expect(await readTicket(noise, SECRET)).toBeNull();
      }),
      RUNS,
    );
  });

  it('is no guest cookie, nor the other way round: a MAC is for one purpose', async () => {
    const bytes = new TextEncoder().encode('same');
    expect(await macOf(SECRET, 'ticket', bytes)).not.toEqual(await macOf(SECRET, 'guest', bytes));
  });
});

describe('a guest cookie', () => {
  it('names the guest it was made for, by the same secret only', async () => {
    const guest = await newGuest(SECRET);
    expect(await readGuest(guest.cookie, SECRET)).toEqual(guest);
    expect(await readGuest(guest.cookie, `${SECRET}!`)).toBeNull();
  });

  it('names nobody after any change, and noise throws nothing', async () => {
    const { cookie } = await newGuest(SECRET);
    const [uuid, mac] = cookie.split('.') as [string, string];
    await fc.assert(
      fc.asyncProperty(fc.nat(), character, async (at, by) => {
        const changed = tampered(mac, at, by);
        if (changed !== null) expect(await readGuest(`${uuid}.${changed}`, SECRET)).toBeNull();
      }),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(fc.uuid(), async other => {
        expect(await readGuest(`${other}.${mac}`, SECRET)).toBeNull();
      }),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(text, async noise => {
        expect(await readGuest(noise, SECRET)).toBeNull();
      }),
      RUNS,
    );
  });
});

describe('a token', () => {
  const issuer = 'https://issuer.test';
  const audience = 'tickstock';
  const verify = tokenVerifier({ key: { secret: SECRET }, issuer, audience });

  function sign(claims: Record<string, unknown>): Promise<string> {
    return new SignJWT({ iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1_000) + 60, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
  }

  it('is a fault and never an error, whatever the header holds', async () => {
    const header = fc.oneof(
      text,
      text.map(noise => `Bearer ${noise}`),
      fc
        .tuple(fc.json(), fc.json(), fc.base64String())
        .map(([head, body, mac]) => `Bearer ${base64url.encode(head)}.${base64url.encode(body)}.${mac}`),
      fc.json().map(body => `Bearer ${base64url.encode('{"alg":"HS256"}')}.${base64url.encode(body)}.AAAA`),
    );
    await fc.assert(
      fc.asyncProperty(header, async given => {
        expect(await verify(given)).toHaveProperty('fault');
      }),
      { numRuns: 500 },
    );
  });

  it('that is signed gives claims of the right form, or a fault, whatever it claims', async () => {
    const claims = fc.record(
      {
        sub: fc.oneof(fc.string({ maxLength: 140 }), fc.jsonValue()),
        role: fc.oneof(fc.constantFrom('admin', 'user'), fc.jsonValue()),
        topics: fc.oneof(fc.array(fc.constantFrom('daily', 'system', 'x')), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(claims, async given => {
        const verdict = await verify(`Bearer ${await sign(given)}`);
        if ('fault' in verdict) {
          expect(verdict.fault).toBe('token_claims');
          return;
        }
        const { userId, role, topics } = verdict.claims;
        expect(userId).toBe(given.sub);
        expect(userId).toMatch(/^.{1,128}$/u);
        expect(role === 'admin').toBe(given.role === 'admin');
        expect(topics === null).toBe(given.topics === undefined);
        if (topics)
          expect(topics).toEqual((given.topics as unknown[]).filter(topic => topic === 'daily' || topic === 'system'));
      }),
      { numRuns: 500 },
    );
  });
});
