import { effect } from '@preact/signals';
import type { UserItem } from '../../../shared/user-data.ts';
import { isAwake } from '../connection.ts';
import { flash } from '../flash.tsx';
import { guestKnown } from '../guest.ts';
import { followSubscriptions } from '../state/named.ts';
import { keepUser, keptUser } from './kept-user.ts';
import { heldItems, hold, itemOf, readable, readItem } from './page-items.ts';
import { type Changes, type Items, Replica } from './replica.ts';
import { userConnection } from './user-connection.ts';
import { type ItemMessage, readUserFrame } from './user-frames.ts';

/** Held by the one window of this browser that speaks with the server for all of them. */
const LOCK = 'tickstock.user';
/** How long to wait when the server says that messages come too fast. */
const POSTPONE_MS = 1_000;

/**
 * Keeps what is the user's the same here and on the server: what is changed here is sent, at once or when there is a
 * connection again, and what is changed elsewhere comes here. Windows of one browser share what the browser keeps, and
 * one of them, that somebody looks at, speaks for all. Called once, when the page stands.
 */
export function followUser(): void {
  followSubscriptions();
  effect(() => {
    if (!isAwake.value) return;
    const ended = new AbortController();
    void speaking(ended.signal);
    return () => ended.abort();
  });
}

/** Speaks for this browser from when it is this window's turn until `signal` ends it. */
async function speaking(signal: AbortSignal): Promise<void> {
  await guestKnown();
  const speak = () =>
    new Promise<void>(resolve => {
      if (signal.aborted) return resolve();
      const stop = connect();
      signal.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
  // A page that is not served safely has no locks, and one whose storage is blocked may not use them.
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return speak();
  try {
    await locks.request(LOCK, { signal }, speak);
  } catch {
    // Ended while it waited for its turn, or not allowed: then it speaks for itself.
    if (!signal.aborted) await speak();
  }
}

/** @returns a function that ends it */
function connect(): () => void {
  let known = keptUser();
  let isKept = known !== null;
  let replica = new Replica(readable(known?.items ?? new Map()));
  let postponed: ReturnType<typeof setTimeout> | undefined;
  const connection = userConnection({
    onFrame: data => {
      const message = readUserFrame(data);
      if (message) take(message);
    },
    onState: () => {},
  });

  const greet = ({ identity: { user_id, guest }, items }: Extract<ItemMessage, { type: 'hello' }>) => {
    const server: Items = changesOf(items) as Map<string, string>;
    const isOther = known !== null && known.user_id !== user_id;
    if (isOther) replica = new Replica(new Map());
    // What a guest has gathered is taken along; what belongs to another user is not.
    hold(replica.greeted(server, isOther && !known?.guest ? server : heldItems()));
    known = { user_id, guest, items: replica.base };
    connection.ready();
  };
  const take = (message: ItemMessage) => {
    if (message.type === 'hello') greet(message);
    else if (message.type === 'changed') {
      hold(replica.changed(changesOf(message.changes), message.id, heldItems()));
    } else if (message.retryable) {
      replica.postponed();
      postponed = setTimeout(send, POSTPONE_MS);
      return;
    } else {
      const at = /^changes\.(\d+)/.exec(message.field ?? '')?.[1];
      const refused = replica.refused(message.id, at === undefined ? null : Number(at));
      if (refused.length > 0) flash(`Kept in this browser only: ${message.message}`);
    }
    isKept = known !== null && keepUser({ ...known, items: replica.base });
    send();
  };
  const send = () => {
    const held = heldItems();
    if (isKept && !keptUser()) return forget();
    const message = connection.state.name === 'ready' ? replica.next(held) : null;
    if (!message) return;
    const changes = [...message.changes].map(([key, text]) => itemOf(key, text));
    connection.send(JSON.stringify({ type: 'change', id: message.id, changes }));
  };
  /** Everything that the browser kept was cleared: what is not held any more was not deleted, and comes again. */
  const forget = () => {
    isKept = false;
    replica = new Replica(new Map());
    connection.sleep();
    connection.dialNow();
  };
  const stopSending = effect(send);
  const dial = () => connection.dialNow();
  addEventListener('online', dial);
  dial();
  return () => {
    clearTimeout(postponed);
    removeEventListener('online', dial);
    stopSending();
    connection.close();
  };
}

/** Items as the page holds them; those that it cannot hold are left out, and so left alone. */
function changesOf(items: readonly UserItem[]): Changes {
  return new Map(items.map(readItem).filter(item => item !== undefined));
}
