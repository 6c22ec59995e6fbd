import { base64url } from 'jose';
import * as z from 'zod';
import { isMacOf, MAC_BYTES, macOf, readBase64url } from './mac.ts';

/** From being issued to being of no use. */
export const TICKET_VALID_MS = 30_000;
/** Longer than any that is issued: 128 characters of user id take at most 512 bytes. */
const MAX_TICKET_LENGTH = 1_024;

const ticketSchema = z.strictObject({
  user_id: z.string().min(1),
  guest: z.boolean(),
  topic: z.string(),
  jti: z.string().min(1).max(64),
  expires_at_ms: z.int(),
});
/** Lets one user open one WebSocket of one topic, once. */
export type Ticket = z.infer<typeof ticketSchema>;

/** A ticket as it travels: base64url of its JSON and its MAC. */
export async function writeTicket(ticket: Ticket, secret: string): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(ticket));
  const sealed = new Uint8Array(json.length + MAC_BYTES);
  sealed.set(json);
  sealed.set(await macOf(secret, 'ticket', json), json.length);
  return base64url.encode(sealed);
}

/** The ticket that this Worker's secret has sealed, expired or not; null when it is none. */
export async function readTicket(text: string, secret: string): Promise<Ticket | null> {
  const sealed = readBase64url(text, MAX_TICKET_LENGTH);
  if (!sealed || sealed.length <= MAC_BYTES) return null;
  const json = sealed.subarray(0, -MAC_BYTES);
  if (!(await isMacOf(secret, 'ticket', json, sealed.subarray(-MAC_BYTES)))) return null;
  return ticketSchema.parse(JSON.parse(new TextDecoder().decode(json)));
}
