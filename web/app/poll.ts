const LEAST_WAIT_MS = 2_000;
const TIMEOUT_MS = 10_000;

/**
 * Asks the server something now and every `everyMs`, sooner when it did not answer (after 2 s, then twice as long each
 * time). While the page is hidden nothing is asked; what was due then is asked when it is shown.
 */
export function poll<Answer>(parts: {
  everyMs: number;
  ask(signal: AbortSignal): Promise<Answer>;
  onAnswer(answer: Answer): void;
}): void {
  let failures = 0;
  let isDue = false;
  const ask = async () => {
    isDue = document.hidden;
    if (isDue) return;
    try {
      parts.onAnswer(await parts.ask(AbortSignal.timeout(TIMEOUT_MS)));
      failures = 0;
    } catch {
      // Said where it matters: what was to be shown is not known. It is asked again.
      failures++;
    }
    const waitMs = failures > 0 ? Math.min(parts.everyMs, LEAST_WAIT_MS * 2 ** (failures - 1)) : parts.everyMs;
    setTimeout(ask, waitMs);
  };
  document.addEventListener('visibilitychange', () => {
    if (isDue && !document.hidden) void ask();
  });
  void ask();
}
