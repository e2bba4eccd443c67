// A window from its start to its first rows, with how long that took.

import { Page } from './page.mjs';
import { age } from './processes.mjs';
import { World } from './world.mjs';

/** Opens the window; `seconds`: the age of its process when its first rows were seen, looked for every 50 ms. */
export async function started() {
  const world = await World.open();
  try {
    const page = new Page(world.session);
    await page.ready();
    return { world, page, seconds: age(world.pids[0]) };
  } catch (error) {
    await world.close();
    throw error;
  }
}
