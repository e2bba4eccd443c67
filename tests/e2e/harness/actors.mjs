// The programs that play in the tests: real servers, clients and supervisors, each a process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { end } from './processes.mjs';

const FOLDER = new URL('../actors/', import.meta.url).pathname;

/** A running actor. It ends by itself when the test that started it does: its input closes. */
export class Actor {
  /** Starts `actors/NAME.mjs` and waits for its first line, one JSON object. */
  static async start(name, ...args) {
    return Actor.of(process.execPath, [`${FOLDER}${name}.mjs`, ...args.map(String)]);
  }

  /** Starts any program that talks as an actor does. */
  static async of(program, args, options = {}) {
    const actor = new Actor();
    actor.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
    actor.pid = actor.child.pid;
    actor.lines = createInterface({ input: actor.child.stdout })[Symbol.asyncIterator]();
    Object.assign(actor, await actor.next());
    return actor;
  }

  /** The next line that it prints. */
  async next() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the actor ended without a word');
    return JSON.parse(value);
  }

  get gone() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async stop() {
    if (this.gone) return;
    const exit = once(this.child, 'exit');
    this.child.stdin.end();
    const patience = setTimeout(() => end(this.pid), 10_000);
    await exit;
    clearTimeout(patience);
  }
}
