import { base64url } from 'jose';
import { hmacKey } from './hmac-key.ts';

/** SHA-256's. */
export const MAC_BYTES = 32;

/** What a MAC is for: one made for a cookie is worthless in a ticket. */
export type MacPurpose = 'guest' | 'ticket' | 'address';

const encoder = new TextEncoder();

/** The HMAC-SHA256 of bytes made for a purpose. */
export async function macOf(secret: string, purpose: MacPurpose, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await hmacKey(secret), labelled(purpose, bytes)));
}

/** Whether `mac` is that of the bytes; takes as long whatever differs. */
export async function isMacOf(
  secret: string,
  purpose: MacPurpose,
  bytes: Uint8Array,
  mac: Uint8Array,
): Promise<boolean> {
  return crypto.subtle.verify('HMAC', await hmacKey(secret), new Uint8Array(mac), labelled(purpose, bytes));
}

/** The bytes that base64url without padding stands for; null when it is none, or longer than `maxLength` characters. */
export function readBase64url(text: string, maxLength: number): Uint8Array | null {
  if (text.length > maxLength || !/^[\w-]*$/.test(text)) return null;
  try {
    return base64url.decode(text);
  } catch {
    // A length that base64 cannot have.
    return null;
  }
}

function labelled(purpose: MacPurpose, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = encoder.encode(`tickstock ${purpose}\n`);
  const all = new Uint8Array(label.length + bytes.length);
  all.set(label);
  all.set(bytes, label.length);
  return all;
}
