// A small computer for pictures: a network namespace of its own with a handful of programs in it, and another beside it
// that plays the internet. What the real machine is doing is in no picture.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor } from './actors.mjs';

const BUSY = new URL('../actors/busy.mjs', import.meta.url).pathname;

/** Where the programs of the pictures connect to. Addresses of public name servers; nothing ever leaves this computer. */
const INTERNET = ['223.5.5.5', '8.8.8.8', '1.1.1.1'];

/** Which program does what; the names are those of programs that people know from their own computers. */
const PROGRAMS = {
  nginx: { listen: [['0.0.0.0', 80], ['::', 443]] },
  postgres: { listen: [['127.0.0.1', 5432], ['::1', 5432]] },
  'verge-mihomo': {
    listen: [['127.0.0.1', 7897], ['127.0.0.1', 9097]],
    bind: [['127.0.0.1', 7897]],
    connect: [['223.5.5.5', 443, 3], ['8.8.8.8', 443, 2]],
  },
  msedge: { connect: [['127.0.0.1', 7897, 5], ['1.1.1.1', 443, 1]] },
  'vite-server': { listen: [['0.0.0.0', 5173]], connect: [['127.0.0.1', 5432, 2]] },
  avahi: { bind: [['0.0.0.0', 5353], ['::', 5353]] },
};

export class Demo {
  #actors = [];

  /** Sets the stage. The process that calls this is in a network namespace of its own already (`cargo xtask screenshots`). */
  static async start() {
    const demo = new Demo();
    demo.folder = mkdtempSync(join(tmpdir(), 'demo-'));
    chmodSync(demo.folder, 0o755);
    await demo.#internet();
    for (const [name, life] of Object.entries(PROGRAMS)) await demo.#program(name, life);
    return demo;
  }

  async #internet() {
    ip('link', 'set', 'lo', 'up');
    // It does nothing but keep the other namespace alive.
    const there = await Actor.of('unshare', ['--net', '--', process.execPath, BUSY, '{}']);
    this.#actors.push(there);
    ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there', 'netns', String(there.pid));
    ip('addr', 'add', '192.168.1.20/24', 'dev', 'here');
    ip('link', 'set', 'here', 'up');
    const inside = (...args) => execFileSync('nsenter', ['--target', String(there.pid), '--net', 'ip', ...args]);
    inside('link', 'set', 'there', 'up');
    inside('addr', 'add', '192.168.1.1/24', 'dev', 'there');
    inside('link', 'set', 'lo', 'up');
    INTERNET.forEach((address) => inside('addr', 'add', `${address}/32`, 'dev', 'lo'));
    ip('route', 'add', 'default', 'via', '192.168.1.1');
    const servers = JSON.stringify({ listen: [['0.0.0.0', 443]] });
    const into = ['--target', String(there.pid), '--net', process.execPath, BUSY, servers];
    this.#actors.push(await Actor.of('nsenter', into));
  }

  /** The kernel takes a program's name from its file: each is a copy of Node.js under another name. */
  async #program(name, life) {
    const file = join(this.folder, name);
    copyFileSync(process.execPath, file);
    this.#actors.push(await Actor.of(file, [BUSY, JSON.stringify(life)]));
  }

  async stop() {
    await Promise.all(this.#actors.map((actor) => actor.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ip(...args) {
  execFileSync('ip', args);
}
