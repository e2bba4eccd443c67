import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Computer } from '../../tests-browser/fake/computer';
import { desk } from '../../tests-browser/fake/cast';
import type { Settings } from '../ipc/bindings/Settings';
import type { SettingsTrouble } from '../ipc/bindings/SettingsTrouble';
import { App } from '../model/app.svelte';
import Root from './Root.svelte';

afterEach(cleanup);

async function opened(settings: Partial<Settings> = {}, trouble: SettingsTrouble | null = null) {
  const computer = new Computer(desk(), { language: 'en', ...settings });
  computer.trouble = trouble;
  const app = new App(computer);
  await app.preferences.load();
  render(Root, { app });
  await fireEvent.click(document.querySelector('[data-view=settings]') as Element);
  await waitFor(() => expect(at('#settings-search')).not.toBeNull());
  return { computer, now: () => app.preferences.settings };
}

const at = <E extends HTMLElement = HTMLInputElement>(selector: string) => document.querySelector<E>(selector) as E;
const type = (selector: string, text: string) => fireEvent.input(at(selector), { target: { value: text } });
const click = (selector: string) => fireEvent.click(at(selector));
const choose = (selector: string, value: string) => fireEvent.change(at(selector), { target: { value } });
const names = (attribute: string) =>
  [...document.querySelectorAll<HTMLElement>(`[data-${attribute}]`)].map((one) => one.dataset[attribute]);
const legends = () => [...document.querySelectorAll('[data-rule] legend')].map((one) => one.textContent);
const described = (one: Element | null) =>
  one
    ?.getAttribute('aria-describedby')
    ?.split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' ');

test('every setting is labelled, and its effect said', async () => {
  await opened();
  const controls = [...document.querySelectorAll<HTMLElement>('.settings :is(input, select):not(#settings-search)')];
  expect(controls.length).toBeGreaterThan(20);
  for (const control of controls) {
    const named = (control as HTMLInputElement).labels?.length || control.hasAttribute('aria-labelledby');
    expect(named, control.id || String(control.closest('[data-setting]')?.getAttribute('data-setting'))).toBeTruthy();
    const said = described(control) ?? described(control.closest('[role=group]'));
    expect(said, control.id || String(control.closest('[data-setting]')?.getAttribute('data-setting'))).toMatch(
      /\w\.$/u,
    );
  }
});

test('what is looked for is left, with its section, and nothing else', async () => {
  await opened();
  expect(names('section').length).toBe(8);
  await type('#settings-search', 'tray');
  expect(names('section')).toEqual(['appearance', 'start']);
  expect(names('setting')).toEqual(['language', 'close_to_tray', 'minimise_without_tray', 'start_with_system']);
  await type('#settings-search', 'round trip');
  await type('#settings-search', 'to be confirmed');
  expect(names('setting')).toEqual(['columns']);
  await type('#settings-search', 'nonsense');
  expect(names('setting')).toEqual([]);
  expect(screen.getByText('No setting matches “nonsense”.')).toBeTruthy();
  await fireEvent.click(screen.getByText('Show all settings'));
  expect(names('section').length).toBe(8);
  await type('#settings-search', 'nonsense');
  await fireEvent.keyDown(at('#settings-search'), { key: 'Escape' });
  expect(names('section').length).toBe(8);
});

test('the key for searching searches here', async () => {
  await opened();
  await fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true });
  expect(document.activeElement).toBe(at('#settings-search'));
});

test('numbers are in force when they are right, and said to be wrong when they are not', async () => {
  const { now, computer } = await opened();
  await type('#setting-days', '7');
  expect(now().history.days).toBe(7);
  await type('#setting-days', '0');
  expect(now().history.days).toBe(7);
  expect(at('#setting-days').getAttribute('aria-invalid')).toBe('true');
  expect(described(at('#setting-days'))).toMatch(/^Write a whole number from 1 to 3650\. What is older/u);
  await type('#setting-days', '3650');
  expect(at('#setting-days').hasAttribute('aria-invalid')).toBe(false);
  await waitFor(() => expect(computer.settings.history.days).toBe(3650), { timeout: 3000 });
  await click('#setting-keep');
  expect(now().history.keep).toBe(false);
  expect(at('#setting-days').disabled).toBe(true);
});

test('an interval that only a file can say is among the choices', async () => {
  await opened({ interval_ms: 1500 });
  expect(at<HTMLSelectElement>('#setting-interval').value).toBe('1500');
  expect([...at<HTMLSelectElement>('#setting-interval').options].map((one) => one.textContent)).toContain('1.5 s');
});

test('quiet hours are switched on, changed, and never empty', async () => {
  const { now } = await opened();
  expect(at('#setting-quiet-from')).toBeNull();
  await click('#setting-quiet');
  expect(now().watch.quiet).toEqual({ from: 1320, until: 420 });
  await type('#setting-quiet-from', '23:30');
  expect(now().watch.quiet).toEqual({ from: 1410, until: 420 });
  await type('#setting-quiet-from', 'late');
  expect(described(at('#setting-quiet-from'))).toBe('Write a time of day such as 22:00.');
  await type('#setting-quiet-from', '7:00');
  expect(described(at('#setting-quiet-from'))).toBe('The beginning and the end must differ.');
  expect(now().watch.quiet).toEqual({ from: 1410, until: 420 });
  await click('#setting-quiet');
  expect(now().watch.quiet).toBeNull();
});

test('a rule is in force once it says something', async () => {
  const { now } = await opened();
  expect(screen.getByText('There is no rule.')).toBeTruthy();
  await click('#rule-add');
  expect(document.activeElement).toBe(at('#rule-0-program'));
  expect(now().watch.rules).toEqual([]);
  expect(legends()[0]).toMatch(/A rule is kept once/u);
  await choose('#rule-0-tell', 'always');
  expect(now().watch.rules).toEqual([]);
  const field = at('#rule-0-program');
  await type('#rule-0-program', 'python3');
  expect(now().watch.rules).toEqual([{ tell: true, program: 'python3', ports: null, reach: null, protocol: null }]);
  // The same field: whoever types in it goes on typing.
  expect(at('#rule-0-program')).toBe(field);
  await type('#rule-0-ports', '9000-8000');
  expect(described(at('#rule-0-ports'))).toMatch(/with the smaller one first/u);
  expect(now().watch.rules[0]?.ports).toBeNull();
  await type('#rule-0-ports', '8000-9000');
  await choose('#rule-0-protocol', 'tcp');
  await choose('#rule-0-reach', 'everywhere');
  expect(now().watch.rules).toEqual([
    { tell: true, program: 'python3', ports: { first: 8000, last: 9000 }, reach: 'everywhere', protocol: 'tcp' },
  ]);
  expect(legends()).toEqual([
    '1. Always tell of “python3”, ports 8000–9000, TCP only, reachable from every network, even if it is known.',
  ]);
});

test('rules change places and go, with the focus where it is of use', async () => {
  const rule = (program: string) => ({ tell: false, program, ports: null, reach: null, protocol: null });
  const { now } = await opened({
    watch: { notify: true, udp: false, quiet: null, rules: ['a', 'b', 'c'].map(rule) },
  });
  const order = () =>
    now()
      .watch.rules.map(({ program }) => program)
      .join('');
  const fields = () => [...document.querySelectorAll<HTMLInputElement>('[id$=-program]')].map((one) => one.value);
  expect(at<HTMLButtonElement>('#rule-0-up').disabled && at<HTMLButtonElement>('#rule-2-down').disabled).toBe(true);
  // Half typed, and wrong: it stays with its rule.
  await type('#rule-1-ports', 'x');
  await click('#rule-1-up');
  expect([order(), fields().join('')]).toEqual(['bac', 'bac']);
  expect(at('#rule-0-ports').value).toBe('x');
  expect(document.activeElement).toBe(at('#rule-0-down'));
  await click('#rule-0-down');
  expect(order()).toBe('abc');
  expect(document.activeElement).toBe(at('#rule-1-down'));
  await fireEvent.click(screen.getByLabelText('Remove rule 1'));
  expect([order(), fields().join('')]).toEqual(['bc', 'bc']);
  expect(at('#rule-0-ports').value).toBe('x');
  expect(document.activeElement).toBe(at('#rule-add'));
});

test('the last column stays', async () => {
  const columns = new Computer([]).settings.columns.map((one) => ({ ...one, shown: one.column === 'pid' }));
  await opened({ columns });
  const ticked = document.querySelector<HTMLInputElement>('.columns input:checked');
  expect(ticked?.disabled).toBe(true);
});

test('what was reset can be had back, but for what was chosen since', async () => {
  const { now, computer } = await opened({ interval_ms: 5000, theme: 'dark', panel_width: 500 });
  await click('#setting-reset');
  expect([now().interval_ms, now().theme, now().panel_width]).toEqual([1000, 'system', 300]);
  await choose('#setting-theme', 'light');
  await fireEvent.click(screen.getByTestId('notice-offer'));
  expect([now().interval_ms, now().theme, now().panel_width]).toEqual([5000, 'light', 500]);
  expect(now().language).toBe('en');
  expect(screen.queryByTestId('notice-offer')).toBeNull();
  await waitFor(() => expect(computer.settings.interval_ms).toBe(5000), { timeout: 3000 });
});

test('the place of the file is told, and can be copied', async () => {
  const { computer } = await opened();
  expect(at('#setting-file').value).toMatch(/settings\.toml$/u);
  await fireEvent.click(screen.getByText('Copy path'));
  await waitFor(() => expect(computer.done.at(-1)).toEqual({ what: 'copy_text', with: at('#setting-file').value }));
});

test('wrong values are named with line and reason', async () => {
  const wrong = (line: number) => ({
    line,
    key: 'history.days',
    found: '3651',
    expected: { code: 'number' as const, least: 1, most: 3650 },
  });
  await opened({}, { code: 'wrong_values', values: [1, 2, 3, 4, 5, 6, 1007].map(wrong) });
  const banner = screen.getByTestId('settings-trouble');
  expect(banner.textContent).toMatch(/^\s*7 values in the settings file are wrong/u);
  const lines = [...banner.querySelectorAll('li')].map((one) => one.textContent.trim());
  expect(lines.length).toBe(5);
  expect(lines[1]).toBe('Line 2, history.days: 3651. Expected: a whole number from 1 to 3650.');
  expect(banner.textContent).toMatch(/2 more.*settings\.toml/u);
});

test('the history is deleted only by whoever says so twice', async () => {
  const { computer } = await opened();
  computer.past.trouble = { code: 'disk_full' };
  const dialog = () => at<HTMLDialogElement>('#delete-history-dialog');
  const deleted = () => computer.done.filter(({ what }) => what === 'delete_history').length;
  await click('#setting-forget');
  await waitFor(() => expect(dialog().open).toBe(true));
  expect(dialog().textContent).toMatch(/put aside are deleted too/u);
  expect(document.activeElement?.textContent).toBe('Cancel');
  await fireEvent.click(document.activeElement as Element);
  await waitFor(() => expect(dialog().open).toBe(false));
  expect(deleted()).toBe(0);
  await click('#setting-forget');
  await click('[data-testid=delete-history-confirm]');
  await screen.findByText('The history is deleted.');
  expect([deleted(), dialog().open]).toEqual([1, false]);
  // How it is was asked again.
  expect((await screen.findByTestId('history-trouble')).textContent).toMatch(/disk is full/u);
});
