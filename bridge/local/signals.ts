const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `start`, and takes away the signal handlers that it leaves behind: Miniflare and Vite end the process at once,
 * where whoever started it means to stop the parts in order.
 */
export async function keepingSignals<T>(start: () => T | Promise<T>): Promise<T> {
  const before = SIGNALS.map(signal => process.listeners(signal));
  const started = await start();
  for (const [i, signal] of SIGNALS.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[i]!.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return started;
}
