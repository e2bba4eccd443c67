// What must not outlive a test process, however that ends.

import { descendants, end } from './processes.mjs';

const children = new Set();

/** Kills this child, and all that it started, should our own process end first. */
export function hold(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

process.on('exit', () => {
  for (const { pid } of children) [...descendants(pid), pid].forEach(end);
});
// A signal would end us without that last word.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
