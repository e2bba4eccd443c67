// The desktop around the window: the icon in the tray and its menu, what closing does, and the program started twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep, until } from './harness/patience.mjs';
import { Actor } from './harness/actors.mjs';
import { inWindow } from './harness/window.mjs';

const seen = (world) => until('the window is on the screen', () => world.isSeen());
const unseen = (world) => until('the window is off the screen', async () => !(await world.isSeen()));
const settingsOf = (world) => readFileSync(join(world.home, 'config/app.quaymaster.desktop/settings.toml'), 'utf8');
const over = (world) => until('the program has ended', () => world.isOver);

/** Closes the window for the first time, and leaves the program in the tray. */
async function closeToTray({ world, page }) {
  await world.pressClose();
  await page.click('[data-testid=closing-stay]');
  await unseen(world);
}

test('the tray names the listening ports, and a port in its menu opens its card', async () => {
  // Before the window: what is there at its first look is no news, and the icon bears no mark.
  const server = await Actor.start('server', 0);
  try {
    await inWindow({ desk: true }, portsInTheTray);
  } finally {
    await server.stop();
  }
});

async function portsInTheTray({ world, page, desk }) {
  await page.ready();
  const icon = await desk.icon();
  assert.equal(icon.status, 'Active');
  assert.deepEqual(icon.pictures, [[64, 64, 0]], 'the picture without a mark');
  assert.match(icon.tooltip.join(' '), /Quaymaster.*listening port.*connection/s);
  const labels = await desk.menu();
  assert.deepEqual(labels.slice(0, 2), ['Open Quaymaster', 'Who holds port…?']);
  assert.deepEqual(labels.slice(-2), ['Pause', 'Quit Quaymaster']);

  const inMenu = labels.find((label) => / · /.test(label ?? ''));
  assert.ok(inMenu, JSON.stringify(labels));
  const [port, program] = inMenu.split(' · ');
  await desk.choose(inMenu);
  await until('the box has the port', async () => (await page.value('#search')) === port);
  await page.standing('held');
  await page.cardSays(program.includes('…') ? program.slice(0, 20) : program.split(' ')[0]);
  assert.ok(await world.isSeen());

  await desk.choose('Who holds port…?');
  await until('the box is empty and has the focus', () =>
    page.session.run("return document.activeElement?.id === 'search' && document.activeElement.value === '';"),
  );
}

test('pausing in the tray pauses the window, and the menu follows the window', async () => {
  await inWindow({ desk: true }, async ({ page, desk }) => {
    await page.ready();
    await desk.choose('Pause');
    await desk.menuHas('Go on');
    await page.session.press('p', ['\uE009']);
    await desk.menuHas('Pause');
  });
});

test('closing is explained once, leaves the program in the tray, and its menu ends it', async () => {
  await inWindow({ desk: true }, async ({ world, page, desk }) => {
    await page.ready();
    await desk.icon();
    await world.pressClose();
    await page.appears('#closing-dialog[open]');
    assert.match(await page.text('#closing-dialog'), /goes on in the tray/);
    assert.ok(await world.isSeen(), 'nothing is closed before it is understood');
    await page.click('[data-testid=closing-stay]');
    await unseen(world);
    assert.ok(!world.isOver);
    await until('nothing is asked for a window that nobody sees', () => page.session.run('return document.hidden;'));

    await desk.choose('Open Quaymaster');
    await seen(world);
    await page.ready();
    await world.pressClose();
    await unseen(world);
    await desk.click();
    await seen(world);
    assert.match(settingsOf(world), /^explained = true$/m);
    assert.doesNotMatch(settingsOf(world), /^close_to_tray = false$/m);

    await desk.choose('Quit Quaymaster');
    await over(world);
  });
});

test('who would rather quit quits, now and the next time', async () => {
  await inWindow({ desk: true }, async ({ world, page, desk }) => {
    await page.ready();
    await desk.icon();
    await world.pressClose();
    await page.click('[data-testid=closing-quit]');
    await over(world);
    assert.match(settingsOf(world), /^close_to_tray = false$/m);
  });
});

for (const [what, options] of [
  ['a tray', { desk: true, tray: false }],
  ['any desktop', {}],
]) {
  test(`without ${what}, closing is explained once and quits`, async () => {
    await inWindow(options, async ({ world, page }) => {
      await page.ready();
      await world.pressClose();
      await page.appears('#closing-dialog[open]');
      assert.match(await page.text('#closing-dialog'), /shows no tray/);
      await page.click('[data-testid=closing-quit]');
      await over(world);
      assert.match(settingsOf(world), /^explained_without_tray = true$/m);
    });
  });
}

test('without a tray, who rather has it minimised has it minimised, now and the next time', async () => {
  await inWindow({ desk: true, tray: false, language: 'zh_CN:zh' }, async ({ world, page, desk, actor }) => {
    await page.ready();
    await world.pressClose();
    await page.appears('#closing-dialog[open]');
    if (process.env.QUAYMASTER_PICTURES) {
      await sleep(500);
      await world.picture(join(process.env.QUAYMASTER_PICTURES, 'closing-trayless.png'));
    }
    await page.click('[data-testid=closing-stay]');
    await unseen(world);
    const server = await actor('listeners', 1, 21_900);
    await until('it is told all the same', async () =>
      (await desk.do('notices')).some(({ title }) => title.includes(String(server.ports[0]))),
    );
    assert.equal((await world.startAgain()).code, 0);
    await seen(world);
    await world.pressClose();
    await unseen(world);
    assert.ok(!world.isOver);
    // A tray that comes is another matter, and is explained.
    await desk.tray(true);
    await desk.choose(await desk.menu().then(([open]) => open));
    await seen(world);
    await world.pressClose();
    await page.appears('#closing-dialog[open]');
  });
});

test('a tray that comes late is used, and one that is started anew has the icon again', async () => {
  await inWindow({ desk: true, tray: false }, async ({ world, page, desk }) => {
    await page.ready();
    await sleep(1000);
    await desk.tray(true);
    await desk.menuHas('Open Quaymaster');
    await desk.tray(false);
    await desk.tray(true);
    assert.equal((await desk.icon()).icons, 1);
    await closeToTray({ world, page });
    await desk.choose('Open Quaymaster');
    await seen(world);
  });
});

test('a window that was left to a tray that has gone for good comes back', async () => {
  await inWindow({ desk: true }, async ({ world, page, desk }) => {
    await page.ready();
    await desk.icon();
    await closeToTray({ world, page });
    await desk.tray(false);
    await seen(world);
    await world.pressClose();
    await page.click('[data-testid=closing-quit]');
    await over(world);
  });
});

test('a second start shows the first, with the port that it was given', async () => {
  await inWindow({ desk: true }, async ({ world, page, desk }) => {
    await page.ready();
    await desk.icon();
    await closeToTray({ world, page });
    const again = await world.startAgain('7897');
    assert.equal(again.code, 0);
    await seen(world);
    await until('the box has the port', async () => (await page.value('#search')) === '7897');
    await page.standing('free', 'held', 'client_port', 'lingering');
    // As the system starts it: there is one already, and nobody asked to see it.
    await world.pressClose();
    await unseen(world);
    assert.equal((await world.startAgain('--hidden')).code, 0);
    await sleep(500);
    assert.ok(!(await world.isSeen()));
    assert.equal((await world.startAgain()).code, 0);
    await seen(world);
  });
});

test('a first start is given a port, too', async () => {
  await inWindow({ desk: true, args: ['7897'] }, async ({ page }) => {
    await until('the box has the port', async () => (await page.value('#search')) === '7897');
    await page.standing('free', 'held', 'client_port', 'lingering');
  });
});

test('started with the system, it is in the tray and nowhere else', async () => {
  await inWindow({ desk: true, args: ['--hidden'] }, async ({ world, page, desk }) => {
    await desk.icon();
    await sleep(1000);
    assert.ok(!(await world.isSeen()));
    await desk.click();
    await seen(world);
    await page.ready();
  });
});

test('the system’s own list of starts follows the setting', async () => {
  await inWindow({ desk: true }, async ({ world, page }) => {
    await page.ready();
    const entry = join(world.home, '.config/autostart/Quaymaster.desktop');
    const start = (wanted) =>
      page.session.promise(
        `const { settings } = await window.__TAURI_INTERNALS__.invoke('load_settings');
         settings.tray.start_with_system = args[0];
         await window.__TAURI_INTERNALS__.invoke('save_settings', { settings });`,
        wanted,
      );
    assert.ok(!existsSync(entry));
    await start(true);
    assert.match(readFileSync(entry, 'utf8'), /^Exec="\/.*" --hidden$/m);
    await start(false);
    assert.ok(!existsSync(entry));
  });
});

test('size and place of the window are there again the next time', async () => {
  await inWindow({}, async ({ world, page }) => {
    await page.ready();
    await page.session.resize(900, 600);
    await until('it is as wide as wished', async () => (await page.session.run('return innerWidth;')) === 900);
    await world.pressClose();
    await page.click('[data-testid=closing-quit]');
    await over(world);
    const kept = JSON.parse(readFileSync(join(world.home, 'config/app.quaymaster.desktop/.window-state.json'), 'utf8'));
    assert.equal(kept.main.width, 900);
  });
});
