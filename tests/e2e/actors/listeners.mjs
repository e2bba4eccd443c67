// Listens on many ports at once, all of them chosen by itself (below those that systems give out), from port FIRST on.
// Usage: node listeners.mjs COUNT FIRST. Prints {ports} and ends when its input closes.

import { createServer } from 'node:net';

const [count, first] = process.argv.slice(2).map(Number);

/** Listens there, or says that somebody else does. */
const listen = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => resolve(port));
  });

const ports = [];
for (let port = first; ports.length < count; port += 1) {
  const at = await listen(port);
  if (at !== null) ports.push(at);
}
console.log(JSON.stringify({ ports }));
process.stdin.resume().on('end', () => process.exit(0));
