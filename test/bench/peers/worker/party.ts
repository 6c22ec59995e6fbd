/** PartyServer as its documentation has it: it hibernates, a filter is a connection's state, and `onRequest` sends on. */
import { DurableObject } from 'cloudflare:workers';
import { type Connection, routePartykitRequest, Server } from 'partyserver';
import { type Filter, type Pattern, wants } from '../wants.ts';

/** Named for the binding that the bench runs every Worker with; its rooms are at `/parties/hub/NAME`. */
export class TopicHub extends Server {
  static override options = { hibernate: true };

  override onMessage(connection: Connection<Filter>, message: string): void {
    const { filter } = JSON.parse(message) as { filter: Filter };
    connection.setState(filter);
    connection.send('{"type":"subscribed"}');
  }

  override async onRequest(request: Request): Promise<Response> {
    const text = await request.text();
    const event = JSON.parse(text) as Pattern;
    for (const connection of this.getConnections<Filter>()) {
      if (connection.state && wants(connection.state, event)) connection.send(text);
    }
    return new Response(null, { status: 204 });
  }
}

/** Bound, and not used. */
export class UserHub extends DurableObject {}
export class TopicReplica extends DurableObject {}

export default {
  fetch: async (request: Request, env: Cloudflare.Env): Promise<Response> =>
    (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 }),
};
