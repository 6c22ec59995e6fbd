import { describe, expect, test } from 'vitest';
import { LogLimit, sayError } from '../../bridge/log.ts';

describe('what is shown', () => {
  test('of an error is its message and code, never the command that failed', () => {
    const error = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['secret'] } });
    expect(sayError(error)).toBe('WRONGPASS');
    expect(sayError(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBe('ECONNRESET: gone');
    expect(sayError(Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' }))).toBe(
      'connect ECONNREFUSED ::1',
    );
    expect(sayError(new AggregateError([new Error('first')]))).toBe('first');
    expect(sayError(new AggregateError([]))).toBe('AggregateError');
    expect(sayError('text')).toBe('text');
  });
});

test('one line per key passes in ten seconds, with the number held back before it', () => {
  const limit = new LogLimit();
  expect(limit.pass('a', 0)).toBe(0);
  expect(limit.pass('b', 0)).toBe(0);
  expect(limit.pass('a', 5_000)).toBeNull();
  expect(limit.pass('a', 9_999)).toBeNull();
  expect(limit.pass('a', 10_000)).toBe(2);
  expect(limit.pass('a', 20_000)).toBe(0);
});
