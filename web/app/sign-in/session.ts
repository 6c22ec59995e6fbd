import { signal } from '@preact/signals';

/** In `sessionStorage`, which this tab alone reads and which ends with it; never in an address. */
const KEY = 'tickstock.token';

let token = read();

/** Why the server wants a token, in its words; null while it does not. */
export const signInAsked = signal<string | null>(null);

export function currentToken(): string {
  return token;
}

/** The server wants a token, or did not accept the one it got. */
export function askToSignIn(detail: string): void {
  signInAsked.value = detail;
}

/** Keeps a token and begins anew with it: everything that the page has asked for so far was refused. */
export function signIn(pasted: string): void {
  write(pasted.trim());
  location.reload();
}

/** Forgets the token, and what the page shows with it. */
export function forgetToken(): void {
  write('');
  location.reload();
}

function read(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    // Forbidden where cookies are blocked.
    return '';
  }
}

function write(text: string): void {
  token = text;
  try {
    if (text === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // Forbidden: signing in does not outlive the page, and the page says so by asking again.
  }
}
