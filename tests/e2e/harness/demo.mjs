// A small computer for pictures: network, processes and /opt are its own (the caller sits in namespaces made for it), a
// handful of programs run in it, and another network namespace plays the internet. What the real machine is doing, and
// where things lie on it, is in no picture.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Actor } from './actors.mjs';

/** Where the programs seem to lie. */
const FOLDER = '/opt/demo';
const SCRIPTS = ['busy.mjs', 'life.mjs'];
const BUSY = `${FOLDER}/lib/busy.mjs`;

/** Where the programs of the pictures connect to. Addresses of public name servers; nothing ever leaves this computer. */
const INTERNET = ['223.5.5.5', '8.8.8.8', '1.1.1.1'];

/** Without it not even the window's driver can be spoken to in a new network namespace. */
export const loopbackUp = () => ip('link', 'set', 'lo', 'up');

/** Which program does what; the names are those of programs that people know from their own computers. */
const PROGRAMS = {
  nginx: {
    listen: [
      ['0.0.0.0', 80],
      ['::', 443],
    ],
  },
  postgres: {
    listen: [
      ['127.0.0.1', 5432],
      ['::1', 5432],
    ],
  },
  'verge-mihomo': {
    listen: [
      ['127.0.0.1', 7897],
      ['127.0.0.1', 9097],
    ],
    bind: [['127.0.0.1', 7897]],
    connect: [
      ['223.5.5.5', 443, 3],
      ['8.8.8.8', 443, 2],
    ],
  },
  msedge: {
    connect: [
      ['127.0.0.1', 7897, 5],
      ['1.1.1.1', 443, 1],
    ],
  },
  'vite-server': { listen: [['0.0.0.0', 5173]], connect: [['127.0.0.1', 5432, 2]] },
  avahi: {
    bind: [
      ['0.0.0.0', 5353],
      ['::', 5353],
    ],
  },
};

export class Demo {
  #actors = [];

  /** Sets the stage. */
  static async start() {
    const demo = new Demo();
    // Over whatever is there, and seen by nobody outside of this namespace.
    execFileSync('mount', ['-t', 'tmpfs', 'demo', '/opt']);
    mkdirSync(`${FOLDER}/lib`, { recursive: true });
    mkdirSync(`${FOLDER}/bin`);
    SCRIPTS.forEach((name) => copyFileSync(new URL(`../actors/${name}`, import.meta.url), `${FOLDER}/lib/${name}`));
    await demo.#internet();
    for (const [name, life] of Object.entries(PROGRAMS)) await demo.program(name, life);
    return demo;
  }

  async #internet() {
    // It does nothing but keep the other namespace alive.
    const there = await Actor.of('unshare', ['--net', '--', process.execPath, BUSY], at({}));
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
    const into = ['--target', String(there.pid), '--net', process.execPath, BUSY];
    this.#actors.push(await Actor.of('nsenter', into, at({ listen: [['0.0.0.0', 443]] })));
  }

  /** One more program, which is handed out. */
  async program(name, life) {
    // The kernel takes a program's name from its file: each of these is Node.js, mounted under another name.
    const file = `${FOLDER}/bin/${name}`;
    if (!existsSync(file)) {
      writeFileSync(file, '');
      execFileSync('mount', ['--bind', process.execPath, file]);
    }
    const actor = await Actor.of(file, [BUSY], at(life));
    this.#actors.push(actor);
    return actor;
  }

  async stop() {
    await Promise.all(this.#actors.map((actor) => actor.stop()));
  }
}

/** What an actor is to do goes in its environment: a command line is in the picture. */
const at = (life) => ({ cwd: FOLDER, env: { ...process.env, LIFE: JSON.stringify(life) } });

function ip(...args) {
  execFileSync('ip', args);
}
