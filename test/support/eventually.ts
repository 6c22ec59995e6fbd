/**
 * Waits until a condition holds, that is does not throw, with the patience that a busy machine needs.
 * @returns what it gives
 * @throws what it threw last, when the time is over
 */
export async function eventually<T>(condition: () => T | Promise<T>, timeoutMs = 25_000): Promise<T> {
  const untilMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (Date.now() > untilMs) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
