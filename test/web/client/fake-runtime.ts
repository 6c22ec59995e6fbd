import type { HttpAnswer, HttpRequest, Runtime, Socket } from '../../../web/client/runtime.ts';

/** A socket whose other end the test plays. */
export class FakeSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly url: string;
  readonly protocols: string[];
  readonly sent: string[] = [];
  closedWith: number | undefined;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  /** A frame arrives: text as it is, anything else as JSON. */
  deliver(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** The connection ends from outside. */
  drop(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }

  /** What was sent but pings, parsed. */
  get messages(): Record<string, unknown>[] {
    return this.sent.filter(text => text !== 'ping').map(text => JSON.parse(text));
  }

  get pings(): number {
    return this.sent.filter(text => text === 'ping').length;
  }
}

interface Timer {
  dueMs: number;
  run: () => void;
}

/** Clock, timers, random numbers and sockets that move only when the test says so. */
export class FakeRuntime implements Runtime {
  nowMs = 1_000_000;
  nextRandom = 0.5;
  /** Thrown by the next `openSocket`. */
  refusal: unknown;
  readonly sockets: FakeSocket[] = [];
  readonly requests: (HttpRequest & { url: string })[] = [];
  /** What requests are answered. */
  answer: (request: HttpRequest & { url: string }) => Promise<HttpAnswer> = async () => new Response(null);
  readonly #timers = new Set<Timer>();

  openSocket(url: string, protocols: string[]): FakeSocket {
    if (this.refusal !== undefined) throw this.refusal;
    const socket = new FakeSocket(url, protocols);
    this.sockets.push(socket);
    return socket;
  }

  request(url: string, request: HttpRequest): Promise<HttpAnswer> {
    this.requests.push({ ...request, url });
    return this.answer({ ...request, url });
  }

  now(): number {
    return this.nowMs;
  }

  random(): number {
    return this.nextRandom;
  }

  setTimer(run: () => void, afterMs: number): Timer {
    const timer = { dueMs: this.nowMs + afterMs, run };
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** The clock goes on and nothing else does: timers that were due meanwhile, and those that are due later, run late. */
  sleep(ms: number): void {
    this.nowMs += ms;
  }

  /** Lets time pass; timers run at their times, in order. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(timer => timer.dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
    }
    this.nowMs = untilMs;
  }
}
