// The window of a person without rights: every socket is there, and what the system hides is said to be hidden.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { ensureUser, mayBecome, USER } from './harness/user.mjs';
import { stage } from './harness/stage.mjs';
import { until } from './harness/patience.mjs';

if (mayBecome) {
  ensureUser();
  const show = stage({ world: { user: USER } });

  show.test('the window runs without rights', () => {
    const uid = execFileSync('stat', ['-c', '%u', `/proc/${show.world.pids[0]}`])
      .toString()
      .trim();
    assert.notEqual(uid, '0');
  });

  show.test('another user’s server is listed, its owner said to be hidden, and why', async () => {
    const server = await show.actor('server', 0);
    await show.page.search(`lport:${server.port}`);
    const hidden = (rows) => rows.length === 1 && /another user/.test(rows[0].cells.program);
    const [row] = await show.page.rowsThat('its row', hidden);
    assert.doesNotMatch(row.cells.pid, /\d/, 'no number is guessed');
    await until('the status bar counts them', async () =>
      /\b\d+\b.*another user|\b\d+\b.*other users/is.test(await show.page.text('#status-bar')),
    );
  });

  show.test('the card names no program for that port, but says that it is held', async () => {
    const server = await show.actor('server', 0);
    await show.page.search(String(server.port));
    const { text } = await show.page.standing('held');
    assert.doesNotMatch(text, new RegExp(`\\b${server.pid}\\b`));
    await show.page.cardSays(/another user/, /administrator/);
    assert.ok(
      !(await show.page.exists('[data-testid=end-program]:not([disabled])')),
      'what cannot be ended is not offered',
    );
  });
} else {
  // Ours are visible to ourselves, and we cannot become anybody else.
  const { test } = await import('node:test');
  test('the window of an ordinary user', { skip: 'only root can start a window as somebody else' }, () => {});
}
