import { expect, test } from 'vitest';
import { NOON } from '../../tests-browser/fake/cast';
import { ScriptedPast } from '../../tests-browser/fake/past';
import { Timeline } from './timeline.svelte';

/** A timeline over so many events; time passes when the test says so. */
function stage(count: number) {
  const past = new ScriptedPast(count);
  const pauses: (() => void)[] = [];
  const timeline = new Timeline(
    { listHistory: (request) => past.list(request, NOON) },
    () => new Promise((over) => pauses.push(over)),
  );
  const settle = () => new Promise((done) => setTimeout(done));
  return {
    past,
    timeline,
    settle,
    ids: () => timeline.lines.flatMap((line) => (line.kind === 'event' ? [line.event.id] : [])),
    asked: () => past.asked.map(({ before, limit }) => [before, limit]),
    secondsPass: async () => {
      pauses.splice(0).forEach((over) => over());
      await settle();
    },
    /** No answer comes before it is let. */
    holdUp: () => {
      let go = () => {};
      past.slow = new Promise((done) => (go = done));
      return async () => {
        past.slow = null;
        go();
        await new Promise((done) => setTimeout(done, 5));
      };
    },
  };
}

test('a page of 200, then the next, then the end', async () => {
  const { timeline, asked, ids } = stage(450);
  await timeline.ask('');
  expect([timeline.length, timeline.more]).toEqual([200, true]);
  await timeline.goOn();
  await timeline.goOn();
  expect([timeline.length, timeline.more]).toEqual([450, false]);
  await timeline.goOn();
  expect(asked()).toEqual([
    [null, 200],
    ['200', 200],
    ['400', 200],
  ]);
  expect(new Set(ids()).size).toBe(450);
});

test('short and empty answers are gone on from until the page is full', async () => {
  const { timeline, past, asked } = stage(2600);
  past.patience = 500;
  await timeline.ask('proc:spotify');
  expect(timeline.length).toBeGreaterThan(100);
  expect(asked().length).toBeGreaterThan(3);
  // Each asks for no more than what is wanting.
  expect(asked().every(([, limit], place) => place === 0 || Number(limit) < 200)).toBe(true);
  await timeline.ask('no-such-program');
  expect([timeline.length, timeline.more, timeline.ended]).toEqual([0, false, true]);
});

test('a search that takes long is said, and can be stopped and gone on with', async () => {
  const { timeline, past, secondsPass, settle, holdUp } = stage(3000);
  past.patience = 100;
  await timeline.ask('');
  expect(timeline.long).toBe(false);
  let go = holdUp();
  const searched = timeline.ask('no-such-program');
  await settle();
  expect(timeline.long).toBe(false);
  await secondsPass();
  expect([timeline.long, timeline.searching]).toEqual([true, true]);
  timeline.stop();
  expect([timeline.long, timeline.searching, timeline.stopped]).toEqual([false, false, true]);
  await go();
  await searched;
  const before = past.asked.length;
  // Neither by itself nor by looking for what is new.
  await timeline.goOn();
  await timeline.refresh(false);
  expect(past.asked.length).toBe(before);
  go = holdUp();
  const resumed = timeline.resume();
  expect([timeline.stopped, timeline.searching]).toEqual([false, true]);
  await go();
  await resumed;
  expect([timeline.length, timeline.more, timeline.searching]).toEqual([0, false, false]);
});

test('the late answer to an older question is not looked at', async () => {
  const { timeline, past, holdUp } = stage(400);
  const go = holdUp();
  const first = timeline.ask('proc:spotify');
  past.slow = null;
  await timeline.ask('proc:syncthing');
  const found = timeline.length;
  await go();
  await first;
  expect(timeline.filter).toBe('proc:syncthing');
  expect(timeline.length).toBe(found);
});

test('at the top what is new comes in, and further down nothing moves', async () => {
  const { timeline, past, ids } = stage(450);
  await timeline.ask('');
  await timeline.goOn();
  const [before, lines] = [ids(), timeline.lines];
  await timeline.refresh(false);
  expect(timeline.lines).toBe(lines);

  past.happen();
  await timeline.refresh(true);
  expect([timeline.fresh, ids()]).toEqual([true, before]);
  await timeline.refresh(false);
  expect([timeline.fresh, ids()]).toEqual([false, [past.events[0]?.id, ...before]]);
});

test('what is over is said where it stands', async () => {
  const { timeline, past, ids } = stage(450);
  await timeline.ask('');
  const open = past.events.find(({ until }) => until === null);
  const before = ids();
  past.happen();
  past.over(open?.id ?? '', NOON);
  await timeline.refresh(true);
  expect(ids()).toEqual(before);
  expect(open && timeline.now(open).until).toBe(NOON);
});

test('a wrong filter is told, and the lines stay', async () => {
  const { timeline, past } = stage(100);
  await timeline.ask('proc:node');
  const lines = timeline.lines;
  await timeline.ask('proc:node colour:red');
  expect(timeline.problem).toMatchObject({ code: 'unknown_key', start: 10 });
  expect(timeline.lines).toBe(lines);
  past.happen();
  await timeline.refresh(false);
  expect(past.asked.at(-1)?.filter).toBe('proc:node');
  await timeline.ask('proc:node since:1h');
  expect(timeline.problem).toBeNull();
});

test('what could not be read is said, and looked for again', async () => {
  const { timeline, past } = stage(100);
  const list = past.list.bind(past);
  past.list = () => Promise.reject({ code: 'read_failed', refusal: null, detail: 'disk I/O error' });
  await timeline.ask('');
  expect(timeline.failure?.code).toBe('read_failed');
  past.list = list;
  await timeline.refresh(false);
  expect([timeline.failure, timeline.length]).toEqual([null, 100]);
});
