import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IngestEvent } from '../../../shared/events.ts';
import {
  type IngestBatch,
  ingestBatchSchema,
  parseSignature,
  SIGNATURE_HEADER,
} from '../../../shared/ingest-protocol.ts';
import type { Topic } from '../../../shared/topics.ts';

/** A server in the Worker's place, which reads what is posted as strictly as the Worker does and keeps it. */
export interface StandInEdge {
  url: string;
  /** Every request with a good signature, in order, with what was answered. */
  posts: { batch: IngestBatch; status: number; signature: string }[];
  /** Decides the status of a batch; 200 unless a test says otherwise, 0 closes the connection without an answer. */
  decide: (batch: IngestBatch) => number | Promise<number>;
  secret: string;
  /** Batches of a topic that were taken. */
  taken(topic: Topic): IngestBatch[];
  /** Events that were taken, over all topics. */
  events(): IngestEvent[];
  unauthorized: number;
  stop(): Promise<void>;
}

export const SECRET = 'a secret of at least thirty-two bytes';

export async function startEdge(): Promise<StandInEdge> {
  const edge: StandInEdge = {
    url: '',
    posts: [],
    decide: () => 200,
    secret: SECRET,
    taken: topic =>
      edge.posts.filter(({ batch, status }) => status === 200 && batch.topic === topic).map(post => post.batch),
    events: () =>
      edge.posts.filter(({ status }) => status === 200).flatMap(({ batch }) => batch.events as IngestEvent[]),
    unauthorized: 0,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const header = request.headers[SIGNATURE_HEADER] as string | undefined;
    const reply = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const signature = parseSignature(header);
    const hex = createHmac('sha256', edge.secret).update(`${signature?.atMs}.`).update(body).digest('hex');
    if (request.url !== '/ingest' || signature?.hex !== hex) {
      edge.unauthorized++;
      return reply(401, { title: 'bad_signature' });
    }
    const parsed = ingestBatchSchema.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) throw new Error(`the bridge posted what the Worker refuses: ${parsed.error.message}`);
    const batch = parsed.data;
    const status = await edge.decide(batch);
    edge.posts.push({ batch, status, signature: header! });
    if (status === 0) return response.destroy();
    const answer = { accepted: batch.events.length, duplicates: 0, head: 1 };
    return reply(status, { server_at_ms: Date.now(), topics: { [batch.topic!]: answer } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  edge.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return edge;
}
