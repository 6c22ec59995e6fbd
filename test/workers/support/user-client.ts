import { exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { UserItem } from '../../../shared/user-data.ts';
import { type UserMessage, userMessageSchema } from '../../../shared/user-protocol.ts';
import { eventually } from './eventually.ts';

type Frame<T extends UserMessage['type']> = Extract<UserMessage, { type: T }>;

/** A raw client of `/ws/me`: keeps every frame, checked against the protocol's schemas. */
export class UserClient {
  readonly frames: UserMessage[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;
  #messages = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (data === 'pong') {
        this.texts.push('pong');
        return;
      }
      const value: unknown = JSON.parse(data as string);
      const parsed = userMessageSchema.safeParse(value);
      if (!parsed.success) throw new Error(`not of the protocol: ${data}\n${parsed.error.message}`);
      this.frames.push(value as UserMessage);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  of<T extends UserMessage['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type);
  }

  /** Waits for the n-th (1 = first) frame of a type. */
  async next<T extends UserMessage['type']>(type: T, nth = 1): Promise<Frame<T>> {
    await eventually(() => expect(this.of(type).length).toBeGreaterThanOrEqual(nth));
    return this.of(type)[nth - 1]!;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Asks for changes, and waits for what answers them. */
  async change(...changes: UserItem[]): Promise<Frame<'changed'> | Frame<'error'>> {
    const id = String(++this.#messages);
    this.send({ type: 'change', id, changes });
    return eventually(() => {
      const answer = this.frames.find(frame => frame.type !== 'hello' && frame.id === id);
      expect(answer).toBeDefined();
      return answer as Frame<'changed'> | Frame<'error'>;
    });
  }

  async closing(): Promise<{ code: number; reason: string }> {
    await eventually(() => expect(this.closed).not.toBeNull());
    return this.closed!;
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
