import { beforeEach, expect, test } from 'vitest';
import type { WatchRule } from '../ipc/bindings/WatchRule';
import {
  hoursWith,
  minutesOf,
  portsOf,
  portsText,
  programOf,
  saysSomething,
  sentenceOf,
  shifted,
  timeText,
  wholeNumber,
} from './entries';
import { speak } from './words.svelte';

beforeEach(() => speak('en'));

const rule: WatchRule = { tell: false, program: null, ports: null, reach: null, protocol: null };

test.each([
  ['', null],
  ['  ', null],
  ['8000', { first: 8000, last: 8000 }],
  [' 8000 ', { first: 8000, last: 8000 }],
  ['８０００', { first: 8000, last: 8000 }],
  ['8000-9000', { first: 8000, last: 9000 }],
  ['8000 – 9000', { first: 8000, last: 9000 }],
  ['0-65535', { first: 0, last: 65535 }],
])('ports: “%s”', (typed, value) => expect(portsOf(typed)).toEqual({ value }));

test.each(['x', '80x', '-5', '9000-8000', '65536', '1-65536', '1-2-3', '80,81', '8.0', '+5', '0x50', '123456'])(
  'no ports: “%s”',
  (typed) => expect(portsOf(typed)).toBeNull(),
);

test('ports are written as they are typed', () => {
  for (const text of ['', '22', '8000-9000']) expect(portsText(portsOf(text)?.value ?? null)).toBe(text);
});

test.each([
  ['0:00', 0],
  ['00:00', 0],
  ['7:05', 425],
  ['22：00', 1320],
  ['23.59', 1439],
])('a time: “%s”', (typed, value) => expect(minutesOf(typed)).toEqual({ value }));

test.each(['', '24:00', '7', '7:5', '12:60', '7:05 pm', 'noon'])('no time: “%s”', (typed) =>
  expect(minutesOf(typed)).toBeNull(),
);

test('a time is written with all its digits', () => {
  expect([0, 425, 1439].map(timeText)).toEqual(['00:00', '07:05', '23:59']);
});

test('a part of the day has two ends', () => {
  expect(hoursWith({ from: 60, until: 120 }, { from: 200 })).toEqual({ from: 200, until: 120 });
  expect(hoursWith({ from: 60, until: 120 }, { from: 120 })).toBeNull();
});

test('a number is whole and within its bounds', () => {
  expect(wholeNumber('30', 1, 3650)).toEqual({ value: 30 });
  expect(wholeNumber('３０', 1, 3650)).toEqual({ value: 30 });
  for (const typed of ['', '0', '3651', '1.5', '1e3', '-1', 'many', '99999999999999']) {
    expect(wholeNumber(typed, 1, 3650), typed).toBeNull();
  }
});

test('a rule says something, or silences everything', () => {
  expect(saysSomething(rule)).toBe(false);
  expect(saysSomething({ ...rule, tell: true })).toBe(false);
  expect(programOf('   ').value).toBeNull();
  expect(saysSomething({ ...rule, program: programOf(' python3 ').value })).toBe(true);
  expect(saysSomething({ ...rule, protocol: 'udp' })).toBe(true);
});

test('a rule is a sentence', () => {
  expect(sentenceOf(rule)).toBe('Never tell of any program.');
  const much: WatchRule = {
    tell: true,
    program: 'python3',
    ports: { first: 8000, last: 9000 },
    reach: 'local_network',
    protocol: 'tcp',
  };
  expect(sentenceOf(much)).toBe(
    'Always tell of “python3”, ports 8000–9000, TCP only, reachable from the local network or further away, even if it is known.',
  );
  expect(sentenceOf({ ...rule, program: `${'/long'.repeat(20)}/name` })).toMatch(/^Never tell of “….{42}\/name”\.$/u);
  speak('zh-CN');
  expect(sentenceOf({ ...rule, program: 'python3', ports: { first: 22, last: 22 } })).toBe(
    '从不通知“python3”的监听，端口 22。',
  );
});

test('an entry moves by one place, and not past the end', () => {
  expect(shifted(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  expect(shifted(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
  expect(shifted(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(shifted(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
});
