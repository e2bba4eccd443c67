// The world of one window: a home folder, a session bus and a driver of its own. Two windows under test never meet, and
// nothing of the person's own session is touched.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Desk } from './desk.mjs';
import { ensureDisplay, failed } from './display.mjs';
import { hold, sweep } from './leftovers.mjs';
import { sleep, until } from './patience.mjs';
import { alive, descendants, end } from './processes.mjs';
import { Session, request } from './webdriver.mjs';

const run = promisify(execFile);

export class World {
  /**
   * Opens the window at QUAYMASTER_BIN, as `user` (a name) if one is given, with these arguments; `desk`: on a desktop
   * that shows notices and, with `tray`, has a tray from the start; `language`: of the system; `data`: a folder of another
   * world's, whose program's memory this one goes on with; `settings`: what the file of the settings says; `driven`: its page can
   * be reached, by WebDriver.
   */
  static async open({
    user,
    args = [],
    desk = false,
    tray = desk,
    language = 'en',
    data,
    settings,
    driven = true,
  } = {}) {
    const world = new World();
    Object.assign(world, { language, data, driven });
    try {
      await world.#build(user, args, desk && { tray }, settings);
    } catch (error) {
      const log = world.log();
      await world.close();
      throw new Error(`the window did not open: ${error.message}\n${log}`);
    }
    return world;
  }

  async #build(user, args, desk, settings) {
    this.home = sweep(mkdtempSync(join(tmpdir(), 'quaymaster-world-')));
    mkdirSync(join(this.home, 'run'), { mode: 0o700 });
    if (settings) {
      const folder = join(this.home, 'config/app.quaymaster.desktop');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'settings.toml'), settings);
    }
    this.user = user;
    const binary = this.#binary();
    if (user) execFileSync('chown', ['-R', `${user}:`, this.home]);
    this.screen = await ensureDisplay();
    this.logFile = openSync(join(this.home, 'log'), 'a');
    this.address = await this.#startBus();
    if (desk) {
      this.desk = await Desk.on(this.address);
      await this.desk.tray(desk.tray);
    }
    if (!this.driven) {
      this.program = this.#spawn(binary, args, {
        stdio: ['ignore', this.logFile, this.logFile],
        env: { DBUS_SESSION_BUS_ADDRESS: this.address },
      });
      this.pids = [this.program.pid];
      return;
    }
    const driver = await this.#startDriver(this.address);
    this.session = await Session.open(driver, binary, args);
    this.pids = descendants(this.driver.pid);
  }

  /** Another user may not be able to look into the folder that the program was built in. */
  #binary() {
    const built = process.env.QUAYMASTER_BIN;
    if (!built) throw new Error('set QUAYMASTER_BIN to the built program, or use `cargo xtask test`');
    if (!this.user) return built;
    const copy = join(this.home, 'quaymaster');
    copyFileSync(built, copy);
    return copy;
  }

  async #startBus() {
    const config = new URL('./bus.conf', import.meta.url).pathname;
    // Read by us and handed on by content: the other user may not be able to read the clone.
    const own = join(this.home, 'bus.conf');
    copyFileSync(config, own);
    this.bus = this.#spawn('dbus-daemon', [`--config-file=${own}`, '--nofork', '--nopidfile', '--print-address=1'], {
      stdio: ['ignore', 'pipe', this.logFile],
    });
    const [address] = await Promise.race([once(this.bus.stdout, 'data'), failed(this.bus, 'dbus-daemon')]);
    return address.toString().trim();
  }

  async #startDriver(address) {
    const port = await freePort();
    this.driver = this.#spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      // A file, not a pipe: an orphan that held our pipe would hang the test runner.
      stdio: ['ignore', this.logFile, this.logFile],
      env: { TAURI_WEBVIEW_AUTOMATION: 'true', DBUS_SESSION_BUS_ADDRESS: address },
    });
    const server = `http://127.0.0.1:${port}`;
    await until('the driver answers', () => request(`${server}/status`, 'GET'));
    return server;
  }

  #spawn(program, args, { env, ...options }) {
    const as = this.user ? ['setpriv', '--reuid', this.user, '--regid', this.user, '--init-groups', '--'] : [];
    const [first, ...rest] = [...as, program, ...args];
    return hold(spawn(first, rest, { ...options, cwd: this.home, env: { ...this.#environment(), ...env } }));
  }

  #environment() {
    const { DBUS_SESSION_BUS_ADDRESS, WAYLAND_DISPLAY, ...inherited } = process.env;
    return {
      ...inherited,
      DISPLAY: this.screen.display,
      GDK_BACKEND: 'x11',
      NO_AT_BRIDGE: '1',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      LANGUAGE: this.language,
      HOME: this.home,
      XDG_RUNTIME_DIR: join(this.home, 'run'),
      XDG_CONFIG_HOME: join(this.home, 'config'),
      XDG_DATA_HOME: this.data ?? join(this.home, 'data'),
      XDG_CACHE_HOME: join(this.home, 'cache'),
    };
  }

  /**
   * Saves what stands on the display. Not by WebDriver: its screenshots never come back where WebKit draws without
   * DMA-BUF, which is how the program asks it to draw.
   */
  async picture(file) {
    await this.#onScreen('import', ['-window', await this.#window(), file]);
  }

  /** Starts the program once more beside the window; how it ended: `{ code, took }` in milliseconds. */
  async startAgain(...args) {
    const began = Date.now();
    const again = this.#spawn(this.#binary(), args, {
      stdio: ['ignore', this.logFile, this.logFile],
      env: { DBUS_SESSION_BUS_ADDRESS: this.address },
    });
    const [code] = await once(again, 'exit');
    return { code, took: Date.now() - began };
  }

  /** How many colours a part of the window has, which is 1 or 2 while nothing is drawn there. */
  async colours(part) {
    const { stdout } = await this.#onScreen('import', [
      '-window',
      await this.#window(),
      '-crop',
      part,
      '-format',
      '%k',
      'info:',
    ]);
    return Number(stdout);
  }

  /** Closes the window as a person does, by the keys that every window manager knows. */
  async pressClose() {
    await this.#onScreen('xdotool', ['windowactivate', '--sync', await this.#window(), 'key', 'alt+F4']);
  }

  /** Whether the window is on the screen. */
  async isSeen() {
    return this.#window().then(
      (number) => number !== '',
      () => false,
    );
  }

  /** Whether the program has ended, and all of its processes. */
  get isOver() {
    return !this.pids.some(alive);
  }

  /** Takes the window off the screen, as its own button would. */
  async minimise() {
    this.minimised = await this.#window();
    await this.#onScreen('xdotool', ['windowminimize', this.minimised]);
  }

  async restore() {
    await this.#onScreen('xdotool', ['windowmap', this.minimised, 'windowactivate', this.minimised]);
  }

  /** The number of the window on the display. */
  async #window() {
    const { stdout } = await this.#onScreen('xdotool', ['search', '--onlyvisible', '--name', '^Quaymaster$']);
    return stdout.trim().split('\n')[0];
  }

  #onScreen(program, args) {
    return run(program, args, { env: { ...process.env, DISPLAY: this.screen.display } });
  }

  /** What the window and its driver have written. */
  log() {
    try {
      return readFileSync(join(this.home, 'log'), 'utf8');
    } catch {
      return '';
    }
  }

  async close() {
    const root = this.driver ?? this.program;
    const pids = root ? descendants(root.pid) : [];
    // Of a program that has ended there is no session to close, and the driver would wait for it.
    if (pids.some(alive)) await this.session?.close().catch(() => {});
    if (this.program) end(this.program.pid);
    // The driver answers before the window is gone, and a driver that is killed now leaves an orphan behind.
    for (let i = 0; i < 60 && pids.some(alive); i++) await sleep(50);
    pids.filter(alive).forEach(end);
    await this.desk?.leave();
    for (const child of [this.driver, this.program, this.bus]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await this.screen?.close();
    if (this.logFile !== undefined) closeSync(this.logFile);
    if (this.home) rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
