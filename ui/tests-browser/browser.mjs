// The page in Debian's Chromium, on the scripted computer: its own server, its own profile, its faults collected.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser() {
  const server = await createServer({ mode: 'fake', logLevel: 'error', server: { port: 0, strictPort: false } });
  await server.listen();
  const executablePath = process.env.CHROMIUM ?? PROGRAMS.find(existsSync);
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args: [...QUIET, ...sandbox] });
  const address = server.resolvedUrls.local[0];
  return {
    /** A window on the page; `wish` is what the scripted computer is told. */
    async open(wish = {}) {
      const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(`${address}?${new URLSearchParams(wish)}`);
      await page.waitForSelector('#grid [data-id]', { timeout: 60_000 });
      return { page, faults };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Ids of the rows, from top to bottom. */
export const ids = (page) =>
  page.$$eval('#grid [role=row][data-id]', (rows) =>
    rows
      .map((row) => ({ id: row.dataset.id, top: row.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ id }) => id),
  );

/** Until `wanted` holds of what `read` gives. */
export async function until(what, read, wanted) {
  const end = Date.now() + 30_000;
  for (;;) {
    const seen = await read();
    if (wanted(seen)) return seen;
    if (Date.now() > end) throw new Error(`never: ${what}; last seen: ${JSON.stringify(seen).slice(0, 500)}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}
