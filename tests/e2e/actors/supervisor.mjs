// Runs a server and starts another the moment it ends, as init systems and process keepers do.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { leaveWithTheTest, tell } from './life.mjs';

const server = new URL('./server.mjs', import.meta.url).pathname;
let child;
leaveWithTheTest(() => child.kill('SIGKILL'));

function start(port) {
  // Its input is ours to close: it goes when we go, however we go.
  child = spawn(process.execPath, [server, port], { stdio: ['pipe', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).once('line', (line) => {
    const ready = JSON.parse(line);
    tell({ port: ready.port, server: child.pid });
    child.once('exit', () => start(String(ready.port)));
  });
}

start('0');
