// Listens on 127.0.0.1. Arguments: the port (0: any), and `stubborn` to overhear a polite request to end.

import { createServer } from 'node:net';
import { leaveWithTheTest, tell } from './life.mjs';

const [port, mood] = process.argv.slice(2);
if (mood === 'stubborn') process.on('SIGTERM', () => tell({ overheard: 'SIGTERM' }));
leaveWithTheTest();
const server = createServer((socket) => socket.on('error', () => {}).resume());
server.listen(Number(port), '127.0.0.1', () => tell({ port: server.address().port }));
