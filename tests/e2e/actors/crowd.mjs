// Opens many sockets on the loopback address: one listener and pairs of connected ends. Argument: how many in all.

import { connect, createServer } from 'node:net';
import { leaveWithTheTest, tell } from './life.mjs';

const pairs = Math.floor((Number(process.argv[2]) - 1) / 2);
const ends = [];
// Reset rather than closed: thousands of ports in TIME_WAIT would be in the way of the next test.
leaveWithTheTest(() => ends.forEach((socket) => socket.resetAndDestroy()));

let [opened, accepted] = [0, 0];
const server = createServer((socket) => {
  ends.push(socket.on('error', () => {}));
  accepted += 1;
  if (accepted === pairs) tell({ port: server.address().port, sockets: 2 * pairs + 1 });
  open();
});
const open = () => {
  if (opened === pairs) return;
  opened += 1;
  ends.push(connect(server.address().port, '127.0.0.1').on('error', () => {}));
};
// A few at a time: the queue of the listener is short.
server.listen(0, '127.0.0.1', 128, () => Array.from({ length: 32 }).forEach(open));
