// A desktop that is not ours: the panel of Xfce with its tray, and dunst, which shows notices. For pictures; tests play a desktop of
// their own (desk.mjs), which they can ask.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hold } from './leftovers.mjs';
import { sleep } from './patience.mjs';

const XFCONFD = '/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd';
/** Along the lower edge, with the icons of the tray at its left. */
const HEIGHT = 30;
const SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="${HEIGHT}"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
    <property name="plugin-2" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
  </property>
</channel>
`;

export class Panel {
  #env;
  #children = [];

  /** Comes up around the window of this world. */
  static async on(world) {
    const panel = new Panel();
    panel.#env = {
      ...process.env,
      DISPLAY: world.screen.display,
      DBUS_SESSION_BUS_ADDRESS: world.address,
      HOME: world.home,
      XDG_CONFIG_HOME: join(world.home, 'config'),
      XDG_CACHE_HOME: join(world.home, 'cache'),
      LANGUAGE: world.language,
      NO_AT_BRIDGE: '1',
    };
    const folder = join(world.home, 'config/xfce4/xfconf/xfce-perchannel-xml');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'xfce4-panel.xml'), SETTINGS);
    panel.#start(XFCONFD);
    await sleep(500);
    panel.#start('xfce4-panel', '--disable-wm-check');
    panel.#start('dunst');
    await sleep(3_000);
    return panel;
  }

  /** Saves a picture of the notice, if one is shown. */
  async notice(file) {
    const number = this.#do('xdotool', 'search', '--onlyvisible', '--class', '^Dunst$').split('\n')[0];
    await sleep(500);
    this.#do('import', '-window', number, file);
    return true;
  }

  /** Opens the icon's menu and saves a picture of both. */
  async menu(file) {
    const [, height] = this.#do('xdotool', 'getdisplaygeometry').split(' ').map(Number);
    this.#do('xdotool', 'mousemove', '16', String(height - HEIGHT / 2), 'click', '3');
    await sleep(1_500);
    this.#do('import', '-window', 'root', '-crop', `260x330+0+${height - 330}`, '+repage', file);
  }

  async leave() {
    await Promise.all(
      this.#children.map((child) => {
        child.kill('SIGKILL');
        return child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      }),
    );
  }

  #start(program, ...args) {
    this.#children.push(hold(spawn(program, args, { stdio: 'ignore', env: this.#env })));
  }

  #do(program, ...args) {
    return execFileSync(program, args, { env: this.#env, encoding: 'utf8' }).trim();
  }
}
