// A display for tests that are started by hand without one. `cargo xtask test` brings its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hold } from './leftovers.mjs';

/** The display that is there, or a new virtual one. */
export async function ensureDisplay() {
  if (process.env.DISPLAY) return { display: process.env.DISPLAY, close: async () => {} };
  const screen = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
  const server = hold(spawn('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }));
  const [number] = await Promise.race([once(server.stdio[3], 'data'), failed(server, 'Xvfb')]);
  const display = `:${number.toString().trim()}`;
  const manager = hold(spawn('openbox', [], { stdio: 'ignore', env: { ...process.env, DISPLAY: display } }));
  manager.on('error', () => {}); // Windows open without a manager, too.
  const close = async () => {
    manager.kill('SIGKILL');
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return { display, close };
}

/** Rejects when the program ends before it has said what was waited for. */
export async function failed(child, name) {
  const [reason] = await Promise.race([once(child, 'exit'), once(child, 'error')]);
  throw new Error(`${name} ended too early: ${reason}`);
}
