import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { newGuest } from '../../workers/identity/guest.ts';
import { connect } from './support/client.ts';

afterEach(reset);

const SECRET = env.SESSION_SECRET!;

async function ask(headers: Record<string, string> = {}, base = 'http://edge.test'): Promise<Response> {
  return exports.default.fetch(`${base}/api/patterns/daily`, { headers });
}

/** `name=value` of the cookie that an answer sets; null when it sets none. */
function cookieOf(response: Response): string | null {
  return response.headers.get('set-cookie')?.split(';')[0] ?? null;
}

async function userOf(cookie: string): Promise<string> {
  const client = await connect('daily', { cookie });
  return (await client.next('hello')).identity.user_id;
}

describe('a guest', () => {
  it('gets a cookie with the first answer that scripts cannot read and other sites do not send, and none after it', async () => {
    const first = await ask();
    const attributes = first.headers.get('set-cookie')!.split('; ');
    expect(attributes[0]).toMatch(/^tickstock_guest=[\da-f-]{36}\.[\w-]{43}$/);
    expect(attributes.slice(1).sort()).toEqual(['HttpOnly', 'Max-Age=31536000', 'Path=/', 'SameSite=Lax']);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(cookieOf(await ask({ cookie: cookieOf(first)! }))).toBeNull();
  });

  it('gets one that only travels encrypted where the Worker is reached so', async () => {
    expect((await ask({}, 'https://edge.test')).headers.get('set-cookie')).toContain('; Secure');
  });

  it('gets it with a refusal too', async () => {
    expect(cookieOf(await exports.default.fetch('http://edge.test/api/symbols?x=1'))).not.toBeNull();
    expect(cookieOf(await exports.default.fetch('http://edge.test/api/nothing'))).not.toBeNull();
  });

  it('is the same person on every WebSocket, and another one without the cookie', async () => {
    const [ann, bob] = [cookieOf(await ask())!, cookieOf(await ask())!];
    const id = await userOf(ann);
    expect(id).toBe(`guest-${ann.slice('tickstock_guest='.length).split('.')[0]}`);
    expect(await userOf(ann)).toBe(id);
    expect(await userOf(bob)).not.toBe(id);
    expect(await userOf('other=1')).not.toBe(id);
  });

  it('is not whom a cookie names that this Worker has not signed', async () => {
    const { cookie } = await newGuest(SECRET);
    const [uuid, mac] = cookie.split('.') as [string, string];
    const stranger = await newGuest('another-secret-another-secret-another');
    const other = await newGuest(SECRET);
    for (const forged of [
      uuid,
      `${uuid}.`,
      `${uuid}.${'A'.repeat(43)}`,
      `${uuid}.${mac.slice(0, -4)}`,
      `${uuid}.${mac}.x`,
      `${uuid}.${other.cookie.split('.')[1]}`,
      `${uuid.toUpperCase()}.${mac}`,
      `admin.${mac}`,
      stranger.cookie,
      '%00',
      '',
    ]) {
      const answer = await ask({ cookie: `tickstock_guest=${forged}` });
      expect(answer.status).toBe(200);
      expect(cookieOf(answer)).toMatch(/^tickstock_guest=[\da-f-]{36}\.[\w-]{43}$/);
      expect(cookieOf(answer)).not.toContain(uuid);
    }
  });

  it('is nobody else for saying so in a header', async () => {
    const claims = { 'x-user-id': 'admin', 'x-tickstock-user': 'admin', authorization: 'Bearer admin' };
    const client = await connect('daily', claims);
    expect((await client.next('hello')).identity.user_id).toMatch(/^guest-/);
  });
});
