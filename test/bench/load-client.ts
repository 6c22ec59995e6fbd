/**
 * A process of WebSocket clients: connects as many as it is told, subscribes each to everything, and keeps how long
 * events took. Run by the bench as a child; reads frames with as little work as it can, as it shares the machine with
 * what it measures.
 */
import type { LoadReport } from './load.ts';

const [count, url] = [Number(process.argv[2]), process.argv[3]!];
const AT_ONCE = 50;

let deliveries = 0;
let frames = 0;
let fromPublish: number[] = [];
let fromHub: number[] = [];

for (let i = 0; i < count; i += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, connect));
}
process.on('message', (message: 'reset' | 'report') => {
  if (message === 'report') {
    const report: LoadReport = {
      deliveries,
      frames,
      fromPublish: fromPublish.sort(ascending),
      fromHub: fromHub.sort(ascending),
    };
    process.send!(report);
  }
  deliveries = 0;
  frames = 0;
  fromPublish = [];
  fromHub = [];
});
process.send!('connected');

function connect(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'tickstock.v1');
    socket.onerror = () => reject(new Error('a socket failed'));
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (data.startsWith('{"type":"events"')) read(data);
      else if (data.startsWith('{"type":"hello"')) socket.send('{"type":"subscribe","id":"all","filter":{}}');
      else if (data.startsWith('{"type":"subscribed"')) resolve();
    };
  });
}

function read(frame: string): void {
  const nowMs = Date.now();
  frames++;
  for (let at = frame.indexOf(PUBLISHED); at >= 0; at = frame.indexOf(PUBLISHED, at + 1)) {
    deliveries++;
    fromPublish.push(nowMs - epochMsAfter(frame, at + PUBLISHED.length));
    const hubAt = frame.indexOf(HUB, at) + HUB.length;
    fromHub.push(nowMs - epochMsAfter(frame, hubAt));
  }
}

const PUBLISHED = '"published_at_ms":';
const HUB = '"hub_at_ms":';

function epochMsAfter(text: string, at: number): number {
  return Number(text.slice(at, at + 13));
}

function ascending(a: number, b: number): number {
  return a - b;
}
