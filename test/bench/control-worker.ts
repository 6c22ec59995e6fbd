/** The bench's control: what a Durable Object can do at all. It sends each text it is posted to all its sockets. */
import { DurableObject } from 'cloudflare:workers';

export class TopicHub extends DurableObject {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.send('{"type":"subscribed"}');
  }

  send(text: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
  }
}

/** Bound, and not used. */
export class UserHub extends DurableObject {}
export class TopicReplica extends DurableObject {}

export default {
  async fetch(request: Request, env: { HUB: DurableObjectNamespace<TopicHub> }): Promise<Response> {
    const hub = env.HUB.getByName('daily');
    if (request.method === 'GET') return hub.fetch('http://control/', { headers: { upgrade: 'websocket' } });
    await hub.send(await request.text());
    return new Response(null, { status: 204 });
  },
};
