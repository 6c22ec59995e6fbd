import { connect, type Socket } from 'node:net';

/** What a WebSocket of the bench tells. */
export interface RawSocketHandler {
  onOpen(): void;
  /** A message's bytes, good only until this returns. */
  onMessage(payload: Buffer): void;
  /** Ended by the other side, or never opened. */
  onEnd(why: string): void;
}

/** Read into by all sockets of the process, one after another. */
const CHUNK = Buffer.allocUnsafe(256 * 1024);
const NOTHING = Buffer.alloc(0);
/** Any will do: nobody looks at what comes of it. */
const KEY = Buffer.alloc(16, 'bench').toString('base64');

/**
 * A WebSocket client that does as little as one can: it reads the heads of frames and hands out what is in them as bytes,
 * decoding and copying nothing, so that the clients leave the machine to what is measured. Takes messages of one frame.
 */
export class RawSocket {
  readonly #socket: Socket;
  readonly #handler: RawSocketHandler;
  /** A beginning of a frame, or of the answer to the upgrade. */
  #rest = NOTHING;
  #isOpen = false;
  #isClosed = false;

  constructor(url: URL, protocol: string | null, handler: RawSocketHandler) {
    this.#handler = handler;
    const onread = { buffer: CHUNK, callback: (length: number) => this.#read(CHUNK.subarray(0, length)) };
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true, onread });
    const lines = [
      `GET ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${KEY}`,
      'Sec-WebSocket-Version: 13',
      ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ];
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    this.#socket.on('error', error => this.#end(error.message));
    this.#socket.on('close', () => this.#end('it was closed'));
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  /** Cuts the connection, as a network does. Nothing is told of it. */
  cut(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): boolean {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const read = this.#isOpen ? this.#readFrames(bytes, 0) : this.#readUpgrade(bytes);
    this.#rest = read === bytes.length ? NOTHING : Buffer.from(bytes.subarray(read));
    return true;
  }

  #readUpgrade(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    const status = bytes.toString('latin1', 9, 12);
    if (status !== '101') {
      this.#end(`the upgrade was answered ${bytes.toString('latin1', 9)}`);
      this.#socket.destroy();
      return bytes.length;
    }
    this.#isOpen = true;
    this.#handler.onOpen();
    return this.#readFrames(bytes, end + 4);
  }

  /** @returns how far whole frames reach */
  #readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      let head = 2;
      let length = bytes[at + 1]! & 127;
      if (length === 126) {
        head = 4;
        if (bytes.length - at < head) break;
        length = bytes.readUInt16BE(at + 2);
      } else if (length === 127) {
        head = 10;
        if (bytes.length - at < head) break;
        length = bytes.readUInt32BE(at + 6);
      }
      if (bytes.length - at < head + length) break;
      const payload = bytes.subarray(at + head, at + head + length);
      at += head + length;
      const opcode = bytes[at - head - length]! & 15;
      if (opcode === TEXT) this.#handler.onMessage(payload);
      else if (opcode === PING) this.#write(PONG, payload);
    }
    return at;
  }

  /** Masked with zeros, which leaves what is sent as it is. */
  #write(opcode: number, payload: Buffer): void {
    const head =
      payload.length < 126
        ? Buffer.from([128 | opcode, 128 | payload.length, 0, 0, 0, 0])
        : Buffer.from([128 | opcode, 128 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  #end(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#handler.onEnd(why);
  }
}

const TEXT = 1;
const PING = 9;
const PONG = 10;
