// The main job: type a port, see who holds it, end it, and read what became of the port.

import assert from 'node:assert/strict';
import { alive } from './harness/processes.mjs';
import { stage } from './harness/stage.mjs';
import { KEY } from './harness/webdriver.mjs';

const show = stage();

show.test('a port that nobody holds is said to be free', async () => {
  const server = await show.actor('server', 0);
  await server.stop();
  await show.page.search(String(server.port));
  const card = await show.page.standing('free');
  assert.match(card.text, new RegExp(server.port));
});

show.test('the holder of a port is named, with its client, and ended; the client lives', async () => {
  const server = await show.actor('server', 0);
  const client = await show.actor('client', server.port);
  await show.page.search(String(server.port));
  await show.page.standing('held');
  await show.page.cardSays(/node/, server.pid, client.pid);

  await show.page.askToEnd();
  assert.match(await show.page.text('#end-dialog'), new RegExp(`\\b${server.pid}\\b`), 'the dialog says what will go');
  assert.ok(alive(server.pid), 'nothing is ended before it is confirmed');
  await show.page.click('#end-dialog [data-testid=end-confirm]');
  const { fate, text } = await show.page.fate();
  assert.ok(['released', 'time_wait'].includes(fate), `${fate}: ${text}`);
  assert.ok(!alive(server.pid), 'the server is really gone');
  assert.ok(alive(client.pid), 'who was only connected lives on');
  await show.page.click('[data-testid=end-close]');
  await show.page.standing('free', 'lingering');
});

show.test('a client’s own port is not taken for a server’s', async () => {
  const server = await show.actor('server', 0);
  const client = await show.actor('client', server.port);
  await show.page.search(String(client.local));
  await show.page.standing('client_port');
  await show.page.cardSays(client.pid);
});

show.test('closing the dialog instead of confirming ends nothing', async () => {
  const server = await show.actor('server', 0);
  await show.page.search(String(server.port));
  await show.page.standing('held');
  await show.page.askToEnd();
  await show.session.press([KEY.escape]);
  await show.page.disappears('#end-dialog[open]');
  assert.ok(alive(server.pid));
  assert.equal((await show.page.standing('held')).standing, 'held');
});
