import { execFile } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { inRepository } from './paths.ts';

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs one of the development tools (`wrangler`, `vite`, `node`) in the repository, and returns what it prints.
 * @throws Error with what it said when it fails
 */
export async function runTool(dataDir: string, tool: string, args: string[]): Promise<string> {
  const options = {
    cwd: inRepository(''),
    env: toolEnvironment(dataDir),
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  };
  try {
    const { stdout } = await promisify(execFile)(tool === 'node' ? process.execPath : binary(tool), args, options);
    return stdout;
  } catch (cause) {
    const { stderr = '', stdout = '' } = cause as { stderr?: string; stdout?: string };
    throw new Error(`${tool} ${args[0]} failed: ${(stderr || stdout || String(cause)).trim()}`, { cause });
  }
}

/** Where a tool is installed. */
export function binary(tool: string): string {
  return inRepository(`node_modules/.bin/${tool}`);
}

/**
 * The environment of the tools: they write where we may, ask nothing, send nothing home, and run on this Node whichever
 * is first on the PATH.
 */
export function toolEnvironment(dataDir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    XDG_CONFIG_HOME: resolve(dataDir, 'config'),
    CI: '1',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_WRITE_LOGS: 'false',
    WRANGLER_LOG: 'error',
  };
}
