/** The history of 100 000 events: scrolled, searched, read and left alone. */

import assert from 'node:assert/strict';
import { settled, stage } from './stage.mjs';

const onPage = stage();
const LONG = { events: 100_000 };
const lines = (page) =>
  page.$$eval('#timeline [data-event]', (elements) =>
    elements
      .map((line) => ({
        id: line.dataset.event,
        index: Number(line.getAttribute('aria-rowindex')) - 2,
        top: line.getBoundingClientRect().top,
        chosen: line.getAttribute('aria-selected') === 'true',
      }))
      .sort((a, b) => a.top - b.top),
  );
const scroll = (page, top) => page.$eval('#timeline', (list, to) => (list.scrollTop = to), top);
const height = (page) => page.$eval('#timeline', (list) => list.scrollHeight);
const happen = (page) => page.evaluate(() => window.computer.past.happen());
/** The page looks for what is new when it is seen again. */
const look = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

async function opened(page) {
  await page.click('[data-view=history]');
  await page.waitForSelector('#timeline [data-event]');
  await settled(page);
}

onPage('far back, the document stays small and no line is missing', LONG, async (page) => {
  await opened(page);
  assert.match(await page.textContent('[data-testid=history-count]'), /more than 10,000 events/);
  const most = [];
  for (let page_ = 0; page_ < 30; page_ += 1) {
    const before = await height(page);
    await scroll(page, before);
    await page.waitForFunction((than) => document.querySelector('#timeline').scrollHeight > than, before);
    most.push(await page.evaluate(() => document.querySelectorAll('*').length));
  }
  assert.ok(Math.max(...most) < 1500, `${Math.max(...most)} elements`);
  await settled(page);
  for (const part of [1, 0.5, 0.02]) {
    await scroll(page, (await height(page)) * part);
    await settled(page);
    const { top, bottom } = await page.$eval('#timeline', (list) => {
      const box = list.getBoundingClientRect();
      return { top: box.top + 24, bottom: box.top + list.clientHeight };
    });
    const tops = await page.$$eval('#timeline .line', (all) => all.map((one) => one.getBoundingClientRect().top));
    const inSight = tops.filter((one) => one > top - 24 && one < bottom).sort((a, b) => a - b);
    assert.ok(inSight.length >= (bottom - top) / 24 - 1, `${inSight.length} lines at ${part}`);
    assert.ok(inSight.every((one, place) => place === 0 || Math.abs(one - inSight[place - 1] - 24) < 1));
  }
  assert.ok((await page.evaluate(() => window.computer.past.asked.length)) > 30);
});

onPage('what is new comes in at the top, and moves nothing elsewhere', LONG, async (page) => {
  await opened(page);
  await page.mouse.move(30, 600);
  const [first] = await lines(page);
  await happen(page);
  await look(page);
  await page.waitForFunction((id) => document.querySelector('#timeline [data-event]').dataset.event !== id, first.id);
  await scroll(page, 2400);
  await settled(page);
  const before = await lines(page);
  await happen(page);
  await look(page);
  await page.waitForSelector('[data-testid=history-fresh]');
  assert.deepEqual(await lines(page), before);
  await page.click('[data-testid=history-fresh]');
  await page.waitForSelector('[data-testid=history-fresh]', { state: 'detached' });
  const newest = await page.evaluate(() => window.computer.past.events[0].id);
  assert.equal((await lines(page))[0].id, newest);
  assert.equal(await page.$eval('#timeline', (list) => list.scrollTop), 0);
});

onPage('the keyboard goes everywhere', LONG, async (page) => {
  await page.keyboard.press('Control+4');
  await page.waitForSelector('#timeline [data-event]');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('proc:python3');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('#timeline [data-event] .who bdi')].every((who) => who.textContent === 'python3'),
  );
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'timeline');
  const chosen = async () => {
    await settled(page);
    const [line] = (await lines(page)).filter((one) => one.chosen);
    const active = await page.getAttribute('#timeline', 'aria-activedescendant');
    assert.equal(active, `event-${line.id}`);
    return line.index;
  };
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(), 1);
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(), 2);
  await page.keyboard.press('PageDown');
  const far = await chosen();
  assert.ok(far > 10, `line ${far}`);
  await page.keyboard.press('PageUp');
  assert.ok((await chosen()) < far);
  await page.keyboard.press('End');
  assert.ok((await chosen()) > 150);
  await page.keyboard.press('Home');
  assert.equal(await chosen(), 1);
  assert.equal(await page.$eval('#timeline', (list) => list.scrollTop), 0);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#history-panel [data-testid=port-users] li');
  // From the list on: the edge of the panel, its buttons.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'only-program');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#history-panel', { state: 'detached' });
});

onPage('a search that takes long is said, stopped, and gone on with', LONG, async (page) => {
  await opened(page);
  await page.evaluate(() => (window.computer.past.patience = 20));
  await page.fill('#search', 'no-such-program');
  await page.waitForSelector('[data-testid=history-stop]');
  assert.match(await page.textContent('.searching'), /Searching further back/);
  await page.click('[data-testid=history-stop]');
  assert.match(await page.textContent('.searching'), /Not searched further back/);
  await page.evaluate(() => (window.computer.past.patience = 100_000));
  await page.click('[data-testid=history-stop]');
  await page.waitForSelector('[data-testid=history-empty]');
});
