import { beforeEach, expect, test } from 'vitest';
import { row } from '../../tests-browser/fake/cast';
import { age, bytes, count, end, fact, list, moment, openFor, protocol, roundTrip, speed } from './format';
import { speak } from './words.svelte';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
beforeEach(() => speak('en'));

test.each([
  [0, '0 s', '0 秒'],
  [59 * SECOND + 999, '59 s', '59 秒'],
  [MINUTE, '1 min', '1 分钟'],
  [2 * HOUR + 10 * MINUTE + 59 * SECOND, '2 h 10 min', '2 小时 10 分'],
  [3 * DAY + 23 * HOUR + 59 * MINUTE, '3 d 23 h', '3 天 23 小时'],
  [400 * DAY, '400 d 0 h', '400 天 0 小时'],
])('%d ms are %s, %s', (millis, english, chinese) => {
  expect(age(millis)).toBe(english);
  speak('zh-CN');
  expect(age(millis)).toBe(chinese);
});

test('a row that was there before is at least so old; a clock that went back makes none younger than new', () => {
  expect(openFor(row({ first_seen: 0, already_open: true }), MINUTE)).toBe('over 1 min');
  expect(openFor(row({ first_seen: 0, already_open: false }), MINUTE)).toBe('1 min');
  expect(openFor(row({ first_seen: MINUTE, already_open: false }), 0)).toBe('0 s');
});

test('a moment of another day has its date', () => {
  const noon = new Date(2026, 10, 22, 12).getTime();
  expect(moment(noon, noon + HOUR)).not.toMatch(/2026/u);
  expect(moment(noon - DAY, noon)).toMatch(/Nov 21, 2026/u);
  speak('zh-CN');
  expect(moment(noon - DAY, noon)).toMatch(/2026年11月21日/u);
});

test('ends, counts and protocols', () => {
  expect(end('127.0.0.1', 80)).toBe('127.0.0.1:80');
  expect(end('fe80::1%eth0', 80)).toBe('[fe80::1%eth0]:80');
  expect(count(123_456)).toBe('123,456');
  expect(protocol({ protocol: 'udp', family: 6 })).toBe('UDP6');
  expect(list(['a', 'b', 'c'])).toBe('a, b, c');
  speak('zh-CN');
  expect(list(['a', 'b', 'c'])).toBe('a、b、c');
});

test('amounts and speeds have three digits at most', () => {
  expect([0, 999, 1000, 1234, 999_500, 8_123_456, 2.5e15].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1 KB',
    '1.23 KB',
    '1 MB',
    '8.12 MB',
    '2.5 PB',
  ]);
  expect([null, 0, 1500].map(speed)).toEqual(['', '', '1.5 KB/s']);
  expect([42, 1500, 212_345].map(roundTrip)).toEqual(['0.042 ms', '1.5 ms', '210 ms']);
  speak('zh-CN');
  expect(speed(1500)).toBe('1.5 KB/秒');
});

test('a fact is said, or why there is none', () => {
  expect(fact({ value: 'x', gap: null }, (value) => value)).toBe('x');
  expect(fact<string>({ value: null, gap: 'gone' }, (value) => value)).toMatch(/ended before/u);
});
