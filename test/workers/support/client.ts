import { exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import {
  type LiveFrame,
  type ReplayFrame,
  type ServerMessage,
  type Subscribe,
  serverMessageSchema,
} from '../../../shared/client-protocol.ts';
import type { Event } from '../../../shared/events.ts';
import { eventually } from './eventually.ts';

type Frame<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
type EventsFrame = Frame<'events'>;

/** A raw WebSocket client: keeps every frame, checked against the protocol's schemas, and sends what it is told. */
export class TestClient {
  readonly frames: ServerMessage[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (data === 'pong') {
        this.texts.push('pong');
        return;
      }
      const value: unknown = JSON.parse(data as string);
      const parsed = serverMessageSchema.safeParse(value);
      if (!parsed.success) throw new Error(`not of the protocol: ${data}\n${parsed.error.message}`);
      this.frames.push(value as ServerMessage);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  of<T extends ServerMessage['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type);
  }

  /** Waits for the n-th (1 = first) frame of a type. */
  async next<T extends ServerMessage['type']>(type: T, nth = 1): Promise<Frame<T>> {
    await eventually(() => expect(this.of(type).length).toBeGreaterThanOrEqual(nth));
    return this.of(type)[nth - 1]!;
  }

  async subscribe(request: Omit<Subscribe, 'type'>): Promise<Frame<'subscribed'>> {
    const before = this.of('subscribed').length;
    this.send({ type: 'subscribe', ...request });
    return this.next('subscribed', before + 1);
  }

  get liveFrames(): LiveFrame[] {
    return this.of('events').filter((frame): frame is LiveFrame => !('replay' in frame));
  }

  /** The frames of one subscription's backfill. */
  replayFrames(id: string): ReplayFrame[] {
    return this.of('events').filter((frame): frame is ReplayFrame => 'replay' in frame && frame.id === id);
  }

  get liveSeqs(): number[] {
    return seqs(this.liveFrames);
  }

  replaySeqs(id: string): number[] {
    return seqs(this.replayFrames(id));
  }

  get events(): Event[] {
    return this.of('events').flatMap(frame => frame.events as Event[]);
  }

  async backfilled(id: string): Promise<void> {
    await eventually(() => expect(this.replayFrames(id).at(-1)?.done).toBe(true));
  }

  async closing(): Promise<{ code: number; reason: string }> {
    await eventually(() => expect(this.closed).not.toBeNull());
    return this.closed!;
  }
}

function seqs(frames: EventsFrame[]): number[] {
  return frames.flatMap(frame => frame.events.map(({ seq }) => seq));
}

/** Opens a WebSocket through the Worker and waits for its hello. */
export async function connect(topic: string, headers: Record<string, string> = {}): Promise<TestClient> {
  const client = new TestClient(await upgrade(topic, headers));
  await client.next('hello');
  return client;
}

export async function upgrade(topic: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const response = await exports.default.fetch(`http://edge.test/ws/${topic}`, {
    headers: { upgrade: 'websocket', ...headers },
  });
  if (!response.webSocket) throw new Error(`no upgrade: ${response.status} ${await response.text()}`);
  return response.webSocket;
}
