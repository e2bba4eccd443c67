// What must not outlive a test process, however that ends.

import { rmSync } from 'node:fs';
import { descendants, end } from './processes.mjs';

const children = new Set();
const folders = new Set();

/** Kills this child, and all that it started, should our own process end first. */
export function hold(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Removes this folder when our own process ends, if not before. */
export function sweep(folder) {
  folders.add(folder);
  return folder;
}

process.on('exit', () => {
  for (const { pid } of children) [...descendants(pid), pid].forEach(end);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
// A signal would end us without that last word.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
