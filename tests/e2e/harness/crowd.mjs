// The crowd that is measured with: `crowd SOCKETS PROCESSES FILES` of tests/src/bin, which opens sockets and closes some of
// them when told to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { hold } from './leftovers.mjs';

/** So many sockets are in the hands of one process. */
const EACH = 500;

export class Crowd {
  /** Opens so many sockets. */
  static async gather(sockets) {
    const crowd = new Crowd();
    const program = process.env.CROWD_BIN;
    if (!program) throw new Error('set CROWD_BIN to the built program `crowd`');
    const args = [sockets, Math.max(1, Math.round(sockets / EACH)), 0].map(String);
    crowd.child = hold(spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    crowd.lines = createInterface({ input: crowd.child.stdout })[Symbol.asyncIterator]();
    await crowd.#hear();
    return crowd;
  }

  async #hear() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the crowd has ended');
    return value;
  }

  /** Closes so many sockets and opens as many, each second until `rest`. */
  churn(sockets) {
    this.restless = true;
    this.unrest = (async () => {
      while (this.restless) {
        const next = Date.now() + 1000;
        this.child.stdin.write(`churn ${sockets}\n`);
        await this.#hear();
        await new Promise((done) => setTimeout(done, Math.max(0, next - Date.now())));
      }
    })();
    // Told by `rest`, not by the runtime while something else is waited for.
    this.unrest.catch(() => {});
  }

  async rest() {
    this.restless = false;
    await this.unrest;
  }

  async go() {
    const exit = once(this.child, 'exit');
    this.child.stdin.end();
    if (this.child.exitCode === null && this.child.signalCode === null) await exit;
  }
}
