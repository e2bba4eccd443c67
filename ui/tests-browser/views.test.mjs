// Every view in both languages and both themes: what is said, and whether everybody can use it.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { openBrowser, until } from './browser.mjs';

const AXE = new URL('../node_modules/axe-core/axe.min.js', import.meta.url).pathname;
const PICTURES = process.env.PICTURES;
let browser;

before(async () => {
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  browser = await openBrowser();
});
after(() => browser?.close());

for (const language of ['en', 'zh-CN']) {
  for (const theme of ['light', 'dark']) {
    test(`every view, ${language}, ${theme}`, async () => {
      const { page, faults } = await browser.open({ rows: 500, language, theme });
      await page.addScriptTag({ path: AXE });
      const see = async (view) => {
        const violations = await page.evaluate(async () =>
          (await window.axe.run()).violations.map(({ id, impact, nodes }) => ({
            id,
            impact,
            where: nodes.map((node) => node.html.slice(0, 200)),
          })),
        );
        assert.deepEqual(
          violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)),
          [],
          view,
        );
        const words = await page.innerText('body');
        assert.doesNotMatch(words, /\[[a-z]+-[a-z-]+\]/u, `${view}: a text is missing`);
        if (language === 'en')
          assert.doesNotMatch(words.replaceAll('微信', '').replaceAll('简体中文', ''), /\p{Script=Han}/u, view);
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/${view}-${language}-${theme}.png` });
      };
      await page.evaluate(() => window.fake.look());
      await see('main');
      await page.click('#grid [role=row][data-id] [data-column=program]');
      await page.waitForSelector('#side-panel dl');
      await see('panel');
      const port = await page.innerText(
        '#grid [data-id]:has([data-column=state]:has-text("LISTEN")) [data-column=local_port]',
      );
      await page.fill('#search', port.trim());
      await page.waitForSelector('#port-answer[data-standing=held]');
      await see('port-answer');
      await page.click('[data-testid=end-program]');
      await page.waitForSelector('[data-testid=end-confirm]');
      await see('end');
      await page.click('[data-testid=end-confirm]');
      await page.waitForSelector('[data-testid=end-force]');
      await see('end-still-running');
      await page.click('[data-testid=end-force]');
      await page.waitForSelector('[data-testid=end-result][data-fate=released]');
      await see('end-told');
      await page.click('[data-testid=end-close]');
      await page.fill('#search', '');
      await page.click('[data-view=programs]');
      await page.waitForSelector('[data-group]');
      await see('programs');
      await page.click('[data-view=all]');
      await page.fill('#search', 'port:8o');
      await page.waitForSelector('#filter-problem');
      await see('filter-problem');
      await page.fill('#search', 'no such thing');
      await until(
        'nothing matches',
        () => page.locator('.empty button').count(),
        (buttons) => buttons === 1,
      );
      await see('nothing');
      await page.fill('#search', '');
      await page.click('[data-view=settings]');
      await page.waitForSelector('#setting-language');
      await see('settings');
      await page.keyboard.press('F1');
      await page.waitForSelector('#help-dialog[open]');
      await see('help');
      assert.deepEqual(faults, []);
      assert.equal(await page.locator('img').count(), 0, 'no element came out of a name');
      await page.close();
    });
  }
}
