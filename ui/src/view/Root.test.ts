import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Computer } from '../../tests-browser/fake/computer';
import { desk } from '../../tests-browser/fake/cast';
import type { Settings } from '../ipc/bindings/Settings';
import { App } from '../model/app.svelte';
import Root from './Root.svelte';

afterEach(cleanup);

async function opened(settings: Partial<Settings> = {}, prepare?: (computer: Computer) => void) {
  const computer = new Computer(desk(), { language: 'en', ...settings });
  computer.grace = 20;
  prepare?.(computer);
  const app = new App(computer);
  await app.preferences.load();
  render(Root, { app });
  await waitFor(() => expect(rows().length).toBeGreaterThan(10));
  return { computer, app };
}

const rows = () => [...document.querySelectorAll<HTMLElement>('#grid [data-id]')];
const search = () => screen.getByRole<HTMLInputElement>('searchbox');
const type = (text: string) => fireEvent.input(search(), { target: { value: text } });
const card = () => document.querySelector<HTMLElement>('#port-answer');
const standing = (wanted: string) => waitFor(() => expect(card()?.dataset.standing).toBe(wanted));
const done = (computer: Computer, what: string) =>
  computer.done.filter((act) => act.what === what).map((act) => act.with);

test('a port that is typed is answered, in sentences', async () => {
  await opened();
  await type('7897');
  await standing('held');
  expect(card()?.textContent).toMatch(/Port 7897 is held by verge-mihomo/u);
  expect(card()?.textContent).toMatch(/6 connections from msedge \(PID 30418\) × 6/u);
  expect(card()?.textContent).toMatch(/before Quaymaster looked/u);
  expect(card()?.textContent).toMatch(/Clash Verge: a custom/u);
  await type('8080');
  await standing('free');
  await type('50112');
  await standing('client_port');
  await type('chrome');
  await waitFor(() => expect(card()).toBeNull());
});

test('a holder whose program is hidden is no “another user’s”', async () => {
  await opened();
  await type('22');
  await standing('held');
  expect(card()?.querySelector('h2')?.textContent).toMatch(/^\s*Port 22 is held by another user’s program\s*$/u);
  expect(document.querySelector('[data-testid=end-program]')).toBeNull();
});

test('a wrong filter is explained with its wrong piece, and the rows stay', async () => {
  await opened();
  await type('proc:node');
  await waitFor(() => expect(rows().length).toBe(3));
  await type('proc:node colour:red');
  await waitFor(() => expect(document.querySelector('#filter-problem mark')?.textContent).toBe('colour'));
  expect(search().getAttribute('aria-invalid')).toBe('true');
  expect(rows().length).toBe(3);
});

test('ending asks first, with the focus where it does no harm', async () => {
  const { computer } = await opened();
  await type('8000');
  await standing('held');
  await fireEvent.click(document.querySelectorAll('[data-testid=end-program]')[0] as Element);
  const confirm = await screen.findByTestId('end-confirm');
  expect(document.activeElement?.textContent).toBe('Cancel');
  expect(done(computer, 'end_process')).toEqual([]);
  await fireEvent.click(confirm);
  const result = await screen.findByTestId('end-result');
  expect(result.dataset.fate).toBe('held');
  expect(result.textContent).toMatch(/python3 \(PID 13044\): something started the program anew/u);
  expect(done(computer, 'end_process')).toMatchObject([
    { process: { pid: 4044 }, children: [], force: false, ports: [8000] },
  ]);
});

test('who does not listen to asking can be forced, with the children that were chosen', async () => {
  const { computer } = await opened();
  await type('5173');
  await standing('held');
  await fireEvent.click(screen.getAllByTestId('end-program')[0] as Element);
  await screen.findByTestId('end-confirm');
  await fireEvent.click(within(document.querySelector('#end-dialog') as HTMLElement).getByRole('checkbox'));
  await fireEvent.click(screen.getByTestId('end-confirm'));
  const force = await screen.findByTestId('end-force');
  expect(screen.queryByTestId('end-result')).toBeNull();
  await fireEvent.click(force);
  expect((await screen.findAllByTestId('end-result'))[0]?.dataset.fate).toBe('released');
  const orders = done(computer, 'end_process') as { force: boolean; children: { pid: number }[] }[];
  expect(orders.map(({ force }) => force)).toEqual([false, true]);
  expect(orders[1]?.children.map(({ pid }) => pid)).toEqual([4022]);
});

async function ordered(computer: Computer, port: string) {
  await type(port);
  await standing('held');
  await fireEvent.click(screen.getAllByTestId('end-program')[0] as Element);
  await fireEvent.click(await screen.findByTestId('end-confirm'));
  return () => (done(computer, 'end_process') as { force: boolean; elevated: boolean }[]).map(flags);
}

const flags = ({ force, elevated }: { force: boolean; elevated: boolean }) =>
  [force && 'force', elevated && 'elevated'].filter(Boolean).join(' ');
const dialog = () => document.querySelector<HTMLElement>('#end-dialog');

test('who has no window cannot be asked, which is said at once, and can be forced', async () => {
  const { computer } = await opened();
  const orders = await ordered(computer, '8384');
  expect((await screen.findByTestId('end-cannot-be-asked')).textContent).toMatch(/no window.*Nothing was done/u);
  expect(document.activeElement?.textContent).toBe('Leave it running');
  expect(screen.queryByTestId('end-result')).toBeNull();
  await fireEvent.click(screen.getByTestId('end-force'));
  expect((await screen.findAllByTestId('end-result'))[0]?.dataset.fate).toBe('released');
  expect(orders()).toEqual(['', 'force']);
});

test('who is refused by the system is ended as administrator, if the person wants and the system agrees', async () => {
  const { computer } = await opened({}, (computer) => (computer.elevation = 'declined'));
  const orders = await ordered(computer, '57621');
  const elevate = await screen.findByTestId('end-elevate');
  expect(screen.getByTestId('end-failure').textContent).toMatch(/An administrator may be able to/u);
  expect(document.activeElement?.textContent).toBe('Cancel');
  await fireEvent.click(elevate);
  await waitFor(() =>
    expect(screen.getByTestId('end-failure').textContent).toBe(
      'Administrator rights were not granted. Nothing was ended.',
    ),
  );
  computer.elevation = 'granted';
  await fireEvent.click(screen.getByTestId('end-elevate'));
  expect((await screen.findAllByTestId('end-result'))[0]?.dataset.fate).toBe('released');
  expect(dialog()?.textContent).toMatch(/spotify has ended/u);
  expect(orders()).toEqual(['', 'elevated', 'elevated']);
});

test('where the system cannot be asked for rights, nobody is offered them', async () => {
  const { computer } = await opened();
  await ordered(computer, '57621');
  await screen.findByTestId('end-failure');
  expect(screen.queryByTestId('end-elevate')).toBeNull();
  expect(screen.getByTestId('end-close').textContent).toBe('Close');
});

test('what must not be ended says why, and cannot be', async () => {
  const { app } = await opened();
  await app.ending.open({ pid: 2210, start: '' }, null);
  expect((await screen.findByTestId('end-refusal')).textContent).toMatch(/the system itself/u);
  expect(screen.queryByTestId('end-confirm')).toBeNull();
});

test('the language changes at once and everywhere', async () => {
  const { computer } = await opened();
  await fireEvent.click(document.querySelector('[data-view=settings]') as Element);
  await fireEvent.change(document.querySelector('#setting-language') as Element, { target: { value: 'zh-CN' } });
  await waitFor(() => expect(document.querySelector('nav')?.textContent).toMatch(/监听端口/u));
  expect(document.body.textContent).not.toMatch(/\b(Language|Settings|Pause|Columns|sockets)\b/u);
  await waitFor(() => expect(computer.settings.language).toBe('zh-CN'), { timeout: 3000 });
});

test('a look that fails is said, and forgotten when it works again', async () => {
  const { computer } = await opened();
  computer.broken = { code: 'engine_gone', refusal: null, detail: 'thread panicked' };
  computer.tick();
  expect((await screen.findByTestId('failure')).textContent).toMatch(/has stopped.*thread panicked/u);
  computer.broken = null;
  await waitFor(() => expect(screen.queryByTestId('failure')).toBeNull(), { timeout: 3000 });
  expect(rows().length).toBeGreaterThan(10);
});

test('what the tray or a second start wishes for is shown, in front of everything', async () => {
  const { computer, app } = await opened();
  app.help = true;
  computer.wish({ wish: 'port', port: 7897 });
  await standing('held');
  expect(search().value).toBe('7897');
  await waitFor(() => expect(document.activeElement).toBe(search()));
  expect(document.querySelector('#help-dialog')?.hasAttribute('open')).toBe(false);
  computer.wish({ wish: 'listening' });
  await waitFor(() =>
    expect(document.querySelector('[data-view=listening]')?.getAttribute('aria-current')).toBe('page'),
  );
  expect(search().value).toBe('');
  computer.wish({ wish: 'port', port: 8000 });
  await standing('held');
  computer.wish({ wish: 'search' });
  await waitFor(() => expect(search().value).toBe(''));
});

const TRAY = {
  close_to_tray: true,
  explained: false,
  minimise_without_tray: false,
  explained_without_tray: false,
  start_with_system: false,
};

test('closing is explained, and what is chosen is remembered before it is done', async () => {
  const { computer } = await opened({ tray: TRAY });
  const dialog = () => document.querySelector<HTMLDialogElement>('#closing-dialog');
  computer.wish({ wish: 'closing', tray: true });
  await waitFor(() => expect(dialog()?.open).toBe(true));
  await fireEvent.click(within(dialog() as HTMLElement).getByText('Back'));
  await waitFor(() => expect(dialog()?.open).toBe(false));
  expect(computer.done).toEqual([]);

  computer.wish({ wish: 'closing', tray: true });
  await fireEvent.click(screen.getByTestId('closing-quit'));
  await waitFor(() => expect(done(computer, 'leave_window')).toEqual([false]));
  expect(computer.done.map(({ what }) => what)).toEqual(['save_settings', 'leave_window']);
  expect(computer.settings.tray).toEqual({ ...TRAY, close_to_tray: false, explained: true });
});

test('closing without a tray is another matter', async () => {
  const { computer } = await opened({ tray: TRAY });
  computer.wish({ wish: 'closing', tray: false });
  await screen.findByText(/shows no tray/);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('closing-quit')));
  await fireEvent.click(screen.getByTestId('closing-stay'));
  await waitFor(() => expect(done(computer, 'leave_window')).toEqual([true]));
  expect(computer.settings.tray).toEqual({ ...TRAY, minimise_without_tray: true, explained_without_tray: true });
});

test('nobody looks, nothing is asked; somebody looks again, at once', async () => {
  const { computer } = await opened();
  const hide = (hidden: boolean) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const settle = () => new Promise((done) => setTimeout(done, 150));
  hide(true);
  computer.tick();
  await settle();
  const asked = computer.asked;
  computer.tick();
  await settle();
  expect(computer.asked).toBe(asked);
  hide(false);
  await waitFor(() => expect(computer.asked).toBeGreaterThan(asked));
});

test('settings that could not be read are said until that is understood', async () => {
  await opened(
    {},
    (computer) => (computer.trouble = { code: 'corrupt', kept_as: '/home/lin/settings.broken.toml', line: 7 }),
  );
  const banner = await screen.findByTestId('settings-trouble');
  expect(banner.textContent).toMatch(/from line 7 on.*settings\.broken\.toml/u);
  await fireEvent.click(within(banner).getByRole('button'));
  expect(screen.queryByTestId('settings-trouble')).toBeNull();
});

test('hostile names are text and nothing else', async () => {
  await opened();
  await type('6666');
  await standing('held');
  expect(card()?.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(document.querySelector('img, script, b b')).toBeNull();
});

test('a state is filtered by, and no longer', async () => {
  await opened();
  const listening = within(document.querySelector('#status-bar') as HTMLElement).getByTitle('waiting for connections');
  await fireEvent.click(listening);
  await waitFor(() => expect(search().value).toBe('state:listen'));
  await waitFor(() => expect(listening.getAttribute('aria-pressed')).toBe('true'));
  await fireEvent.click(listening);
  await waitFor(() => expect(search().value).toBe(''));
});

test('a row is opened, and its other end is one click away', async () => {
  await opened();
  await type('lport:50112');
  await waitFor(() => expect(rows().length).toBe(1));
  await fireEvent.click(rows()[0]?.querySelector('[data-column=program]') as Element);
  await waitFor(() => expect(document.querySelector('#side-panel')?.textContent).toMatch(/msedge/u));
  await fireEvent.click(screen.getByText('verge-mihomo (PID 21612)'));
  // It is not among the rows of that filter: all sockets of its program are shown.
  await waitFor(() => expect(search().value).toBe('pid:21612'));
  await waitFor(() => expect(rows().filter((row) => row.getAttribute('aria-selected') === 'true').length).toBe(1));
  await waitFor(() => expect(document.querySelector('#side-panel h2')?.textContent).toMatch(/verge-mihomo/u));
});
