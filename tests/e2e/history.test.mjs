// What happened while nobody looked: kept through kills and full disks, read back in the window and in the terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sweep } from './harness/leftovers.mjs';
import { sleep, until } from './harness/patience.mjs';
import { alive } from './harness/processes.mjs';
import { ensureUser, mayBecome, USER } from './harness/user.mjs';
import { inWindow } from './harness/window.mjs';

const run = promisify(execFile);
const OURS = 'app.quaymaster.desktop';

const newFolder = () => sweep(mkdtempSync(join(tmpdir(), 'quaymaster-history-')));

/** A window for this test alone, which has looked. */
const on = (options, play) =>
  inWindow(options, async (scene) => {
    await scene.page.ready();
    await play(scene);
  });

/** What the terminal program reads in this folder: the same file, by another process. */
async function remembered(data, ...words) {
  const { stdout } = await run(process.env.QUAY_BIN, ['history', '--json', '--limit', '0', ...words], {
    env: { ...process.env, XDG_DATA_HOME: data },
  }).catch((error) => {
    // Nothing matched, which is an answer.
    if (error.code === 1) return { stdout: '' };
    throw error;
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Until something of this port is remembered that is as `wanted` says. */
const eventOf = (data, port, wanted = () => true) =>
  until(`port ${port} is remembered`, async () => (await remembered(data, `port:${port}`)).find(wanted));

const listeners = (page) =>
  page.session.run(`return Array.from(document.querySelectorAll('#timeline [role=option], #timeline [role=row]'),
    (line) => line.innerText.replaceAll('\\n', ' '));`);

test('who listened while nobody looked is read back, in the window and in the terminal', async () => {
  await on({}, async ({ world, page, actor }) => {
    const data = join(world.home, 'data');
    const server = await actor('listeners', 1, 22_000);
    const [port] = server.ports;
    await eventOf(data, port);
    await server.stop();
    const event = await eventOf(data, port, ({ until: ended }) => ended !== null);
    assert.equal(event.program.name, 'node');
    assert.equal(event.pid, server.pid);
    assert.equal(event.cut, false);

    await page.view('history');
    await page.search(`port:${port}`);
    await until('the line is there', async () =>
      (await listeners(page)).some((line) => line.includes('node') && line.includes(String(port))),
    );
    if (process.env.QUAYMASTER_PICTURES) await world.picture(join(process.env.QUAYMASTER_PICTURES, 'history.png'));
  });
});

test('what a person ends is remembered', async () => {
  await on({}, async ({ world, page, actor }) => {
    const server = await actor('listeners', 1, 22_100);
    const [port] = server.ports;
    await page.search(String(port));
    await page.standing('held');
    await page.click('#port-answer [data-testid=end-program]');
    await page.click('[data-testid=end-confirm]');
    await until('the server has ended', () => server.gone);
    const deed = await eventOf(join(world.home, 'data'), port, ({ what }) => what.kind === 'deed');
    assert.deepEqual(deed.what, { kind: 'deed', deed: 'ended', port });
    assert.equal(deed.program.name, 'node');
  });
});

test('killed at any moment it loses two seconds at most, and goes on', async () => {
  const data = newFolder();
  for (const [round, wait] of [300, 1_400, 2_600].entries()) {
    await on({ data }, async ({ world, actor }) => {
      // The first look's listeners have come; what comes now is new.
      await sleep(1_500);
      const first = await actor('listeners', 1, 22_200 + 10 * round);
      const port = first.ports[0];
      await eventOf(data, port);
      const seen = Date.now();
      await sleep(wait);
      await actor('listeners', 1, 22_205 + 10 * round);
      for (const pid of world.pids) if (alive(pid)) process.kill(pid, 'SIGKILL');
      await until('nothing is left of it', () => world.isOver);
      // Who reads it now is not told that it goes on: its end was not seen. The system lets go of the dead one's lock a moment
      // after it is dead.
      const kept = await eventOf(data, port, ({ cut }) => cut);
      assert.ok(
        kept.until !== null,
        `what was seen ${Date.now() - seen} ms before has an end: ${JSON.stringify(kept)}`,
      );
      assert.equal((await remembered(data, `port:${port}`)).length, 1);
    });
  }
  assert.deepEqual(
    readdirSync(join(data, OURS)).filter((name) => name.includes('broken')),
    [],
  );
  await on({ data }, async ({ page, actor }) => {
    await page.view('history');
    await until('the history has lines', async () => (await listeners(page)).length > 0);
    assert.equal(await page.exists('[data-testid=history-trouble]'), false);
  });
});

test('a file that is no history is kept aside, and that is told until it is heard', async () => {
  const data = newFolder();
  mkdirSync(join(data, OURS));
  writeFileSync(join(data, OURS, 'history.sqlite'), 'this is no database, but it is somebody’s\n'.repeat(500));
  await on({ data }, async ({ world, page, actor }) => {
    await page.view('history');
    await page.appears('[data-testid=history-trouble][data-code=broken]');
    const [aside] = readdirSync(join(data, OURS)).filter((name) => name.startsWith('history.broken-'));
    assert.match(await page.text('[data-testid=history-trouble]'), new RegExp(aside.replaceAll('.', '\\.')));
    if (process.env.QUAYMASTER_PICTURES)
      await world.picture(join(process.env.QUAYMASTER_PICTURES, 'history-broken.png'));
    const server = await actor('listeners', 1, 22_300);
    await eventOf(data, server.ports[0]);
    await server.stop();
    await page.click('[data-testid=history-heard]');
    await page.disappears('[data-testid=history-trouble]');
  });
});

test('on a full disk the program goes on without, says so, and begins again when there is room', async (t) => {
  const data = newFolder();
  mkdirSync(join(data, OURS));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', join(data, OURS)], { stdio: 'pipe' });
  } catch (error) {
    return t.skip(`no small disk may be mounted here: ${error.message}`);
  }
  try {
    await on({ data }, async ({ page, actor }) => {
      const server = await actor('listeners', 1, 22_400);
      await eventOf(data, server.ports[0]);
      const filler = join(data, OURS, 'filler');
      assert.throws(() => writeFileSync(filler, Buffer.alloc(4 << 20)), /ENOSPC/);
      // What the file had room for before it may still take; so much goes nowhere.
      const many = await actor('listeners', 3_000, 10_000);
      await page.view('history');
      await page.appears('[data-testid=history-trouble][data-code=disk_full]');
      await page.view('all');
      await page.search(String(server.ports[0]));
      await page.standing('held');
      await many.stop();
      rmSync(filler);
      await page.view('history');
      // It is tried again every half minute.
      await page.disappears('[data-testid=history-trouble]');
      const later = await actor('listeners', 1, 22_410);
      await eventOf(data, later.ports[0]);
      await later.stop();
    });
  } finally {
    execFileSync('umount', ['-l', join(data, OURS)]);
  }
});

test('in a folder that may not be written the program goes on without, and says so', async (t) => {
  if (!mayBecome) return t.skip('only root can start a window as somebody else');
  ensureUser();
  const data = newFolder();
  const id = Number(execFileSync('id', ['-u', USER]).toString());
  mkdirSync(join(data, OURS));
  chmodSync(data, 0o755);
  chownSync(join(data, OURS), id, -1);
  chmodSync(join(data, OURS), 0o555);
  await on({ data, user: USER }, async ({ page, actor }) => {
    await page.view('history');
    await page.appears('[data-testid=history-trouble][data-code=unwritable]');
    const server = await actor('listeners', 1, 22_500);
    await page.view('all');
    await page.search(String(server.ports[0]));
    await page.standing('held');
  });
});
