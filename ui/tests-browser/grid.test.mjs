/** The grid with 100 000 sockets that come, change and go. */

import assert from 'node:assert/strict';
import { inSight, looks, rows, rowsThat, settled, stage } from './stage.mjs';

const onPage = stage();
const CROWD = { rows: 100_000, churn: 400 };
const HEADING = (column) => `#grid [role=columnheader][data-column=${column}]`;
const scroll = (page, top) => page.$eval('#grid', (grid, to) => (grid.scrollTop = to), top);
const status = (page) => page.textContent('#status-bar .counts');
const ascending = (numbers) => numbers.every((number, place) => place === 0 || numbers[place - 1] <= number);

onPage('100 000 rows are scrolled to their end, and the document stays small', CROWD, async (page) => {
  assert.match(await status(page), /99,999 sockets/);
  assert.equal(await page.getAttribute('#grid', 'aria-rowcount'), '100001');
  for (const place of [0.1, 0.5, 0.93, 1]) {
    await scroll(page, 24 * 100_000 * place);
    await settled(page);
    const seen = await rowsThat(page, `rows at ${place}`, (all) =>
      all.some(({ line }) => Math.abs(line - 100_000 * place) < 60),
    );
    assert.ok(seen.length < 150, `${seen.length} rows in the document`);
    assert.ok((await inSight(page)).length >= 20);
  }
  assert.equal((await rows(page)).at(-1).line, 99_999);
  assert.ok((await page.$$('*')).length < 2000);
});

onPage('sorted by a heading and the other way round, numbers as numbers', CROWD, async (page) => {
  const ports = async () => (await inSight(page)).map(({ cells }) => Number(cells.local_port));
  assert.equal(await page.getAttribute(HEADING('local_port'), 'aria-sort'), 'ascending');
  assert.ok(ascending(await ports()));
  await page.click(`${HEADING('local_port')} button`);
  await rowsThat(page, 'the largest first', (all) => Number(all[0].cells.local_port) > 60_000);
  assert.equal(await page.getAttribute(HEADING('local_port'), 'aria-sort'), 'descending');
  assert.ok(ascending((await ports()).toReversed()));
  await page.click(`${HEADING('pid')} button`);
  await rowsThat(page, 'by PID', (all) => Number(all[0].cells.pid) < 4000);
  assert.equal(await page.getAttribute(HEADING('local_port'), 'aria-sort'), 'none');
});

onPage('filtered while it is typed, and whole again', CROWD, async (page) => {
  await page.type('#search', 'proc:spotify lport:5000-6000', { delay: 15 });
  const found = await rowsThat(
    page,
    'only those',
    (all) => all.length > 0 && all.every(({ cells }) => cells.program === 'spotify'),
  );
  assert.ok(found.every(({ cells }) => Number(cells.local_port) >= 5000 && Number(cells.local_port) <= 6000));
  await page.keyboard.press('Escape');
  await rowsThat(page, 'all again', (all) => all.some(({ cells }) => cells.program !== 'spotify'));
  await page.fill('#search', 'no-such-program');
  await page.waitForSelector('.empty');
  await page.click('.empty button');
  await rowsThat(page, 'all again', (all) => all.length > 20);
});

onPage('no row moves under the pointer while a thousand come and go', CROWD, async (page) => {
  await scroll(page, 24 * 400);
  await settled(page);
  await page.mouse.move(400, 300);
  await page.waitForSelector('#status-bar .held');
  await settled(page);
  const places = async () => (await inSight(page)).map(({ id, line, top }) => [id, line, top]);
  const before = await places();
  const chosen = before[10][0];
  await page.evaluate((id) => window.computer.close(id), chosen);
  await looks(page, 4);
  assert.deepEqual(await places(), before);
  assert.equal((await rows(page)).find(({ id }) => id === chosen).mark, 'closed');
  await page.mouse.move(400, 20);
  await page.waitForSelector('#status-bar .held', { state: 'detached' });
  await looks(page);
  await rowsThat(page, 'the closed row is gone', (all) => all.every(({ id }) => id !== chosen));
});

onPage('new, changed and closed are coloured and carry a sign; closed ones go', {}, async (page) => {
  const [first, second] = await inSight(page);
  await page.evaluate((id) => window.computer.close(id), first.id);
  await rowsThat(page, 'closed', (all) => all.find(({ id }) => id === first.id)?.mark === 'closed');
  assert.equal((await page.textContent(`[data-id="${first.id}"] .mark`)).trim(), '−');
  await looks(page);
  await rowsThat(page, 'gone', (all) => all.every(({ id }) => id !== first.id) && all[0].id === second.id);
});

onPage('the selection follows the socket through another order and another look', CROWD, async (page) => {
  const chosen = (await inSight(page))[3];
  await page.click(`[data-id="${chosen.id}"] [data-column=program]`);
  await page.mouse.move(400, 20);
  await page.waitForFunction(() => document.querySelector('#side-panel h2'));
  await page.click(`${HEADING('local_port')} button`);
  await rowsThat(page, 'another order', (all) => Number(all[0].cells.local_port) > 60_000);
  await looks(page, 2);
  assert.deepEqual(
    (await rows(page)).filter(({ selected }) => selected),
    [],
  );
  // The arrow goes on from where the row stands now, and brings it into sight.
  await page.focus('#grid');
  await page.keyboard.press('ArrowUp');
  const [now] = (await rowsThat(page, 'selected again', (all) => all.some(({ selected }) => selected))).filter(
    ({ selected }) => selected,
  );
  assert.ok(now.line > 99_000, `line ${now.line}`);
});

onPage('the keyboard goes everywhere', {}, async (page) => {
  const focused = () => page.$eval('#grid', (grid) => grid.getAttribute('aria-activedescendant'));
  const selected = async () => (await rows(page)).filter(({ selected }) => selected).map(({ line }) => line);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'grid');
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await selected(), [0]);
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(), /-pid$/);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await rowsThat(page, 'three selected', (all) => all.filter((row) => row.selected).length === 3);
  await page.keyboard.press('End');
  await rowsThat(page, 'the last', (all) => all.at(-1).selected);
  assert.equal((await selected())[0], Number(await page.getAttribute('#grid', 'aria-rowcount')) - 2);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  await rowsThat(page, 'the first', (all) => all[0].line === 0 && all[0].selected);
  await page.keyboard.press('ArrowUp');
  assert.match(await focused(), /^head-pid$/);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${HEADING('pid')}[aria-sort=ascending]`);
  const width = async () => (await page.locator(HEADING('pid')).boundingBox()).width;
  const before = await width();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  assert.equal(Math.round((await width()) - before), 20);
  await page.keyboard.press('Control+Shift+ArrowRight');
  assert.equal(await page.getAttribute(HEADING('pid'), 'aria-colindex'), '3');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+a');
  await rowsThat(page, 'all selected', (all) => all.every((row) => row.selected));
  await page.keyboard.press('Control+c');
  await page.waitForFunction(() =>
    window.computer.done.some(({ what, with: { ids } = {} }) => what === 'copy_rows' && ids.length > 40),
  );
});

onPage('a selection reaches beyond what the page holds', CROWD, async (page) => {
  await page.focus('#grid');
  await page.keyboard.press('ArrowDown');
  await rowsThat(page, 'the first', (all) => all[0].selected);
  await page.keyboard.press('Shift+End');
  await rowsThat(page, 'all that is in sight', (all) => all.length > 20 && all.every(({ selected }) => selected));
  await page.keyboard.press('Control+c');
  await page.waitForFunction(() =>
    window.computer.done.some(({ what, with: { ids } = {} }) => what === 'copy_rows' && ids.length === 100_000),
  );
});

onPage('scrolling far and fast ends where it was meant to', CROWD, async (page) => {
  await page.evaluate(async () => {
    const grid = document.querySelector('#grid');
    for (let step = 0; step <= 120; step += 1) {
      grid.scrollTop = step * 19_000;
      await new Promise((done) => requestAnimationFrame(done));
    }
    grid.scrollTop = 1_200_000;
  });
  await rowsThat(page, 'line 50 000', (all) => all.some(({ line }) => line === 50_000));
  assert.ok((await rows(page)).length < 150);
});

onPage('menu, copy and end by keyboard', {}, async (page) => {
  await page.fill('#search', 'proc:node state:listen');
  await rowsThat(page, 'the listeners of node', (all) => all.length === 2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  await page.waitForSelector('[role=menu]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=menu]', { state: 'detached' });
  await page.keyboard.press('Control+Shift+C');
  await page.waitForFunction(() => window.computer.done.some((act) => act.what === 'copy_text' && act.with === 'node'));
  await page.keyboard.press('Delete');
  await page.waitForSelector('#end-dialog [data-testid=end-confirm]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#end-dialog[open]', { state: 'detached' });
  assert.ok(
    !(await page.evaluate(() => window.computer.done.some(({ what }) => what === 'end_process'))),
    'Enter alone ends nothing',
  );
});

onPage('columns are dragged, moved, hidden and remembered', {}, async (page) => {
  const edge = await page.locator(`${HEADING('state')} .edge`).boundingBox();
  await page.mouse.move(edge.x + 3, edge.y + 8);
  await page.mouse.down();
  await page.mouse.move(edge.x + 63, edge.y + 8, { steps: 4 });
  await page.mouse.up();
  await page.dragAndDrop(HEADING('remote_address'), HEADING('pid'));
  await page.click(HEADING('user'), { button: 'right' });
  await page.getByRole('menuitemcheckbox', { name: 'User' }).click();
  await page.waitForSelector(HEADING('user'), { state: 'detached' });
  await page.waitForFunction(
    () => window.computer.settings.columns.find(({ column }) => column === 'user').shown === false,
  );
  const columns = await page.evaluate(() => window.computer.settings.columns);
  assert.equal(columns.find(({ column }) => column === 'state').width, 172);
  assert.deepEqual(
    columns.slice(0, 3).map(({ column }) => column),
    ['program', 'remote_address', 'pid'],
  );
});

onPage('another view under the pointer does not hold the order for ever', {}, async (page) => {
  await page.mouse.move(400, 300);
  await page.waitForSelector('#status-bar .held');
  await page.keyboard.press('Control+5');
  await page.waitForSelector('#setting-language');
  await page.mouse.move(400, 20);
  await page.waitForSelector('#status-bar .held', { state: 'detached' });
});

onPage('programs are folded and opened', {}, async (page) => {
  await page.click('[data-view=programs]');
  await page.waitForSelector('#grid[role=treegrid] [data-group]');
  const node = page.locator('[data-group="path:/usr/bin/node"]');
  const before = (await rows(page)).filter(({ cells }) => cells.program === 'node').length;
  assert.ok(before >= 3);
  await node.click();
  await page.keyboard.press('ArrowLeft');
  await rowsThat(page, 'folded', (all) => all.every(({ cells }) => cells.program !== 'node'));
  assert.equal(await node.getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('ArrowRight');
  await rowsThat(page, 'open', (all) => all.filter(({ cells }) => cells.program === 'node').length === before);
});
