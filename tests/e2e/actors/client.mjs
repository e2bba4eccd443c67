// Connects to a port of this computer and stays connected for as long as the other end does; then lives on.

import { connect } from 'node:net';
import { leaveWithTheTest, tell } from './life.mjs';

leaveWithTheTest();
const socket = connect(Number(process.argv[2]), '127.0.0.1', () => tell({ local: socket.localPort }));
socket.on('error', () => {}).resume();
