import { type ReadonlySignal, signal } from '@preact/signals';
import { TickstockClient } from '../client/client.ts';
import { Attention } from './attention.ts';
import { askToSignIn, currentToken } from './sign-in/session.ts';

/** The page's one client: a connection for each topic. */
export const client = new TickstockClient({
  url: location.origin,
  token: currentToken,
  onUnauthorised: askToSignIn,
});

const awake = signal(true);

/** Whether connections are wanted: not for long on a page that nobody looks at. */
export const isAwake: ReadonlySignal<boolean> = awake;

const attention = new Attention({
  sleep: () => {
    client.sleep();
    awake.value = false;
  },
  wake: () => {
    client.wake();
    awake.value = true;
  },
  setTimer: (run, afterMs) => setTimeout(run, afterMs),
  clearTimer: timer => clearTimeout(timer as number),
});

/** Lets the connections sleep while nobody looks; looks at once whether they live when somebody does, or the network is back. */
export function followAttention(): void {
  document.addEventListener('visibilitychange', () => attention.visible(!document.hidden));
  document.addEventListener('resume', () => attention.visible(!document.hidden));
  window.addEventListener('pageshow', () => attention.visible(true));
  window.addEventListener('online', () => client.wake());
  attention.visible(!document.hidden);
}
