/** Every view in both languages and both themes: readable for everybody, nothing cut off, no word of the other language. */

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { accessible, settled, stage } from './stage.mjs';

const onPage = stage();
/** Where pictures are put, if somebody wants to look at them. */
const PICTURES = process.env.PICTURES;

const VIEWS = {
  main: async (page) => {
    await page.locator('#grid [data-id]').nth(6).click();
    await page.waitForSelector('#side-panel h2');
    await page.mouse.move(30, 500);
  },
  listening: (page) => page.click('[data-view=listening]'),
  programs: (page) => page.click('[data-view=programs]'),
  history: async (page) => {
    await page.click('[data-view=history]');
    await page.waitForSelector('[data-testid=history-chart]');
  },
  event: async (page) => {
    await page.locator('#timeline [data-event]').nth(4).click();
    await page.waitForSelector('#history-panel [data-testid=port-users] li');
  },
  unheard: async (page) => {
    await page.evaluate(() => (window.computer.past.trouble = { code: 'broken', kept_as: '/home/lin/history.sqlite' }));
    await page.fill('#search', '8000 since:soon');
    await page.waitForSelector('#filter-problem');
    await page.waitForSelector('[data-testid=history-trouble]');
  },
  forgotten: async (page) => {
    await page.click('[data-testid=history-heard]');
    await page.fill('#search', 'no-such-program on:today');
    await page.waitForSelector('[data-testid=history-empty]');
    await page.fill('#search', '');
  },
  settings: (page) => page.click('[data-view=settings]'),
  forgetting: async (page) => {
    await page.click('#setting-forget');
    await page.waitForSelector('#delete-history-dialog[open]');
  },
  rules: async (page) => {
    await page.keyboard.press('Escape');
    await page.click('#setting-quiet');
    await page.click('#rule-add');
    await page.fill('#rule-0-program', 'python3');
    await page.fill('#rule-0-ports', '9000-8000');
    await page.click('#rule-add');
    await page.selectOption('#rule-1-reach', 'everywhere');
    await page.fill('#setting-megabytes', '5');
    await page.locator('#setting-udp').evaluate((one) => one.scrollIntoView());
  },
  found: async (page) => {
    await page.click('#setting-reset');
    await page.waitForSelector('[data-testid=notice-offer]');
    await page.fill('#settings-search', 'Quaymaster');
  },
  unfound: async (page) => {
    await page.click('[data-testid=notice-offer]');
    await page.fill('#settings-search', 'no such setting');
    await page.waitForSelector('.no-match');
  },
  answer: async (page) => {
    await page.click('[data-view=all]');
    await page.fill('#search', '7897');
    await page.waitForSelector('#port-answer[data-standing=held]');
  },
  dialog: async (page) => {
    await page.click('[data-testid=end-program]');
    await page.waitForSelector('[data-testid=end-confirm]');
  },
  waiting: async (page) => {
    await page.keyboard.press('Escape');
    await page.fill('#search', '5173');
    await page.waitForSelector('#port-answer:has-text("5173")');
    await page.click('[data-testid=end-program]');
    await page.evaluate(() => (window.computer.grace = 900));
    await page.click('[data-testid=end-confirm]');
    await page.waitForSelector('#end-dialog progress');
  },
  resists: (page) => page.waitForSelector('[data-testid=end-force]'),
  released: async (page) => {
    await page.click('[data-testid=end-force]');
    await page.waitForSelector('[data-testid=end-result]');
  },
  windowless: async (page) => {
    await page.click('[data-testid=end-close]');
    await page.fill('#search', '8384');
    await page.waitForSelector('#port-answer:has-text("8384")');
    await page.click('[data-testid=end-program]');
    await page.click('[data-testid=end-confirm]');
    await page.waitForSelector('[data-testid=end-cannot-be-asked]');
  },
  refused: async (page) => {
    await page.click('[data-testid=end-close]');
    await page.evaluate(() => (window.computer.elevation = 'granted'));
    await page.fill('#search', '57621');
    await page.waitForSelector('#port-answer:has-text("57621")');
    await page.click('[data-testid=end-program]');
    await page.click('[data-testid=end-confirm]');
    await page.waitForSelector('[data-testid=end-elevate]');
  },
  wrong: async (page) => {
    await page.click('[data-testid=end-close]');
    await page.fill('#search', 'proc:node colour:red');
    await page.waitForSelector('#filter-problem');
  },
  nothing: async (page) => {
    await page.fill('#search', 'no-such-program');
    await page.waitForSelector('.empty button');
  },
  help: async (page) => {
    await page.fill('#search', '');
    await page.keyboard.press('F1');
    await page.waitForSelector('#help-dialog[open]');
  },
  menu: async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('#grid [data-id]').nth(6).locator('[data-column=state]').click({ button: 'right' });
    await page.waitForSelector('[role=menu]');
  },
};

/** Words that stay as they are: states, protocols, names of programs, people and things. */
const LATIN_STAYS = /\b(?:[A-Z][A-Z_\d]{2,}|PID|TCP6?|UDP6?|IPv4|IANA|CSV|JSON|Quaymaster|English|LISTEN)\b/gu;

for (const language of ['en', 'zh-CN']) {
  for (const theme of ['light', 'dark']) {
    onPage(`everybody can read it: ${language}, ${theme}`, { language, theme }, async (page, context) => {
      const scheme = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
      assert.equal(scheme, theme);
      for (const [name, go] of Object.entries(VIEWS)) {
        await go(page);
        await settled(page);
        await accessible(page, context, name);
        if (PICTURES) {
          await mkdir(PICTURES, { recursive: true });
          await page.screenshot({ path: `${PICTURES}/${name}-${language}-${theme}.png` });
        }
        const cut = await page.$$eval(
          'nav span, .buttons button, .status-bar button, .history-head > *, h2, label',
          (elements) =>
            elements
              .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
              .map((one) => `${one.className} ${one.textContent}`),
        );
        assert.deepEqual(cut, [], `${name}: cut off`);
      }
    });
  }
}

onPage('the Chinese window speaks Chinese', { language: 'zh-CN' }, async (page) => {
  for (const view of ['all', 'listening', 'programs', 'history', 'settings']) {
    await page.click(`[data-view=${view}]`);
    await settled(page);
    const own = await page.$$eval(
      'nav, .search-bar, .head, .status-bar, .settings, .empty, .history-head, .course',
      (parts) => {
        // Paths, and whose data something is, are written as they are.
        const unspoken = parts.flatMap((part) => [...part.querySelectorAll('[translate=no]')]);
        unspoken.forEach((one) => (one.hidden = true));
        const text = parts.map((part) => part.innerText).join('\n');
        unspoken.forEach((one) => (one.hidden = false));
        return text;
      },
    );
    assert.deepEqual(own.replaceAll(LATIN_STAYS, '').match(/[A-Za-z]{3,}/gu), null, view);
  }
});

onPage('the English window speaks English', {}, async (page) => {
  for (const view of ['all', 'listening', 'programs', 'history']) {
    await page.click(`[data-view=${view}]`);
    await settled(page);
    const own = await page.$$eval('nav, .search-bar, .head, .status-bar, .empty, .history-head, .course', (parts) =>
      parts.map((part) => part.innerText).join('\n'),
    );
    assert.doesNotMatch(own, /\p{Script=Han}/u, view);
  }
});

onPage('the smallest window has room for everything', { width: 720, height: 480 }, async (page) => {
  await page.fill('#search', '7897');
  await page.waitForSelector('#port-answer');
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 720);
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 480);
  const grid = await page.locator('#grid').boundingBox();
  assert.ok(grid.height > 80, `the grid is ${grid.height} high`);
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/small.png` });
  await page.click('[data-view=settings]');
  await page.click('#rule-add');
  await page.fill('#rule-0-program', 'a-program-of-a-very-long-name/'.repeat(9));
  await page.fill('#rule-0-ports', 'wrong');
  await settled(page);
  const settings = await page.$eval('.settings', (one) => [one.scrollWidth, one.clientWidth]);
  assert.equal(settings[0], settings[1], 'the settings are wider than their place');
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 480);
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/small-settings.png` });
});
