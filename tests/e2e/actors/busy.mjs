// A program with a life of its own: listens and connects as the JSON object in its environment says, LIFE.
// {"listen": [[host, port], …], "bind": [[host, port], …] (UDP), "connect": [[host, port, times], …]}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { leaveWithTheTest, tell } from './life.mjs';

const { listen = [], bind = [], connect: calls = [] } = JSON.parse(process.env.LIFE);
const quiet = (socket) => socket.on('error', () => {}).resume();
leaveWithTheTest();
for (const [host, port] of listen) {
  await once(createServer(quiet).listen({ host, port, ipv6Only: host.includes(':') && host !== '::' }), 'listening');
}
for (const [host, port] of bind) {
  const socket = createSocket(host.includes(':') ? { type: 'udp6', ipv6Only: true } : 'udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
}
for (const [host, port, times] of calls) {
  for (let i = 0; i < times; i++) await once(quiet(connect(port, host)), 'connect');
}
tell({ ready: true });
