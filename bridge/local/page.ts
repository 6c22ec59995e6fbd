import { existsSync, globSync, statSync } from 'node:fs';
import { inRepository } from './paths.ts';
import { runTool } from './tool.ts';

const BUILT = inRepository('web/dist/index.html');
const SOURCES = ['web/**/*', 'shared/**/*.ts', 'workers/documents/**/*.ts', 'package-lock.json'];
const NOT_SOURCES = ['web/dist/**', 'web/client/{build,dist,examples}/**', 'web/client/README.md'];

/**
 * Builds the page when it was never built or its sources are newer.
 * @throws Error with what the build says when it fails
 */
export async function buildPage(dataDir: string): Promise<void> {
  const builtMs = existsSync(BUILT) ? statSync(BUILT).mtimeMs : 0;
  if (newestSourceMs() < builtMs) return;
  await runTool(dataDir, 'vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn']);
}

function newestSourceMs(): number {
  const files = globSync(SOURCES, { cwd: inRepository(''), exclude: NOT_SOURCES });
  // A folder is newer too when something is built into it.
  const stats = files.map(file => statSync(inRepository(file))).filter(stat => stat.isFile());
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
}
