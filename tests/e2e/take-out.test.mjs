// What leaves the window: text for the clipboard, files by the system's own dialog, settings on the disk.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stage } from './harness/stage.mjs';
import { sleep, until } from './harness/patience.mjs';
import { KEY } from './harness/webdriver.mjs';

const show = stage();
const run = promisify(execFile);
const TITLE = '^Save what is shown$';

/** The system's dialogs are outside the page: they are spoken to by way of the display. */
async function xdotool(...args) {
  const { stdout } = await run('xdotool', args, {
    env: { ...process.env, DISPLAY: show.world.screen.display },
  });
  return stdout.trim();
}

async function oneRow(server) {
  await show.page.search(`lport:${server.port} state:listen`);
  const [row] = await show.page.rowsThat('its row', (rows) => rows.length === 1);
  return row;
}

async function saveAs(label, file) {
  await show.page.click('.search-bar > button[aria-haspopup=menu]');
  await show.page.appears('[role=menu]');
  await show.session.run(
    `[...document.querySelectorAll('[role=menuitem]')].find((item) => item.innerText.includes(arguments[0])).click();`,
    label,
  );
  const dialog = await until('the dialog is open', () => xdotool('search', '--onlyvisible', '--name', TITLE));
  await xdotool('windowactivate', '--sync', dialog.split('\n')[0]);
  await xdotool('key', 'ctrl+a');
  await xdotool('type', '--delay', '15', file);
  return until('the file is written', async () => {
    // More than once: while the box proposes how the path may go on, it takes the key for itself.
    if (await xdotool('search', '--onlyvisible', '--name', TITLE).catch(() => '')) await xdotool('key', 'alt+s');
    await sleep(300);
    const text = readFileSync(file, 'utf8');
    if (text === '') throw new Error('it is empty still');
    return text;
  });
}

show.test('a cell is copied and can be pasted', async () => {
  const server = await show.actor('server', 0);
  const row = await oneRow(server);
  await show.page.click(`#grid [role=row][data-id="${row.id}"] [data-column=pid]`);
  await show.session.press(['C'], [KEY.control, KEY.shift]);
  await until('it is said', async () => /copied/i.test(await show.page.text('.notice')));
  await show.page.search('');
  await show.session.click('#search');
  await show.session.press(['v'], [KEY.control]);
  await until('it is pasted', async () => (await show.page.value('#search')) === String(server.pid));
});

show.test('what is shown is saved as CSV, and nothing else', async () => {
  const server = await show.actor('server', 0);
  await oneRow(server);
  const text = await saveAs('CSV', join(show.world.home, 'shown.csv'));
  const lines = text.trim().split(/\r?\n/);
  assert.equal(lines.length, 2, text);
  assert.ok(text.startsWith('\uFEFFprogram,pid,'), text);
  assert.ok(lines[1].includes(`,${server.pid},`) && lines[1].includes(`,${server.port},`), lines[1]);
});

show.test('and as JSON, the object that quay prints', async () => {
  const server = await show.actor('server', 0);
  await oneRow(server);
  const listing = JSON.parse(await saveAs('JSON', join(show.world.home, 'shown.json')));
  assert.equal(listing.schema, 1);
  assert.deepEqual(
    listing.sockets.map(({ local_port, owners }) => [local_port, owners[0].pid]),
    [[server.port, server.pid]],
  );
});

show.test('what was chosen is on the disk', async () => {
  const says = (line) =>
    readFileSync(join(show.world.home, 'config/app.quaymaster.desktop/settings.toml'), 'utf8').includes(`\n${line}`);
  await show.page.view('settings');
  await show.page.choose('#setting-interval', '2000');
  await show.page.choose('#setting-theme', 'dark');
  await until('it is written', async () => says('interval_ms = 2000') && says('theme = "dark"'));
  await show.page.choose('#setting-interval', '1000');
  await show.page.choose('#setting-theme', 'system');
  await until('it is written again', async () => says('interval_ms = 1000'));
});
