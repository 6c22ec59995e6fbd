/**
 * A process of WebSocket clients. Run by the bench as a child, one for each system; of a message it reads the stamps of
 * the events in it and nothing else, as it shares the machine with what it measures.
 */
import { Delays } from './delays.ts';
import { type Asking, filterOf, STAMP } from './events.ts';
import type { Command, Counted, Progress, Reply, StormCounts } from './load.ts';
import { RawSocket } from './raw-socket.ts';
import { type WireName, type WireSession, wires } from './wires.ts';

const url = new URL(process.argv[2]!);
const wire = wires[process.argv[3] as WireName];
/** Connections that are being made at the same time, but in a storm. */
const AT_ONCE = 50;
const NEEDLE = Buffer.from(STAMP);
const MS_DIGITS = 13;

const clients: Client[] = [];
const delays = new Delays();
let deliveries = 0;
let messages = 0;
let bytes = 0;
let asking: Asking = 'everything';
/** While resumes are measured: the numbers of events that are watched, from `from` on. */
let watched: { from: number; count: number } | null = null;
let progressTimer: NodeJS.Timeout | undefined;

class Client implements WireSession {
  readonly #number: number;
  position: Record<string, unknown> | null = null;
  resumes = false;
  /** How often each watched event came. */
  seen = new Uint8Array(0);
  recovered = false;
  #socket: RawSocket | null = null;
  #settle: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(number: number) {
    this.#number = number;
  }

  get filter() {
    return filterOf(asking, this.#number);
  }

  connect(): Promise<void> {
    return this.#wait(() => {
      this.#socket = new RawSocket(url, wire.protocol, {
        onOpen: () => wire.onOpen(this),
        onMessage: payload => this.#read(payload),
        onEnd: why => this.fail(why),
      });
    });
  }

  subscribe(): Promise<void> {
    return this.#wait(() => wire.subscribe(this, this.filter));
  }

  cut(): void {
    this.#socket!.cut();
  }

  send(text: string): void {
    this.#socket!.send(text);
  }

  ready({ recovered }: { recovered: boolean }): void {
    this.recovered = recovered;
    this.#settle?.resolve();
    this.#settle = null;
  }

  fail(why: string): void {
    const error = new Error(`${url.href}, session ${this.#number}: ${why}`);
    if (!this.#settle) throw error;
    this.#settle.reject(error);
  }

  #wait(begin: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      begin();
    });
  }

  #read(payload: Buffer): void {
    let at = payload.indexOf(NEEDLE);
    if (at < 0) {
      wire.onControl(this, payload.toString());
      return;
    }
    const nowMs = Date.now();
    messages++;
    bytes += payload.length;
    for (; at >= 0; at = payload.indexOf(NEEDLE, at + NEEDLE.length)) {
      const digits = at + NEEDLE.length;
      deliveries++;
      delays.add(nowMs - numberAt(payload, digits));
      if (watched) this.#note(numberAt(payload, digits + MS_DIGITS + 1) - watched.from);
    }
    if (watched) wire.notePosition(this, payload);
  }

  #note(watchedEvent: number): void {
    if (watchedEvent >= 0 && watchedEvent < this.seen.length) this.seen[watchedEvent]!++;
  }
}

/** The decimal digits from `at` on. */
function numberAt(payload: Buffer, at: number): number {
  let value = 0;
  for (let i = at; ; i++) {
    const digit = payload[i]! - 48;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}

async function obey(command: Command): Promise<Reply> {
  switch (command.do) {
    case 'connect': {
      const fresh = Array.from({ length: command.count }, (_, i) => new Client(clients.length + i));
      clients.push(...fresh);
      await inTurns(fresh, client => client.connect());
      return null;
    }
    case 'ask':
      asking = command.asking;
      await inTurns(clients, client => client.subscribe());
      return null;
    case 'count':
      return counted();
    case 'progress':
      clearInterval(progressTimer);
      if (command.everyMs !== null) progressTimer = setInterval(tell, command.everyMs);
      return null;
    case 'watch':
      watched = { from: command.from, count: command.count };
      for (const client of clients) client.seen = new Uint8Array(command.count);
      return null;
    case 'storm':
      return storm(command.pauseMs);
    case 'unwatch':
      return unwatch(command.to);
  }
}

function counted(): Counted {
  return { deliveries, messages, bytes, delays: delays.counts() };
}

function tell(): void {
  process.send!({ progress: deliveries } satisfies Progress);
}

async function inTurns(all: readonly Client[], act: (client: Client) => Promise<void>): Promise<void> {
  const left = all.values();
  const worker = async () => {
    for (const client of left) await act(client);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Cuts all connections, and a moment later makes all anew at once. @returns how long that took */
async function storm(pauseMs: number): Promise<number> {
  for (const client of clients) client.cut();
  await new Promise(resolve => setTimeout(resolve, pauseMs));
  const startedAtMs = performance.now();
  for (const client of clients) client.resumes = true;
  await Promise.all(clients.map(client => client.connect()));
  for (const client of clients) client.resumes = false;
  return performance.now() - startedAtMs;
}

/** Counts what came of the watched events below `to`. */
function unwatch(to: number): StormCounts {
  const counts = { recovered: 0, lost: 0, doubled: 0 };
  for (const client of clients) {
    if (client.recovered) counts.recovered++;
    for (const times of client.seen.subarray(0, to - watched!.from)) {
      if (times === 0) counts.lost++;
      if (times > 1) counts.doubled += times - 1;
    }
  }
  watched = null;
  return counts;
}

process.on('message', async (command: Command) => process.send!({ reply: await obey(command) }));
process.on('disconnect', () => process.exit());
process.send!({ reply: null });
