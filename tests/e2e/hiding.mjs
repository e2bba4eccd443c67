// A window that is closed to the tray and opened again, over and over: what all processes of it take, hidden and shown, and how
// long it takes until it shows its rows again. Measured and told, never judged. Started by hand, never by the tests.
//
// QUAYMASTER_BIN and DESK_BIN are the programs, QUAYMASTER_HIDING_CYCLES (50) says how often. Memory is each process's fair share
// (PSS), MB.

import { PATIENCE, sleep } from './harness/patience.mjs';
import { comm, descendants, memory } from './harness/processes.mjs';
import { World } from './harness/world.mjs';

const CYCLES = Number(process.env.QUAYMASTER_HIDING_CYCLES ?? 50);
/** Where the grid's first rows are. */
const ROWS = '600x120+130+60';
const DRAWN = 12;
/** Hidden or shown for so long before memory is read. */
const REST = 1_500;

const settings = '[tray]\nexplained = true\n';
const world = await World.open({ desk: true, settings, driven: false });
try {
  const seen = () => world.isSeen();
  const unseen = async () => !(await world.isSeen());
  const drawn = async () => (await world.isSeen()) && (await world.colours(ROWS).catch(() => 0)) > DRAWN;
  await soon(drawn);
  const cycles = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await sleep(REST);
    const shown = taken();
    await world.pressClose();
    await soon(unseen);
    await sleep(REST);
    const hidden = taken();
    const began = Date.now();
    await world.desk.choose('Open Quaymaster');
    await soon(seen);
    const window = Date.now() - began;
    await soon(drawn);
    cycles.push({ shown, hidden, window, rows: Date.now() - began });
    if (cycle % 10 === 0) console.log(JSON.stringify(cycles.at(-1)));
  }
  const rows = cycles.map(({ rows }) => rows).sort((one, other) => one - other);
  console.log(`first: ${JSON.stringify(cycles[1])}\nlast: ${JSON.stringify(cycles.at(-1))}`);
  console.log(`rows again after ${rows[CYCLES >> 1]} ms (median), ${rows.at(-1)} at most`);
} finally {
  await world.close();
}

/** What each process takes, and all of them. */
function taken() {
  const pids = [world.program.pid, ...descendants(world.program.pid)];
  const parts = pids.map((pid) => [comm(pid), Math.round(memory(pid).pss)]);
  return { all: parts.reduce((sum, [, pss]) => sum + pss, 0), parts: parts.map((part) => part.join(' ')).join(', ') };
}

/** Asks without a pause, for it is milliseconds that count. */
async function soon(look) {
  const end = Date.now() + PATIENCE;
  while (!(await look())) if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s\n${world.log()}`);
}
