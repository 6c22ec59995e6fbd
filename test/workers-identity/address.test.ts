import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideAddress, neighbourhoodOf } from '../../workers/identity/address.ts';

const SECRET = 'session-secret-session-secret-session!';

it.each([
  [undefined, null],
  ['', null],
  ['::1', null],
  ['127.0.0.1', null],
  ['127.9.8.7', null],
  ['::ffff:127.0.0.1', null],
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
  ['::2', '0:0:0:0::/64'],
])('the address %s counts as %s', (address, neighbourhood) => {
  expect(neighbourhoodOf(address)).toBe(neighbourhood);
});

it('every address of a /64 counts as the same, and another /64 as another', () => {
  const group = fc.nat(0xffff).map(value => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, one, two) => {
      const [first, second] = [one, two].map(host => neighbourhoodOf([...network, ...host].join(':')));
      expect(first).toBe(second);
      const next = [...network.slice(0, 3), network[3] === '1' ? '2' : '1'];
      expect(neighbourhoodOf([...next, ...one].join(':'))).not.toBe(first);
    }),
  );
});

it('a hidden address is always the same, and of another secret another', async () => {
  const hidden = await hideAddress('203.0.113.7', SECRET);
  expect(hidden).toMatch(/^[\w-]{12}$/);
  expect(await hideAddress('203.0.113.7', SECRET)).toBe(hidden);
  expect(await hideAddress('203.0.113.8', SECRET)).not.toBe(hidden);
  expect(await hideAddress('203.0.113.7', `${SECRET}!`)).not.toBe(hidden);
});
