import { expect } from 'vitest';
import { checkFrame, readFrame } from '../../support/documented-frames.ts';
import { eventually } from '../../support/eventually.ts';

/** Every documented message that this file has seen from the server, as `topic Hello`. */
export const seenFrames = new Set<string>();

/** A raw WebSocket client: keeps every frame, checked against the documents, and sends what it is told. */
export class RawClient<Message extends { type: string }> {
  readonly frames: Message[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;

  constructor(socket: WebSocket, channel: 'topic' | 'me') {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const text = data as string;
      const frame = readFrame(text);
      const { name, faults } = checkFrame(channel, frame);
      if (faults.length > 0) throw new Error(`otherwise than written down: ${text}\n${faults.join('\n')}`);
      seenFrames.add(`${channel} ${name}`);
      if (typeof frame === 'string') this.texts.push(frame);
      else this.frames.push(frame as Message);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  of<T extends Message['type']>(type: T): Extract<Message, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<Message, { type: T }> => frame.type === type);
  }

  /** Waits for the n-th (1 = first) frame of a type. */
  async next<T extends Message['type']>(type: T, nth = 1): Promise<Extract<Message, { type: T }>> {
    await eventually(() => expect(this.of(type).length).toBeGreaterThanOrEqual(nth));
    return this.of(type)[nth - 1]!;
  }

  async closing(): Promise<{ code: number; reason: string }> {
    await eventually(() => expect(this.closed).not.toBeNull());
    return this.closed!;
  }
}
