/** The Chrome DevTools Protocol, as far as the bench needs it: of workerd and of Node. */
import { once } from 'node:events';

const WAKE_EVERY_MS = 1_000;

/** @param target of its list, that has this in its id or address; workerd has one for each Worker */
export async function attach(address: string, target: string): Promise<Inspector> {
  const targets = (await (await fetch(`http://${address}/json`)).json()) as { webSocketDebuggerUrl: string }[];
  const found = targets.find(({ webSocketDebuggerUrl }) => webSocketDebuggerUrl.includes(target));
  if (!found) throw new Error(`${address} has no ${target}, only ${JSON.stringify(targets)}`);
  const socket = new WebSocket(found.webSocketDebuggerUrl);
  await once(socket, 'open');
  return new Inspector(socket);
}

export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer & { id?: number };
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /** @throws Error with what it was answered, when that is an error */
  async call<R>(method: string, params: object = {}): Promise<R> {
    const id = ++this.#calls;
    const answered = new Promise<Answer>(resolve => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result as R;
  }

  /**
   * Bytes in use on the JavaScript heap, after a collection.
   * @param wake has workerd run some JavaScript there: it does not collect before it does
   */
  async heapBytes(wake: () => void): Promise<number> {
    const collected = this.call('HeapProfiler.collectGarbage');
    wake();
    const timer = setInterval(wake, WAKE_EVERY_MS);
    await collected;
    clearInterval(timer);
    const { usedSize } = await this.call<{ usedSize: number }>('Runtime.getHeapUsage');
    return usedSize;
  }

  close(): void {
    this.#socket.close();
  }
}

interface Answer {
  result?: unknown;
  error?: unknown;
}
