// A test file's stage: one window, the actors that come and go, and a picture of the window whenever a test fails.

import { after, before, test } from 'node:test';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Actor } from './actors.mjs';
import { Page } from './page.mjs';
import { World } from './world.mjs';

/** Opens a window before the tests of this file and closes it, and every actor, after them. */
export function stage(options) {
  const stage = new Stage();
  before(async () => {
    await options?.before?.(stage);
    stage.world = await World.open(options?.world);
    stage.session = stage.world.session;
    stage.page = new Page(stage.session);
    await stage.page.ready();
  });
  after(async () => {
    await Promise.all(stage.actors.map((actor) => actor.stop()));
    await stage.world?.close();
    options?.after?.();
  });
  return stage;
}

class Stage {
  actors = [];

  /** Brings an actor on. */
  async actor(name, ...args) {
    return this.keep(await Actor.start(name, ...args));
  }

  keep(actor) {
    this.actors.push(actor);
    return actor;
  }

  /** A test that leaves a picture and the window's log behind if it fails. */
  test(name, play) {
    test(name, async (context) => {
      try {
        // What an earlier test left open must not fail this one, too.
        await this.page.home();
        await play(context);
      } catch (error) {
        await this.#remember(name, context);
        throw error;
      }
    });
  }

  async #remember(name, context) {
    const folder = join(dirname(process.env.QUAYMASTER_BIN), '..', 'e2e');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`);
    await this.world?.picture(file).then(
      () => context.diagnostic(`the window when it failed: ${file}`),
      (error) => context.diagnostic(`no picture: ${error.message}`),
    );
    const log = this.world?.log();
    if (log) context.diagnostic(`the window's log: ${log.slice(-4000)}`);
  }
}
