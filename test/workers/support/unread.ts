import { UPGRADE_HEADER } from '../../../workers/hub/admission.ts';
import type { TopicHub } from '../../../workers/index.ts';

/**
 * A session whose peer is not accepted: nothing of what it is sent is read, and all of it counts as buffered. (A real
 * loopback connection hides megabytes in the kernel.)
 */
export async function connectUnread(hub: DurableObjectStub<TopicHub>): Promise<WebSocket> {
  const upgrade = JSON.stringify({ identity: { user_id: 'unread', guest: true }, subprotocol: null });
  const response = await hub.fetch('http://edge.test/', {
    headers: { upgrade: 'websocket', [UPGRADE_HEADER]: upgrade },
  });
  if (!response.webSocket) throw new Error(`no upgrade: ${response.status}`);
  return response.webSocket;
}

/** Reads what waits in such a socket: its frames, and the code it was closed with. */
export async function readAll(socket: WebSocket): Promise<{ frames: string[]; code: number }> {
  const frames: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.addEventListener('message', ({ data }) => {
    frames.push(data as string);
  });
  socket.addEventListener('close', ({ code }) => resolve(code));
  socket.accept();
  return { code: await promise, frames };
}
