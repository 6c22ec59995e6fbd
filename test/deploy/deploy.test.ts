import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy, type Tools } from '../../bridge/deploy/deploy.ts';
import { sign } from '../../bridge/sink.ts';
import { parseSignature, SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { COMPLETE_VARS } from './complete-vars.ts';

const INGEST_SECRET = 'i'.repeat(32);

/** What was done, in order. */
let done: string[];
let said: string[];
let nowMs: number;
let url: string;
let worker: Server;
/** What the Worker answers about itself. */
let health: () => object;

beforeEach(async () => {
  [done, said, nowMs] = [[], [], 1_795_000_000_000];
  health = () => ({ version: done.some(what => what.startsWith('deploy')) ? { id: 'v-2', commit: 'abc' } : null });
  worker = createServer(async (request, response) => {
    if (request.url === '/api/admin/drain') {
      const body = await text(request);
      done.push(`drain ${body} ${isSigned(request, body) ? 'signed' : 'unsigned'}`);
      response.end('{"topics":{"daily":{"sessions":3}}}');
    } else {
      response.end(JSON.stringify(health()));
    }
  });
  await new Promise<void>(resolve => worker.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(worker.address() as AddressInfo).port}`;
});

afterEach(() => worker.close());

function isSigned(request: IncomingMessage, body: string): boolean {
  const header = request.headers[SIGNATURE_HEADER] as string;
  return sign(Buffer.from(body), INGEST_SECRET, parseSignature(header)!.atMs) === header;
}

function tools(change: Partial<Tools> = {}): Tools {
  return {
    env: { WORKER_URL: `${url}/`, INGEST_SECRET },
    git: async ([what]) => (what === 'status' ? '' : 'abc\n'),
    build: async environment => void done.push(`build ${environment}`),
    environments: () => ['staging', 'production'],
    readConfig: () => ({ vars: COMPLETE_VARS, kvIds: {} }),
    listSecrets: async () => ['INGEST_SECRET', 'SESSION_SECRET'],
    readSecretNames: async () => ['INGEST_SECRET', 'SESSION_SECRET'],
    deploy: async args => {
      done.push(`deploy ${args.join(' ')}`);
      return { versionId: 'v-2', urls: [url] };
    },
    say: line => void said.push(line),
    nowMs: () => nowMs,
    wait: async ms => {
      nowMs += ms;
    },
    ...change,
  };
}

test('builds, sends the sessions away, hands over what is committed, and waits until it answers', async () => {
  await deploy(['production', '--strict'], tools());
  expect(done).toEqual([
    'build production',
    'drain {"window_ms":60000} signed',
    'deploy --env production --tag abc --strict',
  ]);
  expect(said).toEqual([
    'Sent away: {"topics":{"daily":{"sessions":3}}}',
    `${url} answers as version v-2, commit abc.`,
  ]);
});

test('without the secret nobody is sent away, and that is said', async () => {
  await deploy(['staging'], tools({ env: {} }));
  expect(done).toEqual(['build staging', 'deploy --env staging --tag abc']);
  expect(said[0]).toMatch(/^Without WORKER_URL and INGEST_SECRET/);
  expect(said[1]).toContain('answers as version v-2');
});

test('a Worker that is not there yet is no reason not to deploy one', async () => {
  worker.close();
  await expect(deploy(['staging'], tools())).rejects.toThrow(/version v-2 is deployed, but .* does not answer as it/);
  expect(said[0]).toMatch(/^Nobody was sent away first: /);
  expect(done.at(-1)).toContain('deploy --env staging');
});

test.each([
  [[], /^Usage: npm run deploy/],
  [['prod'], /^Usage: npm run deploy/],
])('%j is told how to use it, and nothing is done', async (args, told) => {
  await expect(deploy(args, tools())).rejects.toThrow(told);
  expect(done).toEqual([]);
});

test('nothing is done while something is not committed', async () => {
  const git = async () => ' M wrangler.toml\n';
  await expect(deploy(['staging'], tools({ git }))).rejects.toThrow(/^not committed.*\n M wrangler.toml$/s);
  expect(done).toEqual([]);
});

test('nothing is done while settings are missing, and each is named', async () => {
  const readConfig = () => ({ vars: { ...COMPLETE_VARS, JWT_ISSUER: '', JWT_AUDIENCE: '' }, kvIds: {} });
  const refused = deploy(['staging'], tools({ readConfig, listSecrets: async () => [] }));
  await expect(refused).rejects.toThrow(
    /^staging cannot be deployed:\nJWT_ISSUER: .*\nJWT_AUDIENCE: .*\nINGEST_SECRET: .*\nSESSION_SECRET: [^\n]*$/,
  );
  expect(done).toEqual([]);
});

test.each([[['--secrets-file', '/tmp/secrets.env']], [['--strict', '--secrets-file=/tmp/secrets.env']]])(
  'the secrets of a first deployment come from a file: %j',
  async options => {
    const readSecretNames = async (path: string) =>
      path === '/tmp/secrets.env' ? ['INGEST_SECRET', 'SESSION_SECRET'] : [];
    await deploy(['staging', ...options], tools({ listSecrets: async () => [], readSecretNames }));
    expect(done.at(-1)).toBe(`deploy --env staging --tag abc ${options.join(' ')}`);
  },
);

test('a version that does not come up is told, with what answers instead', async () => {
  health = () => ({ title: 'misconfigured', detail: 'JWT_ISSUER: is missing' });
  await expect(deploy(['staging'], tools())).rejects.toThrow(/does not answer as it: 200 .*JWT_ISSUER: is missing/);
});

test('a deployment that takes longer than the sessions were told is owned up to', async () => {
  const slow: Tools['deploy'] = async args => {
    nowMs += 31_000;
    return tools().deploy(args);
  };
  await deploy(['staging'], tools({ deploy: slow }));
  expect(said).toContainEqual(expect.stringContaining('That took 31 s'));
});
