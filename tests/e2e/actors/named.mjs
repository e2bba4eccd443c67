// A server that gives itself a name. Argument: the name's bytes in base64; what else stands there is only to be read by
// others.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { leaveWithTheTest, tell } from './life.mjs';

writeFileSync('/proc/self/comm', Buffer.from(process.argv[2], 'base64'));
leaveWithTheTest();
const server = createServer((socket) => socket.on('error', () => {}).resume());
server.listen(0, '127.0.0.1', () => {
  tell({ port: server.address().port, comm: readFileSync('/proc/self/comm').toString('base64') });
});
