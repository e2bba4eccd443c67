/** What only Windows tells: services under their names, the kernel explained, pictures of programs, ports that are set aside. */

import assert from 'node:assert/strict';
import { accessible, rows, settled, stage } from './stage.mjs';

const onPage = stage();
const PICTURES = process.env.PICTURES;

const ask = async (page, port) => {
  await page.fill('#search', String(port));
  await page.waitForSelector(`#port-answer h2:has-text("${port}")`);
  await settled(page);
  return page.textContent('#port-answer');
};

for (const [language, theme] of [
  ['en', 'light'],
  ['zh-CN', 'dark'],
]) {
  onPage(
    `Windows looks like itself: ${language}, ${theme}`,
    { system: 'windows', language, theme },
    async (page, test) => {
      const picture = async (name) => {
        await accessible(page, test, name);
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/windows-${name}-${language}-${theme}.png` });
      };
      // A service goes by its name, and is found by that of its program too.
      await page.fill('#search', 'svchost');
      await page.waitForFunction(() => document.querySelectorAll('#grid [role=row][data-id]').length === 1);
      const [service] = await rows(page);
      assert.equal(service.cells.program, 'Windows Time (W32Time)');
      await page.locator('#grid [data-id]').click();
      await page.waitForSelector('#side-panel h2');
      await settled(page);
      const panel = await page.textContent('#side-panel');
      for (const fact of ['W32Time', 'Microsoft Corporation', 'Host Process for Windows Services', 'svchost.exe']) {
        assert.ok(panel.includes(fact), fact);
      }
      await picture('service');

      const kernel = await ask(page, 445);
      assert.match(kernel, /HTTP\.sys/u);
      assert.match(kernel, /System/u);
      await picture('kernel');

      const taken = await ask(page, 50_120);
      assert.match(taken, /Google Chrome/u);
      const shown = await page.locator('#port-answer .program-icon').evaluate((image) => image.naturalWidth);
      assert.equal(shown, 16, 'the picture is drawn, not broken');
      await picture('program');

      const aside = await ask(page, 50_010);
      assert.match(aside, /50000–50059/u);
      assert.match(aside, /49152–65535/u);
      await picture('excluded');
    },
  );
}

onPage('a computer that tells nothing of it is not asked after it', {}, async (page) => {
  await page.locator('#grid [data-id]').first().click();
  await page.waitForSelector('#side-panel h2');
  await settled(page);
  const panel = await page.textContent('#side-panel');
  for (const absent of ['Services', 'Calls itself', 'Says it is by']) assert.ok(!panel.includes(absent), absent);
  assert.equal(await page.locator('.program-icon').count(), 0);
});
