// A window for one test alone, with all that plays in it, which are gone when the test is over, however it ended: an actor
// that is left keeps the test runner waiting for ever.

import { Actor } from './actors.mjs';
import { Page } from './page.mjs';
import { World } from './world.mjs';

/** Opens a world as `World.open` does and plays in it: `play({ world, page, desk, actor })`, the last to bring an actor on. */
export async function inWindow(options, play) {
  const world = await World.open(options);
  const actors = [];
  const actor = async (name, ...args) => {
    const started = await Actor.start(name, ...args);
    actors.push(started);
    return started;
  };
  try {
    await play({ world, page: new Page(world.session), desk: world.desk, actor });
  } catch (error) {
    console.error(world.log().slice(-4000));
    throw error;
  } finally {
    await Promise.all(actors.map((actor) => actor.stop()));
    await world.close();
  }
}
