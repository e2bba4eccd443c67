// The pictures of the documentation: the real window, in both languages and both themes, on a small computer made for it.
// Started by `cargo xtask screenshots` inside namespaces of its own.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Demo, loopbackUp } from './harness/demo.mjs';
import { Page } from './harness/page.mjs';
import { Panel } from './harness/panel.mjs';
import { sleep, until } from './harness/patience.mjs';
import { KEY } from './harness/webdriver.mjs';
import { World } from './harness/world.mjs';

const FOLDER = new URL('../../docs/pictures/', import.meta.url).pathname;
const LANGUAGES = ['en', 'zh-CN'];

const VIEWS = {
  async main(page) {
    await page.view('all');
    await page.rowsThat('rows', (rows) => rows.length > 10);
  },
  async 'port-answer'(page) {
    await page.view('all');
    await page.search('7897');
    await page.standing('held');
    const rows = await page.rowsThat('rows of that port', (rows) => rows.length > 3);
    await page.click(`#grid [role=row][data-id="${rows[0].id}"] [data-column=program]`);
    await until('the panel', async () => (await page.text('#side-panel')).length > 40);
  },
  async 'end-dialog'(page) {
    await page.click('[data-testid=end-program]');
    await page.appears('#end-dialog [data-testid=end-confirm]');
  },
  async listening(page) {
    await page.session.press([KEY.escape]);
    await page.disappears('#end-dialog [data-testid=end-confirm]');
    await page.search('');
    await page.view('listening');
    await page.rowsThat('listeners', (rows) => rows.length > 5);
  },
  async programs(page) {
    await page.view('programs');
    await until('headings', () => page.exists('#grid [data-group]'));
  },
  async history(page) {
    await page.view('history');
    const lines = "return document.querySelectorAll('#timeline [role=row]').length;";
    await until('what happened', async () => (await page.session.run(lines)) > 8);
  },
  async settings(page) {
    await page.view('settings');
    await page.appears('#setting-language');
  },
};

mkdirSync(FOLDER, { recursive: true });
loopbackUp();
const world = await World.open();
// After the window: it has seen every one of these sockets open, and knows its age.
const demo = await Demo.start();
try {
  try {
    await inside(new Page(world.session));
  } finally {
    await world.close();
  }
  for (const language of LANGUAGES) await outside(language);
} finally {
  await demo.stop();
}

/** The window’s views. */
async function inside(page) {
  await page.rowsThat('the programs’ rows', (rows) => rows.length > 15);
  for (const language of LANGUAGES) {
    for (const theme of ['light', 'dark']) {
      await page.view('settings');
      await page.choose('#setting-language', language);
      await page.choose('#setting-theme', theme);
      await until('the language', async () => (await page.attribute('html', 'lang')) === language);
      for (const [view, go] of Object.entries(VIEWS)) {
        await go(page);
        // Rows that were new are no longer marked so, and nothing is half faded in.
        await sleep(2_500);
        const file = `${FOLDER}${view}-${language}-${theme}.png`;
        await world.picture(file);
        // A window has few colours: a third of the size.
        execFileSync('convert', [file, '-colors', '256', `png8:${file}`]);
        console.log(`${view}-${language}-${theme}.png`);
      }
    }
  }
}

/** What stands outside of the window: its menu in the tray and a notice, on a desktop that is not ours. */
async function outside(language) {
  const settings = `language = "${language}"\n[tray]\nexplained = true\n`;
  const there = await World.open({ driven: false, settings, args: ['--hidden'], language: language.replace('-', '_') });
  const panel = await Panel.on(there);
  try {
    // What is there at the start is learnt.
    await sleep(3_000);
    const server = await demo.program('python3', { listen: [['0.0.0.0', 8000]] });
    await until('a notice', () => panel.notice(`${FOLDER}notice-${language}.png`));
    await panel.menu(`${FOLDER}tray-${language}.png`);
    await server.stop();
    console.log(`notice-${language}.png, tray-${language}.png`);
  } finally {
    await panel.leave();
    await there.close();
  }
}
