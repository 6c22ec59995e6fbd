/**
 * Socket.IO as its users serve this: a room per symbol, one for those who want any symbol and one for those who want
 * everything; the rest of a filter is looked at in the rooms that an event goes to. One `emit` for all who match, so
 * that the packet is encoded once.
 */
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { type Filter, type Pattern, wants } from './wants.ts';

const [redisUrl, port, channel, recovers] = process.argv.slice(2) as [string, string, string, string];
const EVERYTHING = 'everything';
const ANY_SYMBOL = 'symbol:*';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  ...(recovers === 'recovers' && { connectionStateRecovery: {} }),
});

io.on('connection', socket => {
  socket.on('subscribe', (filter: Filter) => {
    for (const room of socket.rooms) if (room !== socket.id) socket.leave(room);
    // Kept where a recovered connection has it again.
    socket.data.filter = filter;
    socket.join(roomsFor(filter));
    socket.emit('subscribed');
  });
});

function roomsFor(filter: Filter): string[] {
  if (Object.keys(filter).length === 0) return [EVERYTHING];
  return filter.symbols?.map(symbol => `symbol:${symbol}`) ?? [ANY_SYMBOL];
}

const redis = new Redis(redisUrl);
redis.on('message', (_, text: string) => {
  const event = JSON.parse(text) as Pattern;
  const { adapter, sockets } = io.of('/');
  const to = [EVERYTHING];
  for (const room of [`symbol:${event.symbol}`, ANY_SYMBOL]) {
    for (const id of adapter.rooms.get(room) ?? []) if (wants(sockets.get(id)!.data.filter, event)) to.push(id);
  }
  io.to(to).emit('pattern', event);
});
await redis.subscribe(channel);
http.listen(Number(port), '127.0.0.1', () => process.send!('listening'));
