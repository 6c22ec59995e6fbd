import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { inRepository, ROOT } from '../local/paths.ts';
import { binary } from '../local/tool.ts';

/** Runs git in the repository. @returns what it prints */
export async function git(args: string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd: ROOT })).stdout;
}

/** Builds the page, and the Worker as it would be deployed. */
export async function build(environment: string): Promise<void> {
  await run('vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn']);
  await run('wrangler', ['deploy', '--env', environment, '--dry-run']);
}

const CONFIG = inRepository('wrangler.toml');

/** The environments that wrangler.toml has. */
export function environments(): string[] {
  return unstable_readConfig({ config: CONFIG, env: '' }).definedEnvironments ?? [];
}

interface KvNamespace {
  binding: string;
  id?: string;
}

/** What wrangler.toml says of an environment. */
export function readConfig(environment: string) {
  const { vars, kv_namespaces } = unstable_readConfig({ config: CONFIG, env: environment });
  return { vars, kvIds: Object.fromEntries((kv_namespaces as KvNamespace[]).map(({ binding, id }) => [binding, id])) };
}

/** Names of the secrets that a Worker has; none where there is no such Worker yet. */
export async function listSecrets(environment: string): Promise<string[]> {
  try {
    const args = ['secret', 'list', '--env', environment, '--format', 'json'];
    const { stdout } = await promisify(execFile)(binary('wrangler'), args, { cwd: ROOT });
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    if (stderr?.includes('If this is a new Worker')) return [];
    throw new Error(`wrangler cannot list the secrets: ${stderr || String(error)}`, { cause: error });
  }
}

/** Names in a file of secrets, which is JSON or of lines `NAME=value`. */
export async function readSecretNames(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  const secrets: Record<string, unknown> = text.trimStart().startsWith('{') ? JSON.parse(text) : parseEnv(text);
  return Object.keys(secrets).filter(name => secrets[name]);
}

/** @returns the version that was made, and the addresses at which it is */
export async function deployWithWrangler(args: string[]): Promise<{ versionId: string; urls: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'tickstock-deploy-'));
  const output = join(folder, 'output.jsonl');
  try {
    await run('wrangler', ['deploy', ...args], { WRANGLER_OUTPUT_FILE_PATH: output });
    const lines = (await readFile(output, 'utf8')).trim().split('\n');
    const entries = lines.map(line => JSON.parse(line) as { type: string; version_id: string; targets: string[] });
    const { version_id: versionId, targets } = entries.find(({ type }) => type === 'deploy')!;
    return { versionId, urls: targets.map(urlOf).filter(url => url !== null) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `https://….workers.dev`, or `edge.example.com (custom domain)`; a route with a pattern is no address. */
function urlOf(target: string): string | null {
  if (target.startsWith('https://')) return target;
  return /^\S+(?= \(custom domain)/.exec(target)?.map(host => `https://${host}`)[0] ?? null;
}

/** Runs a tool whose output is for the terminal. */
async function run(tool: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const child = spawn(binary(tool), args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${tool} ${args[0]} failed`);
}
