import { base64url } from 'jose';
import { macOf } from './mac.ts';

/** Enough to tell addresses apart, and no more. */
const KEPT_BYTES = 9;

/**
 * Whom a client's address stands for: an IPv4 address itself, of an IPv6 address its /64, which is one customer's. null
 * where limits have nobody to count: no address, or this machine's own.
 */
export function neighbourhoodOf(address: string | undefined): string | null {
  if (!address || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)) return null;
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return neighbourhoodOf(mapped);
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const groups = head ? head.split(':') : [];
  if (tail !== undefined) {
    const after = tail ? tail.split(':') : [];
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** Stands for a neighbourhood where it is kept: told apart, but not readable. */
export async function hideAddress(neighbourhood: string, secret: string): Promise<string> {
  const mac = await macOf(secret, 'address', new TextEncoder().encode(neighbourhood));
  return base64url.encode(mac.subarray(0, KEPT_BYTES));
}
