// Programs that do not simply go: one that is started anew at once, and one that overhears a polite request.

import assert from 'node:assert/strict';
import { alive } from './harness/processes.mjs';
import { stage } from './harness/stage.mjs';

const show = stage();

show.test('a server that its supervisor starts anew: the port is held again, by a new process', async () => {
  const supervisor = await show.actor('supervisor');
  await show.page.search(String(supervisor.port));
  await show.page.standing('held');
  await show.page.endFromCard();
  const { fate, text } = await show.page.fate();
  const { server: successor } = await supervisor.next();
  assert.equal(fate, 'held', text);
  assert.notEqual(successor, supervisor.server);
  assert.match(text, new RegExp(`\\b${successor}\\b`), 'the new process is named');
  assert.ok(!alive(supervisor.server));
  await show.page.click('[data-testid=end-close]');
  await show.page.standing('held');
  await show.page.cardSays(successor);
});

show.test('a server that overhears SIGTERM: force is offered, and ends it', async () => {
  const server = await show.actor('server', 0, 'stubborn');
  await show.page.search(String(server.port));
  await show.page.standing('held');
  await show.page.endFromCard();
  assert.deepEqual(await server.next(), { overheard: 'SIGTERM' }, 'it was asked politely first');
  await show.page.appears('[data-testid=end-force]');
  assert.ok(alive(server.pid), 'nothing is forced without being asked for');
  await show.page.click('[data-testid=end-force]');
  const { fate, text } = await show.page.fate();
  assert.equal(fate, 'released', text);
  assert.ok(!alive(server.pid));
  await show.page.click('[data-testid=end-close]');
  await show.page.standing('free');
});
