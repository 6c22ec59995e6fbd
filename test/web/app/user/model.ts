import { type Changes, type Items, type Outgoing, Replica } from '../../../../web/app/user/replica.ts';

type Frame = { type: 'hello'; items: Items } | { type: 'changed'; changes: Changes; answers: string | undefined };

/** The server as its protocol says: one order for all that it is told and tells, a queue each way for each connection. */
export class Server {
  readonly items = new Map<string, string>();
  readonly #lines = new Set<Line>();

  connect(device: Device): Line {
    const line = new Line(device, this);
    this.#lines.add(line);
    line.down.push({ type: 'hello', items: new Map(this.items) });
    return line;
  }

  disconnect(line: Line): void {
    this.#lines.delete(line);
  }

  take(from: Line, { id, changes }: Outgoing): void {
    const real = new Map([...changes].filter(([key, text]) => text !== (this.items.get(key) ?? null)));
    for (const [key, text] of real) {
      if (text === null) this.items.delete(key);
      else this.items.set(key, text);
    }
    for (const line of this.#lines) {
      if (line === from) line.down.push({ type: 'changed', changes: real, answers: id });
      else if (real.size > 0) line.down.push({ type: 'changed', changes: real, answers: undefined });
    }
  }

  /** Until nothing is on its way any more. */
  deliverAll(): void {
    for (let rounds = 0; [...this.#lines].some(line => line.up.length + line.down.length > 0); rounds++) {
      if (rounds > 1_000) throw new Error('the copies never agree');
      for (const line of this.#lines) {
        line.toServer();
        line.fromServer();
      }
    }
  }
}

/** One connection; what is on its way when it ends is lost, either way. */
class Line {
  readonly up: Outgoing[] = [];
  readonly down: Frame[] = [];
  readonly #device: Device;
  readonly #server: Server;

  constructor(device: Device, server: Server) {
    this.#device = device;
    this.#server = server;
  }

  toServer(): void {
    const message = this.up.shift();
    if (message) this.#server.take(this, message);
  }

  fromServer(): void {
    const frame = this.down.shift();
    if (frame) this.#device.hear(frame);
  }
}

/** A browser: what it holds and what the server had outlive a reload, what is on its way does not. */
export class Device {
  held: Items = new Map();
  readonly #server: Server;
  #kept: Items = new Map();
  #replica = new Replica(this.#kept);
  #line: Line | null = null;
  #isGreeted = false;

  constructor(server: Server) {
    this.#server = server;
  }

  set(key: string, text: string | null): void {
    const held = new Map(this.held);
    if (text === null) held.delete(key);
    else held.set(key, text);
    this.held = held;
    this.#send();
  }

  connect(): void {
    this.#line ??= this.#server.connect(this);
  }

  disconnect(): void {
    if (this.#line) this.#server.disconnect(this.#line);
    this.#line = null;
    this.#isGreeted = false;
  }

  reload(): void {
    this.disconnect();
    this.#replica = new Replica(this.#kept);
  }

  toServer(): void {
    this.#line?.toServer();
  }

  fromServer(): void {
    this.#line?.fromServer();
  }

  hear(frame: Frame): void {
    if (frame.type === 'hello') {
      this.#isGreeted = true;
      this.held = this.#replica.greeted(frame.items, this.held);
    } else {
      this.held = this.#replica.changed(frame.changes, frame.answers, this.held);
    }
    this.#kept = new Map(this.#replica.base);
    this.#send();
  }

  #send(): void {
    const message = this.#isGreeted ? this.#replica.next(this.held) : null;
    if (message) this.#line!.up.push(message);
  }
}
