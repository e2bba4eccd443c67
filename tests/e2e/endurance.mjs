// A window that stands open: what its processes take, and whether that grows, while thousands of sockets come and go and a
// person does something now and then. Measured and told, never judged. Started by hand or by a chore, never by the tests.
//
// QUAYMASTER_BIN and CROWD_BIN are the programs, QUAYMASTER_ENDURANCE_MINUTES (30) says for how long,
// QUAYMASTER_ENDURANCE_SOCKETS (10 000) among how many sockets. The last line is everything once more, as JSON. A process's fair share of memory (PSS) falls while
// another WebKit window is open, and rises when that closes: what is resident does not.

import { dirname, join } from 'node:path';
import { Crowd } from './harness/crowd.mjs';
import { Ledger, share } from './harness/ledger.mjs';
import { sleep, until } from './harness/patience.mjs';
import { Person, scroll } from './harness/person.mjs';
import { started } from './harness/start.mjs';

const MINUTES = Number(process.env.QUAYMASTER_ENDURANCE_MINUTES ?? 30);
const SOCKETS = Number(process.env.QUAYMASTER_ENDURANCE_SOCKETS ?? 10_000);
/** Sockets that are closed and opened each second. */
const CHURN = 250;
const NOTE_EVERY = 10_000;
/** Notes between two things that the person does. */
const IDLE_NOTES = 3;
/** What is not counted yet: caches fill, and the script engine warms up. */
const WARM = Math.min(120_000, 6_000 * MINUTES);
const STARTS = 3;
const HIDDEN_SECONDS = 30;

const told = (number, digits = 1) => number.toFixed(digits);

const crowd = await Crowd.gather(SOCKETS);
const figures = { minutes: MINUTES, sockets: SOCKETS, churn: CHURN };
try {
  figures.starts = await starts();
  const { world, page } = await started();
  try {
    crowd.churn(CHURN);
    await settle(page);
    figures.scrolling = await scrolling(page);
    const before = await nodes(page);
    figures.processes = await endure(world, page, new Ledger(world.pids[0]));
    figures.nodes = { before, after: await nodes(page) };
    figures.hidden = await hidden(world, page);
  } finally {
    await crowd.rest();
    await world.close();
  }
} finally {
  await crowd.go();
}
tell(figures);
console.log(JSON.stringify(figures));

/** Seconds from a process's start to its first rows, the crowd being there. */
async function starts() {
  const seconds = [];
  for (let start = 0; start < STARTS; start += 1) {
    const { world, seconds: taken } = await started();
    seconds.push(Math.round(taken * 100) / 100);
    await world.close();
  }
  return seconds;
}

/** All sockets are counted, and a row is selected: its details are asked for from now on, too. */
async function settle(page) {
  await until('all are counted', async () => {
    const counted = Number((await page.text('#status-bar .counts')).replaceAll(/\D/g, ''));
    return counted >= SOCKETS * 0.9;
  });
  await page.click('#grid [role=row][data-id] [data-column=program]');
}

/** Milliseconds between two frames of the page, while it is scrolled by a few rows a frame and through the whole list. */
async function scrolling(page) {
  const measured = {};
  for (const [name, steps, pixels] of [
    ['rows', 120, 90],
    ['list', 60, (SOCKETS * 24) / 60],
  ]) {
    await toTop(page);
    const times = (await scroll(page.session, steps, pixels)).sort((a, b) => a - b);
    const at = (part) => Math.round(10 * times[Math.floor((times.length - 1) * part)]) / 10;
    measured[name] = { median: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
  await toTop(page);
  return measured;
}

async function toTop(page) {
  await page.session.run("document.querySelector('#grid').scrollTop = 0;");
  await sleep(1000);
}

/** Notes what is taken until the time is over. What the person finds no way to do is told, with a picture, and left. */
async function endure(world, page, ledger) {
  const person = new Person(page);
  const leave = async (error) => {
    console.log(`left undone: ${error.message}`);
    const file = join(dirname(process.env.QUAYMASTER_BIN), '..', 'endurance.png');
    await world.picture(file).then(() => console.log(`the window then: ${file}`), console.log);
  };
  const end = Date.now() + MINUTES * 60_000;
  ledger.note();
  for (let next = Date.now() + NOTE_EVERY; next <= end; next += NOTE_EVERY) {
    await sleep(next - Date.now());
    const now = ledger.note();
    const parts = Object.keys(ledger.parts);
    const line = parts.map((part) => {
      const used = share(part, ledger.notes.at(-2), now);
      return `${part} ${told(now[part].pss)} MB (${told(now[part].rss)} resident) ${told(used)} %`;
    });
    console.log(`${told((now.at - ledger.notes[0].at) / 60_000)} min: ${line.join(', ')}`);
    if (ledger.notes.length % IDLE_NOTES === 0) await person.act().catch(leave);
  }
  return ledger.summary(WARM);
}

/** How many elements and texts the page has. */
function nodes(page) {
  return page.session.run(`const all = document.createNodeIterator(document, NodeFilter.SHOW_ALL);
    let count = 0;
    while (all.nextNode()) count += 1;
    return count;`);
}

/** Per cent of a core while the window is minimised. */
async function hidden(world, page) {
  await world.minimise();
  await until('the page is hidden', () => page.session.run('return document.hidden;'));
  // The engine goes on for some seconds until it takes it that nobody looks.
  await sleep(10_000);
  const ledger = new Ledger(world.pids[0]);
  const [from, to] = [ledger.note(), await sleep(HIDDEN_SECONDS * 1000).then(() => ledger.note())];
  await world.restore();
  await until('the page is seen again', () => page.session.run('return !document.hidden;'));
  await page.ready();
  return Object.fromEntries(
    Object.keys(ledger.parts).map((part) => [part, Math.round(100 * share(part, from, to)) / 100]),
  );
}

function tell({ starts, scrolling, processes, nodes, hidden }) {
  console.log(
    `first rows ${starts.map((start) => told(start, 2)).join(', ')} s after the start, with ${SOCKETS} sockets`,
  );
  for (const [name, { median, p95, p99 }] of Object.entries(scrolling))
    console.log(`scrolling by ${name}: a frame each ${median}/${p95}/${p99} ms (50/95/99 %)`);
  for (const [part, { pss, rss, cpu, quiet }] of Object.entries(processes)) {
    const grown = ({ start, end, slope }) => `${told(start)} → ${told(end)} MB (${told(slope)} MB an hour)`;
    console.log(
      `${part}: ${grown(pss)} its share, ${grown(rss)} resident, ${told(cpu)} % of a core (${told(quiet)} % at rest), ${told(hidden[part] ?? 0, 2)} % hidden`,
    );
  }
  console.log(`nodes in the page: ${nodes.before} → ${nodes.after}`);
}
