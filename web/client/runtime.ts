/** What the client needs of a WebSocket; a browser's and Node's both have it. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** What the client needs of its surroundings. Tests drive one by hand; everything else uses `defaultRuntime`. */
export interface Runtime {
  /** Starts connecting. May throw; that counts as a failed attempt. */
  openSocket(url: string, protocols: string[]): Socket;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once after so many milliseconds; what it returns is for `clearTimer`. */
  setTimer(run: () => void, afterMs: number): unknown;
  clearTimer(timer: unknown): void;
  /** In [0, 1). */
  random(): number;
}

interface Platform {
  WebSocket: new (url: string, protocols: string[]) => Socket;
  setTimeout(run: () => void, afterMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The platform's own WebSocket, clock, timers and random numbers: browsers, and Node from 22 on. */
export function defaultRuntime(): Runtime {
  const platform = globalThis as unknown as Platform;
  return {
    openSocket: (url, protocols) => new platform.WebSocket(url, protocols),
    now: () => Date.now(),
    setTimer: (run, afterMs) => platform.setTimeout(run, afterMs),
    clearTimer: timer => platform.clearTimeout(timer),
    random: () => Math.random(),
  };
}
