// New listeners, told by notifications on a desktop that the test plays: the words, the answers, the silence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from './harness/leftovers.mjs';
import { sleep, until } from './harness/patience.mjs';
import { inWindow } from './harness/window.mjs';

/** A window for this test alone, which has learnt what listens. */
const on = (options, play) =>
  inWindow(options, async (scene) => {
    await scene.page.ready();
    // The first look's listeners are learnt once their programs are read.
    await sleep(1500);
    await play(scene);
  });

/** The first notice about this port, as soon as it is shown. */
const noticeOf = (desk, port) =>
  until(`there is a notice of port ${port}`, async () =>
    (await desk.do('notices')).find(({ title, body }) => `${title} ${body}`.includes(String(port))),
  );

/** What its buttons say, by what pressing them sends. */
const buttons = ({ actions }) =>
  Object.fromEntries(actions.flatMap((key, at) => (at % 2 ? [] : [[key, actions[at + 1]]])));
const keyOf = (notice, label) => Object.entries(buttons(notice)).find(([, has]) => has === label)[0];

for (const [language, title, body, show] of [
  [
    'en',
    (port) => `node started to listen on port ${port}`,
    /^Reachable from this computer only \(TCP, 127\.0\.0\.1\)\./,
    'Show',
  ],
  ['zh_CN:zh', (port) => `node 开始监听端口 ${port}`, /^可访问范围：仅本机（TCP，127\.0\.0\.1）。/, '显示'],
]) {
  test(`a new server is told at once and in order, and its button leads there (${language})`, async () => {
    await on({ desk: true, language }, async ({ world, page, desk, actor }) => {
      const server = await actor('listeners', 1, 21_000);
      const began = Date.now();
      const [port] = server.ports;
      const notice = await noticeOf(desk, port);
      console.log(`told after ${Date.now() - began} ms`);
      assert.equal(notice.title, title(port));
      assert.match(notice.body, body);
      assert.deepEqual((await desk.do('notices')).length, 1, 'and of nothing else');
      await until('the icon bears a mark', async () => (await desk.icon()).pictures[0][2] > 0);

      await desk.do('press', { notice: notice.id, key: keyOf(notice, show) });
      await until('the box has the port', async () => (await page.value('#search')) === String(port));
      await page.standing('held');
      if (process.env.QUAYMASTER_PICTURES) {
        await page.session.run("document.querySelector('[data-view=listening]').click();");
        await until('the news is listed', () =>
          page.session.run("return document.querySelector('[data-testid=news]') !== null;"),
        );
        await world.picture(join(process.env.QUAYMASTER_PICTURES, `news-${language.slice(0, 2)}.png`));
      }
    });
  });
}

test('“End…” opens the window at the question, and ends nothing by itself', async () => {
  await on({ desk: true }, async ({ page, desk, actor }) => {
    const server = await actor('listeners', 1, 21_200);
    const notice = await noticeOf(desk, server.ports[0]);
    await desk.do('press', { notice: notice.id, key: keyOf(notice, 'End…') });
    await until('it is asked', () => page.session.run("return document.querySelector('dialog[open]') !== null;"));
    await sleep(500);
    assert.ok(!server.gone);
  });
});

test('what is expected is not told after a restart, and what is not is told again', async () => {
  const data = sweep(mkdtempSync(join(tmpdir(), 'quaymaster-data-')));
  let port;
  await on({ desk: true, data }, async ({ desk, actor }) => {
    const expected = await actor('listeners', 1, 21_400);
    [port] = expected.ports;
    const notice = await noticeOf(desk, port);
    await desk.do('press', { notice: notice.id, key: keyOf(notice, 'Expected') });
    await until('the icon bears no mark', async () => (await desk.icon()).pictures[0][2] === 0);
  });
  await on({ desk: true, data }, async ({ desk, actor }) => {
    await actor('listeners', 1, port);
    const other = await actor('listeners', 1, 21_500);
    await noticeOf(desk, other.ports[0]);
    await sleep(1000);
    const told = (await desk.do('notices')).filter(({ title, body }) => `${title} ${body}`.includes(String(port)));
    assert.deepEqual(told, []);
  });
});

test('two hundred at once are one notice, and the page lists them', async () => {
  await on({ desk: true }, async ({ page, desk, actor }) => {
    const many = await actor('listeners', 200, 22_000);
    const notice = await until('a notice of many', async () => (await desk.do('notices'))[0]);
    const told = Number(/^(\d+) new listening ports$/.exec(notice.title)?.[1]);
    assert.equal(told, 200, notice.title);
    assert.match(notice.body, /^node: /);
    await sleep(3000);
    assert.equal((await desk.do('notices')).length, 1);
    await page.click('[data-view=listening]');
    await until('the page has the news', () =>
      page.session.run("return document.querySelector('[data-testid=news] h2')?.textContent.includes('200') ?? false;"),
    );
    await page.click('[data-testid=news-expect-all]');
    await until('none is left', () =>
      page.session.run("return document.querySelector('[data-testid=news]') === null;"),
    );
    await until('the icon bears no mark', async () => (await desk.icon()).pictures[0][2] === 0);
  });
});

test('without a daemon for notices the page tells it all the same', async () => {
  await on({}, async ({ page, actor }) => {
    const server = await actor('listeners', 1, 21_600);
    await page.click('[data-view=listening]');
    await until('the page has the news', () =>
      page.session.run(
        `return document.querySelector('[data-testid=news] [data-port="${server.ports[0]}"]') !== null;`,
      ),
    );
  });
});

test('a list of known listeners that is damaged is kept aside, one that cannot be written is told, until it can be', async () => {
  const data = sweep(mkdtempSync(join(tmpdir(), 'quaymaster-data-')));
  const folder = join(data, 'app.quaymaster.desktop');
  const list = join(folder, 'known-listeners.json');
  mkdirSync(folder);
  writeFileSync(list, 'no list');
  await on({ data, language: 'zh_CN:zh' }, async ({ world, page, actor }) => {
    const told = () =>
      page.session.run("return document.querySelector('[data-testid=watch-trouble]')?.dataset.code ?? null;");
    const picture = async (name) => {
      if (process.env.QUAYMASTER_PICTURES) await world.picture(join(process.env.QUAYMASTER_PICTURES, name));
    };
    await until('it is told that the list was damaged', async () => (await told()) === 'aside');
    await picture('watch-aside.png');
    const aside = readdirSync(folder).find((name) => name.startsWith('known-listeners.broken-'));
    assert.equal(readFileSync(join(folder, aside), 'utf8'), 'no list');
    await page.click('[data-testid=watch-heard]');
    await until('it is told no more', async () => (await told()) === null);

    // Nobody can put a file in the place of a folder, not even root.
    await until('what listens has been learnt', () => readdirSync(folder).includes('known-listeners.json'));
    rmSync(list);
    mkdirSync(list);
    const expectOneAt = async (port) => {
      await actor('listeners', 1, port);
      await page.click('[data-view=listening]');
      await until('there is news', () =>
        page.session.run("return document.querySelector('[data-testid=news-expect-all]') !== null;"),
      );
      await page.click('[data-testid=news-expect-all]');
    };
    await expectOneAt(21_700);
    await until('it is told that the list cannot be written', async () => (await told()) === 'unwritten');
    await picture('watch-unwritten.png');
    rmSync(list, { recursive: true });
    await expectOneAt(21_800);
    await until('it is over', async () => (await told()) === null);
    assert.match(readFileSync(list, 'utf8'), /"port":2170\d/);
  });
});
