// What the window costs while it is open and nothing much happens. Measured and told, never judged: the machine is
// shared, and a limit on time would fail by chance.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { comm, descendants, memory, ticks } from './harness/processes.mjs';
import { sleep } from './harness/patience.mjs';
import { stage } from './harness/stage.mjs';

const SECONDS = 20;
const TICK_MS = 10;

const show = stage();

show.test('the cost of an open window with a few hundred sockets', async (context) => {
  const crowd = await show.actor('crowd', 301);
  await show.page.rowsThat('rows', (rows) => rows.length > 10);
  await sleep(5_000);
  const [app] = show.world.pids;
  const pids = [app, ...descendants(app)];
  const before = pids.map(ticks);
  await sleep(SECONDS * 1000);
  const used = pids.map((pid, i) => ((ticks(pid) - before[i]) * TICK_MS) / (SECONDS * 10));
  const sockets = ['tcp', 'tcp6', 'udp', 'udp6'].reduce((sum, table) => sum + lines(`/proc/net/${table}`), 0);
  context.diagnostic(`${sockets} sockets, one look a second, ${SECONDS} s, window visible:`);
  pids.forEach((pid, i) => {
    const { rss, pss } = memory(pid);
    context.diagnostic(
      `${comm(pid).padEnd(16)} ${used[i].toFixed(2)} % of a core, ${rss.toFixed()} MB resident, ${pss.toFixed()} MB its share`,
    );
  });
  assert.ok(crowd.sockets > 300);
  assert.ok(pids.length >= 3, 'the window, its page and its network process');
});

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n').length - 1;
