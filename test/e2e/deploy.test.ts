import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('wrangler builds what it would deploy, with the hub bound and the page among its assets', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'tickstock-deploy-'));
  const { stdout } = await promisify(execFile)(
    'node_modules/.bin/wrangler',
    ['deploy', '--dry-run', '--outdir', outDir],
    {
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    },
  );
  expect(stdout).toContain('env.HUB (TopicHub)');
  expect(stdout).toContain('env.USER (UserHub)');
  expect(stdout).not.toMatch(/Read 0 files/);
  expect(await readdir(outDir)).toContain('index.js');
  await rm(outDir, { recursive: true });
});
