import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands in for Cloudflare's API as far as wrangler asks it while it deploys a Worker that is not there yet. */
export interface CloudflareApi {
  url: string;
  /** What the script was uploaded with: bindings, migrations and the like. */
  uploaded: Record<string, unknown> | null;
  stop(): void;
}

const VERSION_ID = '11111111-2222-3333-4444-555555555555';
const NOT_FOUND = { success: false, errors: [{ code: 10007, message: 'This Worker does not exist.' }], messages: [] };

export async function startCloudflareApi(): Promise<CloudflareApi> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const metadata = request.method === 'PUT' ? metadataIn(body) : null;
    if (metadata) api.uploaded = metadata;
    const result = resultOf(request);
    response.writeHead(result ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result ? { success: true, errors: [], messages: [], result } : NOT_FOUND));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: CloudflareApi = { url: `http://127.0.0.1:${port}`, uploaded: null, stop: () => server.close() };
  return api;
}

function resultOf({ method, url = '' }: IncomingMessage): object | null {
  const path = url.replace(/\?.*/, '');
  if (path.endsWith('/assets-upload-session')) return { jwt: 'a.b.c', buckets: [] };
  if (path.endsWith('/subdomain')) return { subdomain: 'me', enabled: true, previews_enabled: false };
  if (/\/workers\/workers\/[^/]+$/.test(path)) return { subdomain: { enabled: true, previews_enabled: false } };
  if (path.endsWith('/storage/kv/namespaces')) return method === 'POST' ? { id: 'made', title: 'made' } : [];
  if (method === 'PUT') return { id: 'w', deployment_id: VERSION_ID.replaceAll('-', ''), startup_time_ms: 5 };
  return method === 'PATCH' ? {} : null;
}

/** The part of a multipart body that is called so. */
function metadataIn(body: string): Record<string, unknown> {
  return JSON.parse(/name="metadata"\r\n\r\n(.*)\r\n/.exec(body)![1]!);
}
