/** What is running and can be ended: in order, and at once as a crash would. */
export interface Running {
  stop(): Promise<void>;
  kill?(): Promise<void>;
}

/** A part of the system that can be ended and started again where it was, while the others go on. */
export interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As if it had crashed. */
  kill(): Promise<void>;
}

/** `start` is called anew each time, and must come up at the same address. */
export function createPart(start: () => Promise<Running>): Part {
  let running: Running | null = null;

  async function end(how: 'stop' | 'kill'): Promise<void> {
    const ending = running;
    running = null;
    await (ending?.[how] ?? ending?.stop)?.();
  }

  return {
    async start() {
      running ??= await start();
    },
    stop: () => end('stop'),
    kill: () => end('kill'),
  };
}
