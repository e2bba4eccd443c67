// The grid on 100 000 sockets of which a hundredth comes, changes and goes at every look.

import assert from 'node:assert/strict';
import test, { after, before, beforeEach } from 'node:test';
import { ids, openBrowser, until } from './browser.mjs';

let browser;
let page;
let faults;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  await page?.close();
  ({ page, faults } = await browser.open({ rows: 100_000 }));
});

const look = () => page.evaluate(() => window.fake.look());
const rowCount = () => page.locator('#grid [role=row][data-id]').count();
const row = (id) => page.locator(`#grid [role=row][data-id="${id}"]`);
const selected = () => page.$$eval('#grid [aria-selected=true]', (rows) => rows.map((one) => one.dataset.id));
const sequence = () => page.evaluate(() => window.fake.computer.sequence);

test('the page holds a screenful of a hundred thousand rows, at either end', async () => {
  assert.ok((await rowCount()) < 150);
  assert.equal(await page.getAttribute('#grid', 'aria-rowcount'), '100001');
  await page.focus('#grid');
  await page.keyboard.press('End');
  const last = await until(
    'the last line',
    () => page.$$eval('#grid [data-id]', (rows) => Math.max(...rows.map((one) => Number(one.ariaRowIndex)))),
    (index) => index === 100_001,
  );
  assert.equal(last, 100_001);
  assert.ok((await rowCount()) < 150);
  await page.keyboard.press('Home');
  await until(
    'the first line',
    () => page.$$eval('#grid [data-id]', (rows) => Math.min(...rows.map((one) => Number(one.ariaRowIndex)))),
    (index) => index === 2,
  );
  assert.deepEqual(faults, []);
});

test('rows do not move under the pointer, and what closes stays in its place', async () => {
  const [, second] = await ids(page);
  await row(second).hover();
  await until(
    'the order is held',
    () => page.locator('.status-bar .held').count(),
    (held) => held === 1,
  );
  const order = (await ids(page)).slice(0, 20);
  for (let i = 0; i < 5; i += 1) {
    const seen = await sequence();
    await look();
    await until(
      'the next look',
      () => page.evaluate(() => window.fake.computer.sequence),
      (now) => now > seen,
    );
    const now = await ids(page);
    // A closed row goes at the look after; those that are left keep their order.
    const left = order.filter((id) => now.includes(id));
    assert.deepEqual(
      now.filter((id) => order.includes(id)),
      left,
    );
  }
  await page.mouse.move(5, 5);
  await until(
    'the order is free',
    () => page.locator('.status-bar .held').count(),
    (held) => held === 0,
  );
  assert.deepEqual(faults, []);
});

test('the selection follows the socket, not the place', async () => {
  await page.click('#grid [role=columnheader][data-column=local_port] button');
  const before = await ids(page);
  await row(before[6]).click({ position: { x: 20, y: 12 } });
  assert.deepEqual(await selected(), [before[6]]);
  await page.mouse.move(5, 5);
  await page.click('#grid [role=columnheader][data-column=local_port] button');
  await until(
    'another order',
    () => ids(page),
    (now) => now[0] !== before[0],
  );
  assert.deepEqual(
    await selected(),
    before.includes(before[6]) && (await ids(page)).includes(before[6]) ? [before[6]] : [],
  );
  await page.keyboard.press('Escape');
});

test('a selection reaches beyond what the page holds', async () => {
  await page.focus('#grid');
  await page.keyboard.press('ArrowDown');
  await until('one row', selected, (now) => now.length === 1);
  await page.keyboard.press('Shift+End');
  await until('all that is in sight is selected', selected, (now) => now.length > 10);
  await page.keyboard.press('Control+c');
  const copied = await until(
    'copied',
    () => page.evaluate(() => window.fake.copied.at(-1) ?? ''),
    (text) => text !== '',
  );
  assert.equal(copied.split(',').length, 100_000);
});

test('the keyboard does what the mouse does', async () => {
  await page.focus('#grid');
  await page.keyboard.press('ArrowDown');
  await until('a row', selected, (now) => now.length === 1);
  await page.keyboard.press('ArrowDown');
  const [id] = await until('the next', selected, (now) => now.length === 1);
  assert.equal(await page.getAttribute('#grid', 'aria-activedescendant'), `cell-${id}-program`);
  await page.keyboard.press('ArrowRight');
  await until(
    'the next cell',
    () => page.getAttribute('#grid', 'aria-activedescendant'),
    (cell) => cell === `cell-${id}-pid`,
  );
  await page.keyboard.press('Control+Shift+c');
  await until(
    'the cell is copied',
    () => page.evaluate(() => window.fake.copied.at(-1)),
    (text) => /^\d+$/u.test(text ?? ''),
  );
  await page.keyboard.press('Shift+F10');
  await page.waitForSelector('[role=menu]');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('[role=menu]').count(), 0);
  await page.keyboard.press('Delete');
  await page.waitForSelector('#end-dialog [data-testid=end-confirm]');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cancel');
  await page.keyboard.press('Escape');
  await until(
    'closed',
    () => page.locator('#end-dialog[open]').count(),
    (open) => open === 0,
  );
});

test('columns are sorted, resized, moved and hidden by keys', async () => {
  const header = (column) => page.locator(`#grid [role=columnheader][data-column=${column}]`);
  const columns = () => page.$$eval('#grid [role=columnheader]', (all) => all.map((one) => one.dataset.column));
  await page.focus('#grid');
  await page.keyboard.press('ArrowDown');
  await until('a row', selected, (now) => now.length === 1);
  await page.keyboard.press('ArrowUp');
  await until(
    'the heading',
    () => page.getAttribute('#grid', 'aria-activedescendant'),
    (cell) => cell === 'head-program',
  );
  await page.keyboard.press('Enter');
  await until(
    'sorted',
    () => header('program').getAttribute('aria-sort'),
    (sort) => sort === 'ascending',
  );
  const width = (await header('program').boundingBox()).width;
  await page.keyboard.press('Alt+ArrowRight');
  await until(
    'wider',
    async () => (await header('program').boundingBox()).width,
    (now) => now === width + 10,
  );
  await page.keyboard.press('Control+Shift+ArrowRight');
  await until('moved', columns, (now) => now[0] === 'pid' && now[1] === 'program');
  await page.keyboard.press('Shift+F10');
  await page.click('[role=menuitemcheckbox]:has-text("Protocol")');
  await until('hidden', columns, (now) => !now.includes('protocol'));
  const edge = await page.locator('[data-column=program] .edge').boundingBox();
  await page.mouse.move(edge.x + 3, edge.y + 5);
  await page.mouse.down();
  await page.mouse.move(edge.x + 63, edge.y + 5);
  await page.mouse.up();
  await until(
    'dragged wider',
    async () => (await header('program').boundingBox()).width,
    (now) => now === width + 70,
  );
  assert.deepEqual(faults, []);
});

test('scrolling far and fast ends where it was meant to', async () => {
  await page.evaluate(async () => {
    const grid = document.querySelector('#grid');
    for (let at = 0; at <= 200; at += 1) {
      grid.scrollTop = at * 11_000;
      await new Promise((done) => requestAnimationFrame(done));
    }
    grid.scrollTop = 1_200_000;
  });
  await until(
    'line 50 000 is there',
    () => page.locator('#grid [aria-rowindex="50002"]').count(),
    (there) => there === 1,
  );
  assert.ok((await rowCount()) < 150);
  assert.deepEqual(faults, []);
});
