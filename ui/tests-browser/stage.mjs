/** The page in Chromium, on a scripted computer: one server and one browser for a test file, a fresh page for a test. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { build, createServer, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Nothing but the page is wanted of it; without a network it would ask for its maker's hosts again and again. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** `built`: the page as it is shipped, without what the framework checks while one develops. What is measured is that. */
export function stage({ built = false } = {}) {
  let server;
  let browser;
  let folder;
  let address;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quaymaster-page-'));
    server = await (built ? shipped(join(folder, 'dist')) : asWritten());
    address = `http://127.0.0.1:${server.httpServer.address().port}/`;
    const executablePath = BROWSERS.find((path) => path && existsSync(path));
    browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath,
      args: QUIET,
      headless: true,
    });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A test with a page of its own; a word of the page's on its console fails it. */
  return function onPage(name, wishes, body) {
    test(name, { timeout: 60_000 }, async (context) => {
      const page = await browser.newPage();
      const complaints = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.stack));
      const { width = 1100, height = 720, ...like } = wishes;
      try {
        await page.setViewportSize({ width, height });
        await page.goto(`${address}?${new URLSearchParams(like)}`);
        await page.waitForSelector('#grid [data-id]', { timeout: 60_000 });
        await body(page, context);
        assert.deepEqual(complaints, []);
      } finally {
        await page.close();
      }
    });
  };
}

const HOST = { root: ROOT, mode: 'fake', logLevel: 'error' };
const DOOR = { port: 0, strictPort: false };

async function asWritten() {
  const server = await createServer({ ...HOST, server: DOOR });
  return server.listen();
}

async function shipped(outDir) {
  await build({ ...HOST, build: { outDir } });
  return preview({ ...HOST, build: { outDir }, preview: { ...DOOR, host: '127.0.0.1' } });
}

/** The rows in the document, in their order on the screen, with their ids and whether they are selected. */
export function rows(page) {
  return page.$$eval('#grid [role=row][data-id]', (elements) =>
    elements
      .map((row) => ({
        id: Number(row.dataset.id),
        line: Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')) - 2,
        top: row.getBoundingClientRect().top,
        selected: row.getAttribute('aria-selected') === 'true',
        mark: ['new', 'changed', 'closed'].find((mark) => row.classList.contains(mark)) ?? 'steady',
        cells: Object.fromEntries(
          [...row.querySelectorAll('[data-column]')].map((cell) => [
            cell.dataset.column,
            cell.querySelector('bdi').textContent,
          ]),
        ),
      }))
      .sort((a, b) => a.top - b.top),
  );
}

/** Rows between the header and the lower edge. */
export async function inSight(page) {
  const { top, bottom } = await page.$eval('#grid', (grid) => {
    const box = grid.getBoundingClientRect();
    return { top: box.top + 24, bottom: box.top + grid.clientHeight };
  });
  return (await rows(page)).filter((row) => row.top >= top - 1 && row.top + 24 <= bottom + 1);
}

/** Lets the scripted computer look `times` times, each look shown. */
export async function looks(page, times = 1) {
  for (let look = 0; look < times; look += 1) {
    const before = await page.evaluate(() => window.computer.asked);
    await page.evaluate(() => window.computer.tick());
    await page.waitForFunction((asked) => window.computer.asked > asked, before);
    await settled(page);
  }
}

/** Until what was asked for is drawn. */
export async function settled(page) {
  await page.evaluate(
    () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120)),
  );
}

/** Until `wanted` of the rows is true; they are handed back. */
export async function rowsThat(page, what, wanted) {
  const end = Date.now() + 20_000;
  for (;;) {
    const now = await rows(page);
    if (wanted(now)) return now;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(now.slice(0, 4))}, ${now.length} in all`);
    await settled(page);
  }
}

/** No violation that axe calls serious or critical. */
export async function accessible(page, context, where) {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const violations = await page.evaluate(
    async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations,
  );
  const told = violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    where: nodes.map(({ html }) => html.slice(0, 160)),
  }));
  const grave = told.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  told
    .filter((one) => !grave.includes(one))
    .forEach(({ id, impact }) => context.diagnostic(`${where}: ${impact} ${id}`));
  assert.deepEqual(grave, [], where);
}
