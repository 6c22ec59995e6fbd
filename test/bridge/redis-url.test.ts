import { describe, expect, test } from 'vitest';
import { readRedisUrl, showRedisUrl } from '../../bridge/redis-url.ts';

const open = { username: null, password: null, tls: false };

describe('a URL', () => {
  test('of one server is taken as it is, its scheme in any case', () => {
    expect(readRedisUrl('REDISS://user:p%40ss@host:6380/3')).toEqual({
      kind: 'server',
      url: 'rediss://user:p%40ss@host:6380/3',
    });
  });

  test('of sentinels names them, the master, and who may use it', () => {
    expect(readRedisUrl('redis+sentinel://a:1,b,[::1]:3/mymaster')).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26_379 },
        { host: '::1', port: 3 },
      ],
      access: open,
      master: 'mymaster',
      db: 0,
    });
    expect(readRedisUrl('rediss+sentinel://user:p%40ss@a:1/m/4')).toMatchObject({
      access: { username: 'user', password: 'p@ss', tls: true },
      db: 4,
    });
  });

  test('of a cluster names nodes', () => {
    expect(readRedisUrl('redis+cluster://:secret@a:1,b/')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 6_379 },
      ],
      access: { ...open, password: 'secret' },
    });
  });

  test.each([
    'host:6379',
    'http://host',
    'redis+sentinel://a:1,b:2',
    'redis+sentinel:///mymaster',
    'redis+sentinel://a:1,,b/m',
    'redis+sentinel://a:70000/m',
    'redis+sentinel://a/m/x',
    'redis+cluster://a/0',
    'redis+cluster://%@a',
    'redis+other://a/m',
  ])('is none: %s', text => expect(readRedisUrl(text)).toBeNull());
});

test.each([
  ['rediss://user:secret@host:6380/2?token=secret', 'rediss://user:***@host:6380/2'],
  ['redis://host:6379', 'redis://host:6379'],
  ['redis+sentinel://user:secret@a:1,b:2/m/3', 'sentinel a:1,b:2 m'],
  ['rediss+cluster://:secret@a:1,b:2', 'cluster a:1,b:2'],
  ['nothing secret', ''],
])('what is shown of %s is %s', (text, shown) => expect(showRedisUrl(text)).toBe(shown));
