// The installed program, started as the desktop would start it: by the Exec line of its desktop entry. Sees the grid,
// tells how long that took, and saves a picture.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { sleep } from './harness/patience.mjs';
import { started } from './harness/start.mjs';

/** Starts that are timed. The first one after an installation reads everything from the disk. */
const STARTS = 4;

const [, , entry, picture] = process.argv;
const [program, ...args] = command(entry);
assert.deepEqual(args, [], 'the entry starts the program with nothing but its name');
process.env.QUAYMASTER_BIN = inPath(program);

const times = [];
for (let start = 1; start <= STARTS; start++) {
  const { world, page, seconds } = await started();
  try {
    times.push(seconds);
    if (start < STARTS) continue;
    await look(page);
    // What was found is still being read: names come a moment after the rows.
    await sleep(2000);
    await world.picture(picture);
  } finally {
    await world.close();
  }
}
const told = times.map((time) => time.toFixed(2)).join(', ');
console.log(`${process.env.QUAYMASTER_BIN}: the first rows were there ${told} s after its start`);

/** The installed program does what it is for: a port that this very script listens on is answered with its holder. */
async function look(page) {
  const rows = await page.rows();
  assert.ok(
    rows.every((row) => /^(TCP|UDP)/.test(row.cells.protocol)),
    'every row is a socket',
  );
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await page.search(String(port));
  await page.standing('held');
  await page.cardSays(String(process.pid));
  await page.search('');
  await page.ready();
  server.close();
}

/** The words of the entry's Exec line, without the codes that stand for files (there are none to open). */
function command(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const group = lines.slice(lines.indexOf('[Desktop Entry]') + 1);
  const exec = group.find((line) => line.startsWith('Exec='));
  assert.ok(exec, `${file} starts nothing`);
  assert.doesNotMatch(exec, /["\\$`]/, 'nothing in it has to be quoted');
  return exec
    .slice('Exec='.length)
    .split(' ')
    .filter((word) => word !== '' && !/^%[a-zA-Z]$/.test(word));
}

/** The file that a name stands for. */
function inPath(name) {
  for (const folder of process.env.PATH.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next one, then.
    }
  }
  throw new Error(`${name} is not in the path`);
}
