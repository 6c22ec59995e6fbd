const LEAST_WAIT_MS = 2_000;
const TIMEOUT_MS = 10_000;

/**
 * Asks the server something now and every `everyMs`, sooner when it did not answer (after 2 s, then twice as long each
 * time). While the page is hidden nothing is asked; what was due then is asked when it is shown.
 * @param parts.onFailure what went wrong; without it nothing is said but where what was to be shown is not known
 * @returns a function that ends that; what is answered after it is not told
 */
export function poll<Answer>(parts: {
  everyMs: number;
  ask(signal: AbortSignal): Promise<Answer>;
  onAnswer(answer: Answer): void;
  onFailure?(error: unknown): void;
}): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let failures = 0;
  let isDue = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async () => {
    isDue = document.hidden;
    if (isDue) return;
    try {
      const answer = await parts.ask(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
      if (signal.aborted) return;
      failures = 0;
      parts.onAnswer(answer);
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      parts.onFailure?.(error);
    }
    const waitMs = failures > 0 ? Math.min(parts.everyMs, LEAST_WAIT_MS * 2 ** (failures - 1)) : parts.everyMs;
    timer = setTimeout(ask, waitMs);
  };
  const shown = () => {
    if (isDue && !document.hidden) void ask();
  };
  document.addEventListener('visibilitychange', shown, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  void ask();
  return () => ended.abort();
}
