import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { deployWithWrangler, listSecrets, readSecretNames } from '../../bridge/deploy/programs.ts';
import { startCloudflareApi } from './support/cloudflare-api.ts';

it.concurrent.each(['staging', 'production'])(
  'wrangler builds what it would deploy to %s, with all bound and the page among its assets',
  async environment => {
    const outDir = await mkdtemp(join(tmpdir(), 'tickstock-deploy-'));
    const { stdout } = await promisify(execFile)(
      'node_modules/.bin/wrangler',
      ['deploy', '--env', environment, '--dry-run', '--outdir', outDir],
      {
        env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
      },
    );
    expect(stdout).toContain('env.HUB (TopicHub)');
    expect(stdout).toContain('env.USER (UserHub)');
    expect(stdout).toContain('env.REFERENCE');
    expect(stdout).toContain('env.AUTH_MODE ("jwt")');
    expect(stdout).not.toMatch(/Read 0 files/);
    expect(await readdir(outDir)).toContain('index.js');
    await rm(outDir, { recursive: true });
  },
);

it('wrangler is told the secrets, the classes, the commit, and to run it at once; it says which version that is', async () => {
  const api = await startCloudflareApi();
  const folder = await mkdtemp(join(tmpdir(), 'tickstock-deploy-'));
  const file = join(folder, 'secrets.env');
  await writeFile(file, 'INGEST_SECRET=one\nSESSION_SECRET=two\nJWT_SECRET=\n');
  const account = { CLOUDFLARE_API_BASE_URL: api.url, CLOUDFLARE_API_TOKEN: 'token', CLOUDFLARE_ACCOUNT_ID: 'account' };
  Object.assign(process.env, account, { CI: '1', WRANGLER_SEND_METRICS: 'false' });

  expect(await listSecrets('staging')).toEqual([]);
  expect(await readSecretNames(file)).toEqual(['INGEST_SECRET', 'SESSION_SECRET']);
  const { versionId, urls } = await deployWithWrangler([
    '--env',
    'staging',
    '--tag',
    '3f2a91c',
    '--secrets-file',
    file,
  ]);
  expect(versionId).toBe('11111111-2222-3333-4444-555555555555');
  expect(urls).toEqual(['https://tickstock-edge-staging.me.workers.dev']);
  expect(api.uploaded).toMatchObject({
    annotations: { 'workers/tag': '3f2a91c' },
    code_update_strategy: { mode: 'immediate' },
    migrations: { steps: ['TopicHub', 'UserHub', 'TopicReplica'].map(name => ({ new_sqlite_classes: [name] })) },
    observability: { enabled: true, logs: { invocation_logs: false } },
  });
  expect(api.uploaded!.bindings).toContainEqual({ name: 'SESSION_SECRET', type: 'secret_text', text: 'two' });
  api.stop();
  await rm(folder, { recursive: true });
});
