/** ws and nothing else: everything goes to everybody. */
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';

const [redisUrl, port, channel] = process.argv.slice(2) as [string, string, string];

const redis = new Redis(redisUrl);
await redis.subscribe(channel);
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port) }, () => process.send!('listening'));
server.on('connection', socket => {
  socket.on('message', () => socket.send('{"type":"subscribed"}'));
});
redis.on('message', (_, text: string) => {
  for (const socket of server.clients) socket.send(text);
});
