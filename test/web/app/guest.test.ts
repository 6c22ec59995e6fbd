import { beforeEach, expect, test, vi } from 'vitest';

let guest: typeof import('../../../web/app/guest.ts');
beforeEach(async () => {
  vi.resetModules();
  guest = await import('../../../web/app/guest.ts');
});

/** A request that is answered, or fails, when it is told so. */
function startRequest() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = vi.fn(() => promise);
  return { request, answer: resolve, fail: reject, asked: guest.asOneGuest(request) };
}

test('the second request goes once the first is answered, and all others at once', async () => {
  const one = startRequest();
  const two = startRequest();
  const known = guest.guestKnown();
  expect(one.request).toHaveBeenCalledOnce();
  expect(two.request).not.toHaveBeenCalled();
  one.answer('one');
  await known;
  expect(await one.asked).toBe('one');
  await vi.waitFor(() => expect(two.request).toHaveBeenCalledOnce());
  const three = startRequest();
  await vi.waitFor(() => expect(three.request).toHaveBeenCalledOnce());
});

test('a first request that fails holds up nobody, and the next is the first', async () => {
  const one = startRequest();
  const two = startRequest();
  one.fail(new Error('away'));
  await expect(one.asked).rejects.toThrow('away');
  await vi.waitFor(() => expect(two.request).toHaveBeenCalledOnce());
  const three = startRequest();
  const four = startRequest();
  expect(three.request).toHaveBeenCalledOnce();
  expect(four.request).not.toHaveBeenCalled();
});
