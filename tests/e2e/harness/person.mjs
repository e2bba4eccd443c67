// What somebody does at a window that stands open all day: now this, now that, and mostly nothing.

import { KEY } from './webdriver.mjs';

const HEADING = (column) => `#grid [role=columnheader][data-column=${column}] button`;

const HABITS = [
  async ({ session }) => {
    await scroll(session, 40, 90);
    await scroll(session, 40, -90);
  },
  (page) => page.click(HEADING('remote_port')),
  (page) => page.search('state:listen'),
  async (page) => {
    await page.search('');
    await page.click(HEADING('program'));
  },
  async ({ session }) => {
    await session.run("document.querySelector('#grid').focus();");
    await session.press([KEY.home, KEY.down, KEY.down, KEY.pageDown, KEY.pageDown, KEY.end, KEY.home]);
  },
  (page) => page.view('programs'),
  (page) => page.view('listening'),
  (page) => page.view('all'),
  ({ session }) => scroll(session, 60, 3000),
];

export class Person {
  #turn = 0;

  constructor(page) {
    this.page = page;
  }

  /** Does the next thing. */
  async act() {
    await HABITS[this.#turn++ % HABITS.length](this.page);
  }
}

/** Scrolls in so many steps, one a frame; the milliseconds between the frames meanwhile. */
export function scroll(session, steps, pixels) {
  return session.promise(
    `const [steps, pixels] = args;
    const grid = document.querySelector('#grid');
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let step = 0; step < steps; step += 1) {
      grid.scrollTop += pixels;
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;`,
    steps,
    pixels,
  );
}
