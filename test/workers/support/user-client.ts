import { exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { UserItem } from '../../../shared/user-data.ts';
import type { UserMessage } from '../../../shared/user-protocol.ts';
import { eventually } from '../../support/eventually.ts';
import { RawClient } from './raw-client.ts';

type Frame<T extends UserMessage['type']> = Extract<UserMessage, { type: T }>;

/** A client of `/ws/me`. */
export class UserClient extends RawClient<UserMessage> {
  #messages = 0;

  constructor(socket: WebSocket) {
    super(socket, 'me');
  }

  /** Asks for changes, and waits for what answers them. */
  async change(...changes: UserItem[]): Promise<Frame<'changed'> | Frame<'error'>> {
    const id = String(++this.#messages);
    this.send({ type: 'change', id, changes });
    return eventually(() => {
      const answer = this.frames.find(frame => (frame.type === 'changed' || frame.type === 'error') && frame.id === id);
      expect(answer).toBeDefined();
      return answer as Frame<'changed'> | Frame<'error'>;
    });
  }
}

/** Opens the WebSocket of the guest whom a cookie names, and waits for its hello. */
export async function connectUser(cookie: string): Promise<UserClient> {
  const client = new UserClient(await upgradeUser(cookie));
  await client.next('hello');
  return client;
}

export async function upgradeUser(cookie: string): Promise<WebSocket> {
  const response = await exports.default.fetch('http://edge.test/ws/me', {
    headers: { upgrade: 'websocket', 'sec-websocket-protocol': 'tickstock.v1', cookie },
  });
  if (!response.webSocket) throw new Error(`no upgrade: ${response.status} ${await response.text()}`);
  return response.webSocket;
}
