// The other half of networks.test.mjs, inside its namespaces.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Actor } from '../harness/actors.mjs';
import { loopbackUp } from '../harness/demo.mjs';
import { Page } from '../harness/page.mjs';
import { until } from '../harness/patience.mjs';
import { World } from '../harness/world.mjs';

const run = promisify(execFile);
const BUSY = new URL('../actors/busy.mjs', import.meta.url).pathname;

/** What the file of networks says of these, and how the address is shown. */
const ENDS = {
  '223.5.5.5': [/^Alibaba/, 'CN'],
  '8.8.8.8': [/^Google/, 'US'],
  '223.109.175.205': [/^China Mobile/, 'CN'],
  '2400:3200::1': [/^Hangzhou Alibaba/, 'CN'],
};
const SPECIAL = { '192.168.7.1': 'your_network', '198.18.0.7': 'proxy_fake', '127.0.0.1': 'this_computer' };
const WORDS = {
  en: { registered: 'Registered in China (CN)', estimate: 'An estimate', this_computer: 'This computer' },
  'zh-CN': { registered: '注册于 中国 (CN)', estimate: '估计', this_computer: '本机' },
};

loopbackUp();
const addresses = [...Object.keys(ENDS), ...Object.keys(SPECIAL)].filter((address) => address !== '127.0.0.1');
for (const address of addresses) {
  const length = address.includes(':') ? 128 : 32;
  execFileSync('ip', ['addr', 'add', `${address}/${length}`, 'dev', 'lo', ...(length === 128 ? ['nodad'] : [])]);
}
const live = (life) => Actor.of(process.execPath, [BUSY], { env: { ...process.env, LIFE: JSON.stringify(life) } });
const server = await live({ listen: [['::', 443]] });
const client = await live({ connect: [...addresses, '127.0.0.1'].map((address) => [address, 443, 1]) });
const world = await World.open();
try {
  await play(world, new Page(world.session));
} finally {
  await world.close();
  await Promise.all([server.stop(), client.stop()]);
}

async function play(world, page) {
  const mine = `pid:${client.pid}`;
  await page.ready();
  await page.search(mine);
  const rows = await page.rowsThat('the connections', (rows) => rows.length === addresses.length + 1);
  for (const [address, [organisation]] of Object.entries(ENDS)) {
    const row = rows.find(({ cells }) => cells.remote_address === address);
    assert.match(row?.cells.organisation ?? '', organisation, address);
  }

  // Every address here is this computer's: both ends are known.
  assert.deepEqual([...new Set(rows.map(({ cells }) => cells.peer))], ['node']);
  await page.search(`pid:${server.pid} state:established peer:node`);
  await page.rowsThat('the other ends', (others) => others.length === rows.length);
  await page.search(`pid:${server.pid} state:listen`);
  await page.rowsThat('a listener has no other end', ([one, ...more]) => one?.cells.peer === '' && more.length === 0);

  await page.search(`${mine} org:google`);
  await page.rowsThat('one of Google', (rows) => rows.length === 1);
  await page.search(`${mine} country:cn`);
  await page.rowsThat('three in China', (rows) => rows.length === 3);
  await page.search(`${mine} alibaba`);
  await page.rowsThat('two of Alibaba', (rows) => rows.length === 2);
  await page.search(`${mine} org:as45102`);
  const [alibaba] = await page.rowsThat('one system', (rows) => rows.length === 1);

  for (const language of ['en', 'zh-CN']) {
    await page.view('settings');
    await page.choose('#setting-language', language);
    await until('the language', async () => (await page.attribute('html', 'lang')) === language);
    await page.view('all');
    await page.search(mine);
    const again = await page.rowsThat('the connections', (rows) => rows.length === addresses.length + 1);
    const { registered, estimate, this_computer } = WORDS[language];
    const local = again.find(({ cells }) => cells.remote_address === '127.0.0.1');
    assert.equal(local?.cells.organisation, this_computer);
    await page.click(`#grid [role=row][data-id="${alibaba.id}"] [data-column=program]`);
    await until('the panel names the network', async () => {
      const text = await page.text('#side-panel');
      return ['Alibaba', 'AS45102', registered, estimate].every((words) => text.includes(words));
    });
    if (process.env.QUAYMASTER_PICTURES)
      await world.picture(`${process.env.QUAYMASTER_PICTURES}/networks-${language}.png`);
  }

  const { stdout } = await run(process.env.QUAY_BIN, ['list', '--json', 'country:us', mine]);
  const { sockets } = JSON.parse(stdout);
  assert.deepEqual(
    sockets.map(({ remote_address, remote_whose }) => [remote_address, remote_whose.asn, remote_whose.country]),
    [['8.8.8.8', 15169, 'US']],
  );
  console.log(`${rows.length} connections, ${Object.keys(ENDS).length} with their organisation`);
}
