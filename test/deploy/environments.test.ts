import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { environments as namesOfAll } from '../../bridge/deploy/programs.ts';
import { inRepository } from '../../bridge/local/paths.ts';

const [topLevel, ...environments] = ['', ...namesOfAll()].map(env =>
  unstable_readConfig({ config: inRepository('wrangler.toml'), env }),
);

/** What may differ: names, addresses, and the values of variables. */
const OWN = ['name', 'targetEnvironment', 'routes', 'route', 'workers_dev', 'account_id', 'secrets'];
/** What must differ, as two environments of one account share what has the same. */
const IDS = ['id', 'namespace_id', 'dataset'];

test('there are staging and production', () => {
  expect(namesOfAll()).toEqual(['staging', 'production']);
});

test.each(environments)('$targetEnvironment has all that is configured above it, and no more', environment => {
  expect(namesIn(environment)).toEqual(namesIn(topLevel!));
});

test('no two environments share what only an id tells apart', () => {
  const ids = [topLevel!, ...environments].flatMap(idsIn);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test.each(environments)('$targetEnvironment is production, lets no guests in, and wants its secrets', environment => {
  expect(environment.vars).toMatchObject({ APP_ENV: 'production', AUTH_MODE: 'jwt' });
  expect(environment.secrets?.required).toEqual(['INGEST_SECRET', 'SESSION_SECRET']);
});

/** Every binding, variable and setting in a line of its own, e.g. `ratelimits API_LIMIT {"simple":…}`. */
function namesIn(config: object): string[] {
  return Object.entries(config)
    .filter(([key]) => !OWN.includes(key))
    .flatMap(([key, value]) => {
      if (key === 'vars') return Object.keys(value).map(name => `vars ${name}`);
      if (key === 'durable_objects') return linesOf('durable_objects', [...value.bindings, value.code_update_strategy]);
      return linesOf(key, Array.isArray(value) ? value : [value]);
    })
    .sort();
}

function linesOf(key: string, values: unknown[]): string[] {
  const withoutIds = (name: string, value: unknown) => (IDS.includes(name) ? undefined : value);
  return values.map(value => {
    const { name, binding } = (value ?? {}) as { name?: string; binding?: string };
    return `${key} ${name ?? binding ?? ''} ${JSON.stringify(value, withoutIds)}`;
  });
}

function idsIn(config: object): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [])
      .flatMap(item => IDS.map(name => (item as Record<string, unknown>)?.[name]))
      .filter(id => id !== undefined)
      .map(id => `${key} ${id}`),
  );
}
