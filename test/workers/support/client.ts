import { exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { LiveFrame, ReplayFrame, ServerMessage, Subscribe } from '../../../shared/client-protocol.ts';
import type { Event } from '../../../shared/events.ts';
import { eventually } from '../../support/eventually.ts';
import { RawClient } from './raw-client.ts';

type Frame<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
type EventsFrame = Frame<'events'>;

/** A client of a topic. */
export class TestClient extends RawClient<ServerMessage> {
  constructor(socket: WebSocket) {
    super(socket, 'topic');
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
