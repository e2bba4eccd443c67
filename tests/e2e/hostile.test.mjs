// Programs with names made to do harm: they are shown as text, and nothing else happens.

import assert from 'node:assert/strict';
import { stage } from './harness/stage.mjs';
import { until } from './harness/patience.mjs';

/** What the program calls itself (the kernel keeps 15 bytes of it), and what a person reads. */
const NAMES = {
  'line feed and escape': [Buffer.from('a\nb\x1b[31mred\x07'), String.raw`a\nb\e[31mred\u{7}`],
  'right-to-left override': [Buffer.from('exe\u202Egpj.x'), String.raw`exe\u{202e}gpj.x`],
  'an element': [Buffer.from('<img src=x onx>'), '<img src=x onx>'],
  'an element that runs': [Buffer.from('<b onclick=a()>'), '<b onclick=a()>'],
  'no UTF-8': [Buffer.from([0x61, 0xff, 0xfe, 0x80, 0x62]), 'a\uFFFD\uFFFD\uFFFDb'],
  'the end of a stat line': [Buffer.from(') S 1 ('), ') S 1 ('],
};
/** Arguments and folders may be as long as they like. */
const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202E\u0007\x1b[2J';

const show = stage();

for (const [what, [name, shown]] of Object.entries(NAMES)) {
  show.test(`a program named with ${what}`, async () => {
    const actor = await show.actor('named', name.toString('base64'), MARKUP);
    const before = await strangers();
    await show.page.search(String(actor.port));
    const named = ({ cells }) => cells.pid === String(actor.pid) && cells.program.endsWith(shown);
    const [row] = await show.page.rowsThat('its row', (rows) => rows.length === 1 && named(rows[0]));
    assert.ok((await show.page.standing('held')).text.includes(shown), 'the card');
    await show.page.click(`#grid [role=row][data-id="${row.id}"] [data-column=program]`);
    await until('the panel tells of it', async () => (await show.page.text('#side-panel')).includes(String(actor.pid)));
    await until('its command line is shown as text', async () =>
      (await show.page.text('#side-panel')).includes('<img src=x onerror='),
    );
    assert.deepEqual(await strangers(), before, 'no element came out of a name');
    assert.equal(await show.session.run('return document.title'), 'Quaymaster');
    const seen = await show.page.text('body');
    // Tabs and line feeds are the layout's own.
    assert.doesNotMatch(
      seen,
      /[\0-\x08\x0B-\x1F\x7F\u202A-\u202E\u2066-\u2069]/,
      'nothing invisible is left in the text',
    );
    await actor.stop();
  });
}

/** Elements that no part of the page is made of. */
function strangers() {
  return show.session.run('return document.querySelectorAll("img, script:not([src]), b[onclick], [onerror]").length;');
}
