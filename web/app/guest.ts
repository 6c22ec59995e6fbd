/** The first request, until it is answered and afterwards; null before, and when it failed. */
let first: Promise<void> | null = null;

/**
 * Lets the first request to `/api` go alone, and the others once it is answered: each that comes without a cookie makes
 * another guest, and of those the last to be answered would stay.
 */
export async function asOneGuest<T>(request: () => Promise<T>): Promise<T> {
  if (first) {
    await first;
    return request();
  }
  const answer = request();
  first = answer.then(
    () => {},
    () => {
      first = null;
    },
  );
  return answer;
}

/** Resolves when the cookie that says who this is has come, as far as anybody has asked for it. */
export async function guestKnown(): Promise<void> {
  await first;
}
