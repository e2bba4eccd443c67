// The grid and what is around it: sort, filter, keys, views, languages, themes; and whether everybody can use it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stage } from './harness/stage.mjs';
import { until } from './harness/patience.mjs';
import { KEY } from './harness/webdriver.mjs';

const AXE = readFileSync(new URL('../../ui/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const show = stage();
const { page, session } = lazy(show);

show.test('sockets that exist are listed with their program', async () => {
  const server = await show.actor('server', 0);
  await page().search(`lport:${server.port}`);
  // The name follows the row: it is read beside the look that found the socket.
  const named = (rows) => rows.length === 1 && rows[0].cells.program.includes('node');
  const rows = await page().rowsThat('the server’s row', named);
  assert.equal(rows[0].cells.pid, String(server.pid));
  assert.match(rows[0].cells.state, /LISTEN/);
});

show.test('a header sorts, and sorts the other way round', async () => {
  const servers = [await show.actor('server', 0), await show.actor('server', 0), await show.actor('server', 0)];
  const ports = servers.map((server) => server.port).sort((a, b) => a - b);
  await page().search(`lport:${ports.join('|')}`);
  await page().rowsThat('three rows', (rows) => rows.length === 3);
  const order = async (name, wanted) => {
    await until(`the order is ${name}`, async () => {
      const seen = (await page().rows()).map((row) => Number(row.cells.local_port));
      if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`it is ${seen}`);
      return true;
    });
    assert.equal(await page().attribute(HEADER, 'aria-sort'), name);
  };
  const HEADER = '#grid [role=columnheader][data-column=local_port]';
  const button = `${HEADER} button`;
  await page().click(button);
  const first = await until('sorted by port', () =>
    page()
      .attribute(HEADER, 'aria-sort')
      .then((sort) => sort !== 'none' && sort),
  );
  await order(first, first === 'ascending' ? ports : ports.toReversed());
  await page().click(button);
  const second = first === 'ascending' ? 'descending' : 'ascending';
  await order(second, second === 'ascending' ? ports : ports.toReversed());
});

show.test('a wrong filter is explained, and the last good rows stay', async () => {
  const server = await show.actor('server', 0);
  await page().search(`lport:${server.port}`);
  await page().rowsThat('one row', (rows) => rows.length === 1);
  // Wrong from the first key that is added: typing passes through no other good filter.
  await page().search(`lport:${server.port}|no-port`);
  await until('the filter’s fault is said', async () => (await page().text('#filter-problem')).includes('“no-port”'));
  assert.equal((await page().rows()).length, 1);
});

show.test('arrow keys move the selection, and the side panel follows', async () => {
  const servers = [await show.actor('server', 0), await show.actor('server', 0)];
  await page().search(`lport:${servers.map((server) => server.port).join('|')}`);
  const rows = await page().rowsThat('two rows', (rows) => rows.length === 2);
  await page().click(`#grid [role=row][data-id="${rows[0].id}"] [data-column=program]`);
  const selected = (id) =>
    page().rowsThat(`row ${id} is selected`, (now) => now.find((row) => row.selected)?.id === id);
  await selected(rows[0].id);
  await session().press([KEY.down]);
  await selected(rows[1].id);
  const pid = rows[1].cells.pid;
  await until('the panel tells of that row', async () => (await page().text('#side-panel')).includes(pid));
  await session().press([KEY.up]);
  await selected(rows[0].id);
});

show.test('listening ports and programs are views of their own', async () => {
  const server = await show.actor('server', 0);
  const client = await show.actor('client', server.port);
  await page().search(`port:${server.port}`);
  await page().rowsThat('listener and both ends', (rows) => rows.length === 3);
  await page().view('listening');
  await page().rowsThat('the listener alone', (rows) => rows.length === 1 && rows[0].cells.state.includes('LISTEN'));
  await page().view('programs');
  await until('headings of programs', () => page().exists('#grid [data-group]'));
  await page().view('all');
  await page().rowsThat('all again', (rows) => rows.length === 3);
  assert.ok(client.pid);
});

show.test('Chinese and back again, at once', async () => {
  await page().view('settings');
  await page().choose('#setting-language', 'zh-CN');
  await until('the page is Chinese', async () => (await page().attribute('html', 'lang')) === 'zh-CN');
  const words = await page().text('body');
  assert.match(words, /监听/);
  assert.match(words, /程序/);
  await page().choose('#setting-language', 'en');
  await until('the page is English', async () => (await page().attribute('html', 'lang')) === 'en');
  assert.doesNotMatch(await page().text('nav'), /\p{Script=Han}/u);
});

for (const theme of ['light', 'dark']) {
  show.test(`everybody can use it, ${theme}: main view, port answer, settings, dialog`, async (context) => {
    const server = await show.actor('server', 0);
    await page().view('settings');
    await page().choose('#setting-theme', theme);
    const background = 'return getComputedStyle(document.body).backgroundColor;';
    const brightness = async () =>
      (await session().run(background))
        .match(/\d+/g)
        .slice(0, 3)
        .map(Number)
        .reduce((a, b) => a + b);
    await until(`the page is ${theme}`, async () => (await brightness()) < 384 === (theme === 'dark'));
    await accessible(context, `settings, ${theme}`);
    await page().view('all');
    await page().search(String(server.port));
    await page().standing('held');
    await accessible(context, `port answer, ${theme}`);
    await page().askToEnd();
    await accessible(context, `dialog, ${theme}`);
  });
}

/** No violation that axe calls serious or critical. */
async function accessible(context, where) {
  await session().run(`if (!window.axe) { ${AXE} }`);
  const { violations, passed } = await session().promise(`
    const { violations, passes } = await window.axe.run(document);
    const told = ({ id, impact, nodes }) => ({ id, impact, where: nodes.map((node) => node.html.slice(0, 160)) });
    return { violations: violations.map(told), passed: passes.map(({ id }) => id) };`);
  assert.ok(passed.includes('color-contrast') && passed.length > 10, `axe really looked: ${passed}`);
  const grave = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  violations
    .filter((one) => !grave.includes(one))
    .forEach(({ id, impact }) => context.diagnostic(`${where}: ${impact} ${id}`));
  assert.deepEqual(grave, [], where);
}

/** The window exists only once the tests run. */
function lazy(show) {
  return { page: () => show.page, session: () => show.session };
}
