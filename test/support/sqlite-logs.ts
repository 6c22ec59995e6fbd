import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Megabytes of SQLite's write-ahead logs in a folder: where one is never taken in, it grows for ever. */
export async function sqliteLogMb(dataDir: string): Promise<number> {
  const names = await readdir(dataDir, { recursive: true });
  const logs = names.filter(name => name.endsWith('-wal')).map(name => stat(join(dataDir, name)));
  return (await Promise.all(logs)).reduce((sum, { size }) => sum + size, 0) / 1024 ** 2;
}
