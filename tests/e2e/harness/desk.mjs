// A desktop of the test's own around the window: `desk` of tests/src/bin, which shows tray icons and notices.

import { Actor } from './actors.mjs';
import { until } from './patience.mjs';

export class Desk {
  #actor;
  #last = Promise.resolve();

  /** A desktop on the session bus at `address`. */
  static async on(address) {
    const program = process.env.DESK_BIN;
    if (!program) throw new Error('set DESK_BIN to the built program `desk`');
    const desk = new Desk();
    desk.#actor = await Actor.of(program, [], { env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address } });
    return desk;
  }

  /** Has it do something; one thing after the other, for answers come in the order of orders. */
  do(what, more = {}) {
    const turn = this.#last.then(async () => {
      this.#actor.child.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
      const { answer, error } = await this.#actor.next();
      if (error !== undefined) throw new Error(`the desktop: ${error}`);
      return answer;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Puts up the tray, or takes it away with all its icons. */
  tray(on) {
    return this.do('tray', { on });
  }

  /** What the icon shows, as soon as there is one. */
  icon() {
    return until('there is an icon in the tray', () => this.do('icon'));
  }

  /** The labels of the menu; null for a separator. */
  async menu() {
    await this.icon();
    return (await this.do('menu')).map(({ label }) => label);
  }

  /** Until the menu has this label. */
  menuHas(label) {
    return until(`the menu has ${label}`, async () => {
      const labels = await this.menu();
      if (!labels.includes(label)) throw new Error(`it has ${JSON.stringify(labels)}`);
      return labels;
    });
  }

  async choose(label) {
    await this.menuHas(label);
    // A program that ends at once answers no more.
    await this.do('choose', { label }).catch((error) => {
      if (!/NoReply|disconnected/.test(error.message)) throw error;
    });
  }

  click() {
    return this.do('click');
  }

  leave() {
    return this.#actor.stop();
  }
}
