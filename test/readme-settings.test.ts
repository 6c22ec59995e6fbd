import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BRIDGE_VARIABLES } from '../bridge/config.ts';
import { LOCAL_VARIABLES } from '../bridge/local/config.ts';
import { inRepository } from '../bridge/local/paths.ts';

/** Its types are those of another runtime. */
const WORKER_ENV: string = '../workers/env.ts';
const { WORKER_VARIABLES } = (await import(WORKER_ENV)) as { WORKER_VARIABLES: string[] };
/** What `npm start` gives its own bridge. */
const GIVEN = ['WORKER_URL', 'INGEST_SECRET', 'UPSTASH_REDIS_REST_TOKEN'];

const READERS = {
  bridge: BRIDGE_VARIABLES,
  Worker: WORKER_VARIABLES,
  start: [...LOCAL_VARIABLES, ...BRIDGE_VARIABLES.filter(name => !GIVEN.includes(name))],
};

test.each(Object.entries(READERS))(
  'the README’s table of settings has all that the %s reads, and no more',
  (reader, variables) => {
    expect(toldOf(reader)).toEqual([...new Set(variables)].sort());
  },
);

/** The variables in the rows whose last cell names a reader. */
function toldOf(reader: string): string[] {
  const settings = /^## Settings$.*?^## /ms.exec(readFileSync(inRepository('README.md'), 'utf8'))![0];
  return settings
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split(/(?<!\\)\|/).map(cell => cell.trim()))
    .filter(cells => cells.at(-2)!.split(', ').includes(reader))
    .flatMap(([, names]) => Array.from(names!.matchAll(/`(\w+)`/g), ([, name]) => name!))
    .sort();
}
