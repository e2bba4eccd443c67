/**
 * 100 000 rows scroll as smoothly as 100. How smoothly is measured and told, never judged: the machine is shared. What is
 * judged cannot fail by chance: that nothing piles up in the page, and that the right rows stand there in the end.
 */

import assert from 'node:assert/strict';
import { Gauge } from './gauge.mjs';
import { looks, rows, rowsThat, settled, stage } from './stage.mjs';

const HEIGHT = 24;
const SECONDS = Number(process.env.QUAYMASTER_SCROLL_SECONDS ?? 2);
/** How much of the computer's sockets come, change and go in a look. */
const CHURN = 0.004;
/** Elements that the page may have, however many rows there are. */
const ELEMENTS = 2000;

const onPage = stage({ built: true });
const told = (number, digits = 1) => number.toFixed(digits);

for (const size of [100, 100_000]) {
  const like = { rows: size, churn: Math.max(1, size * CHURN), pace: 1000, beside: '' };
  onPage(`${size} rows are scrolled by wheel, by pages and by dragging`, like, async (page, context) => {
    const gauge = await Gauge.of(page);
    await wheel(page, 1);
    await pages(page, 0.3);
    await whole(page);
    const before = await gauge.held();
    for (const [name, gesture] of Object.entries({ wheel, pages, drag })) {
      const figures = await gauge.measure(() => gesture(page, SECONDS));
      context.diagnostic(`${String(size).padStart(6)} rows, ${name.padEnd(5)} ${sentence(figures)}`);
      assert.ok(figures.mostElements < ELEMENTS, `${figures.mostElements} elements`);
      await whole(page);
    }
    const after = await gauge.held();
    context.diagnostic(`${String(size).padStart(6)} rows, held before: ${holdings(before)}; after: ${holdings(after)}`);
    assert.ok(after.elements < ELEMENTS, `${after.elements} elements`);
    // A row is some forty nodes, and thousands have gone by: were they kept, it would be a hundred thousand and more. The
    // last that were taken out may still be held by a piece of work that the framework has not forgotten yet.
    assert.ok(after.nodes < 2 * before.nodes, `${before.nodes} nodes have become ${after.nodes}`);
    assert.ok(after.listeners < before.listeners + 20, `${before.listeners} listeners became ${after.listeners}`);
  });
}

onPage('rows that went out of sight lend their elements to those that come in', { rows: 1000 }, async (page) => {
  const unmarked = () => page.$$eval('#grid .line', (lines) => lines.filter((line) => !line.marked).length);
  await page.$$eval('#grid .line', (lines) => lines.forEach((line) => (line.marked = true)));
  const before = (await rows(page))[0].id;
  for (let step = 1; step <= 4; step += 1) {
    await page.$eval('#grid', (grid) => (grid.scrollTop += 100));
    await settled(page);
  }
  await rowsThat(page, 'others', (all) => all[0].id !== before);
  assert.equal(await unmarked(), 0);
});

onPage('a look redraws nothing that reads the same', { rows: 1000 }, async (page) => {
  await looks(page);
  await page.evaluate(() => {
    window.redrawn = [];
    new MutationObserver((changes) => {
      for (const { type, target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        window.redrawn.push(`${type} ${element.closest('[data-column]')?.dataset.column ?? element.outerHTML}`);
      }
    }).observe(document.querySelector('#grid'), {
      attributes: true,
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await looks(page, 2);
  const redrawn = await page.evaluate(() => window.redrawn);
  assert.deepEqual(
    redrawn.filter((what) => what !== 'characterData first_seen'),
    [],
  );
});

/** By the wheel, some 250 rows a second, down and, where the list ends, up again. */
async function wheel(page, seconds) {
  await page.mouse.move(400, 300);
  const end = Date.now() + seconds * 1000;
  let step = 100;
  while (Date.now() < end) {
    const edge = page.evaluate(() => {
      const { scrollTop, scrollHeight, clientHeight } = document.querySelector('#grid');
      return scrollTop <= 0 ? 'top' : scrollTop + clientHeight >= scrollHeight - 1 ? 'bottom' : '';
    });
    await Promise.all([page.mouse.wheel(0, step), new Promise((done) => setTimeout(done, 16))]);
    const where = await edge;
    if (where !== '') step = where === 'top' ? 100 : -100;
  }
  await page.mouse.move(400, 20);
}

/** By the keys for pages, as fast as a key repeats. */
async function pages(page, seconds) {
  await page.focus('#grid');
  await page.keyboard.press('Home');
  const end = Date.now() + seconds * 1000;
  let key = 'PageDown';
  for (let press = 1; Date.now() < end; press += 1) {
    await Promise.all([page.keyboard.press(key), new Promise((done) => setTimeout(done, 33))]);
    if (press % 4 === 0 && (await page.getAttribute('#grid', 'aria-rowcount')) < 1000)
      key = key === 'PageDown' ? 'PageUp' : 'PageDown';
  }
}

/** By the scroll bar, through the whole list and back. */
async function drag(page, seconds) {
  await page.evaluate(async (millis) => {
    const grid = document.querySelector('#grid');
    const start = performance.now();
    for (let part = 0; part < 1; part = (performance.now() - start) / millis) {
      grid.scrollTop = (1 - Math.abs(1 - 2 * part)) * (grid.scrollHeight - grid.clientHeight);
      await new Promise((done) => requestAnimationFrame(done));
    }
    grid.scrollTop = 0.4 * (grid.scrollHeight - grid.clientHeight);
  }, seconds * 1000);
}

/** Nothing is missing in view, and each row is the one that belongs there. */
async function whole(page) {
  await page.evaluate(() => window.computer.setPaused(true));
  await page.waitForSelector('#status-bar .pace button[aria-pressed=true]');
  await page.waitForSelector('#status-bar .held', { state: 'detached' });
  await settled(page);
  const { top, height } = await page.$eval('#grid', (grid) => ({ top: grid.scrollTop, height: grid.clientHeight }));
  const first = Math.floor(top / HEIGHT);
  const last = Math.ceil((top + height - HEIGHT) / HEIGHT) - 1;
  const frame = await page.evaluate((asked) => window.computer.nextFrame(asked), question(first, last - first + 1));
  const shown = await rowsThat(page, `lines ${first} to ${last}`, (all) =>
    frame.lines.every((row, place) => all.some(({ line, id }) => line === first + place && id === row.id)),
  );
  for (const [place, row] of frame.lines.entries()) {
    const { cells } = shown.find(({ line }) => line === first + place);
    assert.equal(cells.local_port, String(row.local_port));
    assert.equal(cells.remote_address, row.remote_address ?? '');
    assert.equal(cells.pid.split(' ')[0], String(row.owners[0]?.pid ?? ''));
  }
  assert.ok((await rows(page)).length < 150);
  await page.evaluate(() => window.computer.setPaused(false));
}

function question(first, count) {
  const sort = { column: 'local_port', descending: false };
  const asked = { after: null, scope: 'all', filter: '', sort, group: false, folded: [], first, count, hold: false };
  return { ...asked, port: null, detail: null, traffic: false, locate: null };
}

function sentence({ drawn, dropped, seconds, median, p95, p99, long, busy, work, layers, ...lines }) {
  const parts = Object.entries(work).map(([kind, millis]) => `${kind} ${told(millis, 0)}`);
  const share = (part) => `${told((100 * part) / lines.inView, 2)} %`;
  return [
    `${told(drawn / seconds, 0)} frames/s, ${dropped} dropped, ${told(median)}/${told(p95)}/${told(p99)} ms (50/95/99 %)`,
    `${long.length} long tasks${long.length > 0 ? ` (${long.map((task) => told(task, 0)).join(', ')} ms)` : ''}`,
    `main thread ${told(busy, 0)} ms/s (${parts.join(', ')})`,
    `${told(layers, 0)} layers a frame`,
    `of the view ${share(lines.late)} came late, ${share(lines.empty)} was empty`,
    `at most ${lines.mostElements} elements`,
  ].join('; ');
}

const holdings = ({ elements, nodes, listeners, heapMegabytes }) =>
  `${elements} elements, ${nodes} nodes, ${listeners} listeners, ${told(heapMegabytes)} MB of heap`;
