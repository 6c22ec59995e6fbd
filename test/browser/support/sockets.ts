import type { Page } from '@playwright/test';
import type { Topic } from '../../../shared/topics.ts';

/** A message of the protocol that went over a topic's socket, with what its `type` brings. */
export interface SocketFrame extends Record<string, unknown> {
  type: string;
}

/** Everything that a page's sockets send and receive, over reconnects. */
export interface Sockets {
  /** How many were opened to a topic so far. */
  opened(topic: Topic): number;
  /** Pings left out. */
  sent(topic: Topic, type?: string): SocketFrame[];
  /** Pongs left out. */
  received(topic: Topic, type?: string): SocketFrame[];
}

/** Listens to the sockets that the page opens from now on; call it before `open`. */
export function socketsOf(page: Page): Sockets {
  const all: { topic: string; sent: SocketFrame[]; received: SocketFrame[] }[] = [];
  page.on('websocket', socket => {
    const record = { topic: new URL(socket.url()).pathname.split('/').at(-1)!, sent: [], received: [] };
    all.push(record);
    socket.on('framesent', ({ payload }) => keep(record.sent, payload));
    socket.on('framereceived', ({ payload }) => keep(record.received, payload));
  });
  const of = (topic: Topic) => all.filter(record => record.topic === topic);
  const only = (frames: SocketFrame[], type?: string) => frames.filter(frame => !type || frame.type === type);
  return {
    opened: topic => of(topic).length,
    sent: (topic, type) => of(topic).flatMap(({ sent }) => only(sent, type)),
    received: (topic, type) => of(topic).flatMap(({ received }) => only(received, type)),
  };
}

function keep(frames: SocketFrame[], payload: string | Buffer): void {
  const text = String(payload);
  if (text !== 'ping' && text !== 'pong') frames.push(JSON.parse(text));
}
