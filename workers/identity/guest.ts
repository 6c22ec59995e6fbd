import { base64url } from 'jose';
import { isMacOf, MAC_BYTES, macOf, readBase64url } from './mac.ts';

/** How long a guest is the same person; the cookie is `<uuid>.<MAC>`. */
export const GUEST_COOKIE_SECONDS = 365 * 24 * 60 * 60;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const MAC_LENGTH = Math.ceil((MAC_BYTES * 4) / 3);
const encoder = new TextEncoder();

export interface Guest {
  /** `guest-<uuid>` */
  userId: string;
  /** What the cookie must hold for the guest to be known again. */
  cookie: string;
}

/** A guest nobody has been before. */
export async function newGuest(secret: string): Promise<Guest> {
  const uuid = crypto.randomUUID();
  const mac = base64url.encode(await macOf(secret, 'guest', encoder.encode(uuid)));
  return { userId: userIdOf(uuid), cookie: `${uuid}.${mac}` };
}

/** The guest a cookie was made for; null when this Worker's secret has not made it. */
export async function readGuest(cookie: string | undefined, secret: string): Promise<Guest | null> {
  const [uuid = '', text = '', more] = (cookie ?? '').split('.', 3);
  if (!UUID.test(uuid) || more !== undefined) return null;
  const mac = readBase64url(text, MAC_LENGTH);
  if (mac?.length !== MAC_BYTES || !(await isMacOf(secret, 'guest', encoder.encode(uuid), mac))) return null;
  return { userId: userIdOf(uuid), cookie: `${uuid}.${text}` };
}

function userIdOf(uuid: string): string {
  return `guest-${uuid}`;
}
