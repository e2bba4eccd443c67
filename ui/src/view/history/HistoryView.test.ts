import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Computer } from '../../../tests-browser/fake/computer';
import { desk } from '../../../tests-browser/fake/cast';
import { ScriptedPast } from '../../../tests-browser/fake/past';
import type { HistoryTrouble } from '../../ipc/bindings/HistoryTrouble';
import type { Settings } from '../../ipc/bindings/Settings';
import { App } from '../../model/app.svelte';
import Root from '../Root.svelte';

afterEach(cleanup);

async function opened(events = 60, settings: Partial<Settings> = {}, prepare?: (computer: Computer) => void) {
  const computer = new Computer(desk(), { language: 'en', ...settings });
  computer.past = new ScriptedPast(events);
  prepare?.(computer);
  const app = new App(computer);
  await app.preferences.load();
  render(Root, { app });
  await fireEvent.keyDown(document.body, { key: '4', ctrlKey: true });
  await waitFor(() => expect(document.querySelector('#timeline')).not.toBeNull());
  if (events > 0) await waitFor(() => expect(lines().length).toBeGreaterThan(5));
  return { computer, app };
}

const list = () => document.querySelector('#timeline') as HTMLElement;
const lines = () => [...document.querySelectorAll<HTMLElement>('[data-event]')];
const texts = () => lines().map((line) => line.querySelector('.what bdi')?.textContent);
const search = () => screen.getByRole<HTMLInputElement>('searchbox');
const type = (text: string) => fireEvent.input(search(), { target: { value: text } });
const panel = () => document.querySelector<HTMLElement>('#history-panel');
const chip = (name: string) => document.querySelector<HTMLElement>(`[data-time=${name}]`) as HTMLElement;
const done = (computer: Computer, what: string) =>
  computer.done.filter((act) => act.what === what).map((act) => act.with);

test('what happened is told in words, with who and how long', async () => {
  await opened();
  await waitFor(() => expect(list().textContent).toMatch(/still open/u));
  const told = lines().map((line) => line.textContent.replaceAll(/\s+/gu, ' '));
  const all = told.join('\n');
  expect(all).toMatch(/python3 4044 ?listens at 0\.0\.0\.0:8000 \(TCP\) ?\d+ min, still open/u);
  expect(all).toMatch(/connected to 223\.5\.5\.5:443 \(TCP\), 340 times/u);
  expect(all).toMatch(/connected to \[2606:4700::6810:84e5\]:443/u);
  expect(all).toMatch(/not known ?called from 127\.0\.0\.1 at port 7897/u);
  expect(all).toMatch(/you asked it to end, at port 5173/u);
  expect(all).toMatch(/already open when Quaymaster began ?over/u);
  expect(document.querySelector('.line.group')?.textContent).toMatch(/Today, .*November 22, 2026/u);
  expect(document.querySelector('#timeline img')).toBeNull();
});

test('a chip puts its time into the filter and takes another out', async () => {
  const { computer } = await opened();
  await type('proc:node');
  await fireEvent.click(chip('today'));
  expect(search().value).toBe('proc:node on:today');
  await fireEvent.click(chip('hour'));
  expect(search().value).toBe('proc:node since:1h');
  expect(chip('hour').getAttribute('aria-pressed')).toBe('true');
  await waitFor(() => expect(computer.past.asked.at(-1)?.filter).toBe('proc:node since:1h'));
  await waitFor(() => expect(lines().every((line) => line.textContent.includes('node'))).toBe(true));
  await fireEvent.click(chip('all'));
  expect(search().value).toBe('proc:node');
});

test('a wrong piece is shown as everywhere, and the search of the present is another', async () => {
  await opened();
  await type('port 8000 since:soon');
  await waitFor(() => expect(document.querySelector('#filter-problem mark')?.textContent).toBe('soon'));
  expect(lines().length).toBeGreaterThan(5);
  await type('colour:red');
  await waitFor(() => expect(document.querySelector('#filter-problem')?.textContent).toMatch(/since, until and on/u));
  await fireEvent.click(document.querySelector('[data-view=all]') as Element);
  expect(search().value).toBe('');
  await fireEvent.click(document.querySelector('[data-view=history]') as Element);
  expect(search().value).toBe('colour:red');
});

test('the course of time is drawn, and said to whoever cannot see it', async () => {
  await opened();
  const chart = await screen.findByTestId('history-chart');
  expect(within(chart).getByRole('img').getAttribute('aria-label')).toMatch(/listeners opened: \d+, connections: /u);
  expect(chart.querySelectorAll('tbody tr').length).toBe(10);
  expect(screen.getByTestId('history-count').textContent).toMatch(/60 events/u);
});

test('of more than are counted it is said that they are more', async () => {
  await opened(10_400);
  await waitFor(() => expect(screen.getByTestId('history-count').textContent).toMatch(/more than 10,000 events/u));
  expect(document.querySelectorAll('#timeline *').length).toBeLessThan(900);
});

test('an event is opened by Enter and by a click, and leads on', async () => {
  const { computer } = await opened();
  await fireEvent.focus(list());
  await fireEvent.keyDown(list(), { key: 'ArrowDown' });
  await fireEvent.keyDown(list(), { key: 'ArrowDown' });
  await fireEvent.keyDown(list(), { key: 'Enter' });
  expect(list().getAttribute('aria-activedescendant')).toBe(`event-${computer.past.events[1]?.id}`);
  await waitFor(() => expect(panel()?.querySelector('h2')?.textContent).toBe('syncthing'));
  await waitFor(() => expect(screen.getByTestId('port-users').querySelector('li')).not.toBeNull());
  expect(screen.getByTestId('port-users').textContent).toMatch(/Who has used port 22000 in the last 7 days/u);

  await fireEvent.click(lines().find((line) => line.textContent.includes('0.0.0.0:8000')) as Element);
  await waitFor(() => expect(panel()?.querySelector('h2')?.textContent).toBe('python3'));
  await waitFor(() => expect(panel()?.textContent).toMatch(/listened \d times[^]*there now/u));
  await fireEvent.click(chip('week'));
  await fireEvent.click(screen.getByTestId('only-program'));
  expect(search().value).toBe('proc:python3 since:7d');
  await fireEvent.click(screen.getByTestId('only-port'));
  expect(search().value).toBe('port:8000 since:7d');
  await waitFor(() => expect(texts().every((text) => text?.includes('8000'))).toBe(true));
  await fireEvent.keyDown(list(), { key: 'Escape' });
  expect(panel()).toBeNull();
});

test('a port that is typed is answered beside the list', async () => {
  const { computer } = await opened();
  await type('port 5432');
  await waitFor(() => expect(panel()?.textContent).toMatch(/Who has used port 5432.*postgres/u));
  await waitFor(() => expect(computer.past.asked.at(-1)?.filter).toBe('5432'));
  await fireEvent.click(screen.getByText('Who holds port 5432?'));
  expect(document.querySelector('[data-view=all]')?.getAttribute('aria-current')).toBe('page');
  await waitFor(() => expect(document.querySelector('#port-answer')).not.toBeNull());
});

test('what fits is written to a file, but not by a wrong filter', async () => {
  const { computer } = await opened();
  await type('proc:node');
  await fireEvent.click(screen.getByText('Actions'));
  await fireEvent.click(await screen.findByText('Export as CSV…'));
  await screen.findByText('60 rows written to /home/lin/history.csv');
  expect(done(computer, 'export_history')).toEqual([{ filter: 'proc:node', format: 'csv' }]);
  await type('colour:red');
  await waitFor(() => expect(document.querySelector('#filter-problem')).not.toBeNull());
  await fireEvent.click(screen.getByText('Actions'));
  expect((await screen.findByText('Export as CSV…')).closest('li')?.getAttribute('aria-disabled')).toBe('true');
});

test('nothing yet, nothing that fits, and nothing because it is off', async () => {
  const { app } = await opened(0);
  const empty = () => screen.findByTestId('history-empty');
  expect((await empty()).textContent).toMatch(/Nothing has happened yet/u);
  await type('node since:1h');
  await waitFor(async () => expect((await empty()).textContent).toMatch(/fits what you typed/u));
  await fireEvent.click(screen.getByText('Search at any time'));
  expect(search().value).toBe('node');
  await fireEvent.click(screen.getByText('Clear the search'));
  await waitFor(() => expect(search().value).toBe(''));
  app.preferences.change({ history: { ...app.preferences.settings.history, keep: false } });
  await waitFor(async () => expect((await empty()).textContent).toMatch(/The history is off/u));
  await fireEvent.click(screen.getByText('To its settings'));
  await waitFor(() => expect(document.activeElement?.id).toBe('setting-keep'));
});

test('old events are shown while it is off, and that it is off is said', async () => {
  await opened(60, { history: { keep: false, days: 30, megabytes: 200 } });
  expect((await screen.findByTestId('history-off')).textContent).toMatch(/what happens now is not remembered/u);
});

test.each<[HistoryTrouble, RegExp, boolean]>([
  [{ code: 'disk_full' }, /disk is full.*Make room/u, false],
  [{ code: 'unwritable', detail: 'EACCES' }, /\(EACCES\)/u, false],
  [{ code: 'in_use' }, /Another Quaymaster/u, false],
  [{ code: 'failed', detail: 'disk I/O error' }, /disk I\/O error/u, false],
  [{ code: 'broken', kept_as: '/x/history.broken-1.sqlite' }, /damaged.*history\.broken-1/u, true],
  [{ code: 'newer', kept_as: '/x/history.newer-1.sqlite' }, /newer Quaymaster.*history\.newer-1/u, true],
  [{ code: 'removed' }, /removed the history/u, true],
])('what is wrong is said: %j', async (trouble, words, news) => {
  const { computer } = await opened(60, {}, (one) => (one.past.trouble = trouble));
  const banner = await screen.findByTestId('history-trouble');
  expect(banner.textContent).toMatch(words);
  const heard = screen.queryByTestId('history-heard');
  expect(heard !== null).toBe(news);
  if (!heard) return;
  await fireEvent.click(heard);
  await waitFor(() => expect(screen.queryByTestId('history-trouble')).toBeNull());
  expect(done(computer, 'hear_history_trouble').length).toBe(1);
});

test('what was not kept is counted', async () => {
  await opened(60, {}, (computer) => (computer.past.lost = 1204));
  expect((await screen.findByTestId('history-lost')).textContent).toMatch(/1,204 events were not kept/u);
});

test('nobody looks, nothing is asked; somebody looks again, at once', async () => {
  const { computer } = await opened();
  const hide = (hidden: boolean) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  hide(true);
  const asked = computer.past.asked.length;
  computer.past.happen();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(computer.past.asked.length).toBe(asked);
  hide(false);
  await waitFor(() => expect(lines()[0]?.dataset.event).toBe(computer.past.events[0]?.id));
});

test('while the pointer is over the lines none moves, and what is new is offered', async () => {
  const { computer } = await opened();
  const first = lines()[0]?.dataset.event;
  await fireEvent.pointerEnter(document.querySelector('#timeline .lines') as Element);
  computer.past.happen();
  document.dispatchEvent(new Event('visibilitychange'));
  const offer = await screen.findByTestId('history-fresh');
  expect(lines()[0]?.dataset.event).toBe(first);
  await fireEvent.click(offer);
  await waitFor(() => expect(lines()[0]?.dataset.event).toBe(computer.past.events[0]?.id));
  expect(screen.queryByTestId('history-fresh')).toBeNull();
});
