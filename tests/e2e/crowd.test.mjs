// Ten thousand sockets: the window stays whole, the page stays small, and so does what is sent to it.

import assert from 'node:assert/strict';
import { stage } from './harness/stage.mjs';
import { until } from './harness/patience.mjs';

const PROCESSES = 5;
const EACH = 2_001;
/** What a frame may weigh, and the elements that the page may hold however long the table is. */
const FRAME = 100 * 1024;
const ELEMENTS = 5_000;

const show = stage();
const crowds = [];

show.test('ten thousand sockets are all counted', async () => {
  for (let i = 0; i < PROCESSES; i++) crowds.push(await show.actor('crowd', EACH));
  const sockets = crowds.reduce((sum, crowd) => sum + crowd.sockets, 0);
  assert.ok(sockets >= 10_000);
  await until('the table holds them', async () => (await frame()).total >= sockets);
});

show.test('it scrolls to its end and back', async () => {
  const scroller = `const grid = document.querySelector('#grid');
    const scroller = [grid, ...grid.querySelectorAll('*'), grid.parentElement]
      .find((element) => element.scrollHeight > element.clientHeight + 1000);`;
  const first = (await show.page.rows())[0].id;
  await show.session.run(`${scroller} scroller.scrollTop = scroller.scrollHeight;`);
  await show.page.rowsThat('other rows at the end', (rows) => rows.length > 5 && rows.every((row) => row.id !== first));
  assert.ok((await elements()) < ELEMENTS);
  await show.session.run(`${scroller} scroller.scrollTop = 0;`);
  await show.page.rowsThat('the top again', (rows) => rows.length > 5);
});

show.test('it sorts and filters', async () => {
  const crowd = crowds.at(-1);
  await show.page.search(`lport:${crowd.port} state:listen`);
  await show.page.rowsThat('one listener', (rows) => rows.length === 1 && rows[0].cells.pid === String(crowd.pid));
  await show.page.search(`pid:${crowd.pid} state:established`);
  await until(
    'its connections',
    async () =>
      (await show.page.text('#status-bar')) !== '' &&
      (await frame({ filter: `pid:${crowd.pid} state:established` })).matched === crowd.sockets - 1,
  );
  const HEADER = '#grid [role=columnheader][data-column=remote_port]';
  await show.page.click(`${HEADER} button`);
  const sort = await until('sorted', () =>
    show.page.attribute(HEADER, 'aria-sort').then((sort) => sort !== 'none' && sort),
  );
  await show.page.rowsThat('in order', (rows) => {
    const ports = rows.map((row) => Number(row.cells.remote_port));
    return (
      ports.length > 5 &&
      ports.every((port, i) => i === 0 || (sort === 'ascending' ? ports[i - 1] <= port : ports[i - 1] >= port))
    );
  });
});

show.test('a frame is small, and so is the page', async (context) => {
  const weight = await show.session.promise(
    `${REQUEST}
    const frame = await window.__TAURI_INTERNALS__.invoke('next_frame', { request: { ...request, count: 60 } });
    return new TextEncoder().encode(JSON.stringify(frame)).length;`,
    {},
  );
  context.diagnostic(`a frame of 60 lines: ${Math.round(weight / 1024)} KB; elements in the page: ${await elements()}`);
  assert.ok(weight <= FRAME, `${weight} bytes`);
  assert.ok((await elements()) < ELEMENTS);
});

const REQUEST = `const request = { after: null, scope: 'all', filter: '', sort: { column: 'program', descending: false },
  group: false, folded: [], first: 0, count: 1, hold: false, port: null, detail: null, traffic: false, locate: null, ...args[0] };`;

function frame(wish = {}) {
  return show.session.promise(
    `${REQUEST}
    const { total, matched } = await window.__TAURI_INTERNALS__.invoke('next_frame', { request });
    return { total, matched };`,
    wish,
  );
}

const elements = () => show.session.run('return document.querySelectorAll("*").length;');
