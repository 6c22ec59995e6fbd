/** What the client needs of a WebSocket; a browser's and Node's both have it. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface HttpRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** An `AbortSignal`. */
  signal?: object;
}

/** What the client needs of an answer; the platform's `Response` has it. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
  clone(): HttpAnswer;
}

/** What the client needs of its surroundings. Tests drive one by hand; everything else uses `defaultRuntime`. */
export interface Runtime {
  /** Starts connecting. May throw; that counts as a failed attempt. */
  openSocket(url: string, protocols: string[]): Socket;
  /** @throws when no answer came */
  request(url: string, request: HttpRequest): Promise<HttpAnswer>;
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
  fetch(url: string, request: HttpRequest): Promise<HttpAnswer>;
  setTimeout(run: () => void, afterMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The platform's own WebSocket, `fetch`, clock, timers and random numbers: browsers, and Node from 22 on. */
export function defaultRuntime(): Runtime {
  const platform = globalThis as unknown as Platform;
  return {
    openSocket: (url, protocols) => new platform.WebSocket(url, protocols),
    request: (url, request) => platform.fetch(url, request),
    now: () => Date.now(),
    setTimer: (run, afterMs) => platform.setTimeout(run, afterMs),
    clearTimer: timer => platform.clearTimeout(timer),
    random: () => Math.random(),
  };
}
