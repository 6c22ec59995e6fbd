import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JOB_CHANNELS } from '../shared/backtests.ts';
import { type Log, sayError } from './log.ts';

/** Publishes on Redis; resolves with how many listened. */
export type Publish = (channel: string, message: string) => Promise<number>;

/** What came of a request. */
export type RestOutcome = 'published' | 'refused' | 'unauthorized' | 'failed';

export interface RestOptions {
  host: string;
  /** 0 = any that is free. */
  port: number;
  /** Who asks must know it. */
  token: string;
  publish: Publish;
  onOutcome: (outcome: RestOutcome) => void;
  log: Log;
}

interface Answer {
  outcome: RestOutcome;
  status: number;
  body: { result: number } | { error: string };
}

/** Some times what the largest job takes. */
const MAX_BODY_BYTES = 64 * 1024;
/** The whole request must be here by then. */
const REQUEST_TIMEOUT_MS = 10_000;
const CHANNELS: readonly string[] = Object.values(JOB_CHANNELS);

/**
 * Serves of Redis what `@upstash/redis` asks for when a job is published, and nothing else: `POST /` with
 * `["PUBLISH",channel,message]`, for the channels that TickStockPL takes jobs from. (Its `Upstash-Encoding: base64`
 * is about texts; what PUBLISH answers is a number, which is sent as it is.)
 *
 * @throws the system's error when the port cannot be listened on
 */
export async function startRest({
  host,
  port,
  log,
  ...options
}: RestOptions): Promise<{ port: number; server: Server }> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, async (request, response) => {
    const { outcome, status, body } = await answerTo(request, options, log);
    options.onOutcome(outcome);
    // What was not read of a body is not read any more.
    const connection = request.complete ? {} : { connection: 'close' };
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...connection });
    response.end(JSON.stringify(body));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

async function answerTo(
  request: IncomingMessage,
  { token, publish }: Pick<RestOptions, 'token' | 'publish'>,
  log: Log,
): Promise<Answer> {
  if (!isAuthorized(request.headers.authorization, token)) {
    return { outcome: 'unauthorized', status: 401, body: { error: 'WRONGPASS the token is missing or wrong' } };
  }
  if (request.url !== '/') return refusal(404, 'ERR there is only POST /');
  if (request.method !== 'POST') return refusal(405, 'ERR there is only POST /');
  const text = await readText(request);
  if (text === null) return refusal(413, `ERR over ${MAX_BODY_BYTES} bytes`);
  const command = readCommand(text);
  if ('error' in command) return refusal(command.status, command.error);
  try {
    const result = await publish(command.channel, command.message);
    return { outcome: 'published', status: 200, body: { result } };
  } catch (error) {
    log.warn({ channel: command.channel, error: sayError(error) }, 'a job cannot be published');
    return { outcome: 'failed', status: 503, body: { error: 'ERR Redis gave no answer' } };
  }
}

/** What may be asked of Redis. */
export function readCommand(text: string): { channel: string; message: string } | { status: number; error: string } {
  const command = parse(text);
  const [name, channel, message, ...more] = (Array.isArray(command) ? command : []) as unknown[];
  if (typeof name !== 'string') return { status: 400, error: 'ERR expected a command as a JSON array' };
  if (name.toUpperCase() !== 'PUBLISH') return { status: 403, error: 'NOPERM there is only PUBLISH' };
  if (typeof channel !== 'string' || typeof message !== 'string' || more.length > 0) {
    return { status: 400, error: "ERR wrong number of arguments for 'publish' command" };
  }
  if (!CHANNELS.includes(channel)) return { status: 403, error: `NOPERM there is only ${CHANNELS.join(' and ')}` };
  return { channel, message };
}

function isAuthorized(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

/** null = too large, or cut off. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length > MAX_BODY_BYTES) return null;
      chunks.push(chunk as Buffer);
    }
  } catch {
    // Whoever sent it is gone.
    return null;
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, error: string): Answer {
  return { outcome: 'refused', status, body: { error } };
}
