import { expect, test } from 'vitest';
import { dayOf, marks, stretchOf } from './stretch';

const HOUR = 3_600_000;
const local = (day: number, hour = 0, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();
const NOW = local(22, 12);
const OLDEST = local(1);

test.each([
  ['', OLDEST, NOW, true],
  ['node', OLDEST, NOW, true],
  ['since:2h', NOW - 2 * HOUR, NOW, false],
  ['node SINCE:2H', NOW - 2 * HOUR, NOW, false],
  ['since:1w', NOW - 168 * HOUR, NOW, false],
  ['since:90d', NOW - 2160 * HOUR, NOW, false],
  ['since:2026-11-20', local(20), NOW, false],
  ['until:yesterday', OLDEST, local(22), true],
  ['on:today', local(22), NOW, false],
  ['on:yesterday', local(21), local(22), false],
  ['on:2026-11-5', local(5), local(6), false],
  ['on:2026-11-5|2026-11-7', local(5), local(8), false],
  ['since:2d since:1h', NOW - HOUR, NOW, false],
  ['since:2d until:3h', NOW - 48 * HOUR, NOW - 3 * HOUR, false],
  ['since:soon', OLDEST, NOW, true],
  ['!since:2h', OLDEST, NOW, true],
  ['"since:2h"', OLDEST, NOW, true],
])('%s looks from … to …', (filter, from, to, open) => {
  expect(stretchOf(filter, NOW, OLDEST)).toEqual({ from, to, open });
});

test('a filter that contradicts itself has a stretch all the same', () => {
  const { from, to } = stretchOf('since:1h until:2h', NOW, OLDEST);
  expect(from).toBeLessThan(to);
});

test('marks are round and few', () => {
  expect(marks({ from: local(22, 9, 5), to: local(22, 12) }, 6)).toEqual(
    [9.5, 10, 10.5, 11, 11.5, 12].map((hour) => local(22, 0, hour * 60)),
  );
  expect(marks({ from: local(20, 15), to: local(22, 12) }, 6).map((at) => new Date(at).getHours() % 12)).toEqual([
    0, 0, 0, 0,
  ]);
  expect(marks({ from: local(1, 1), to: local(22, 12) }, 6)).toEqual([local(2), local(9), local(16)]);
  for (const days of [0.01, 1, 3, 40, 400, 4000]) {
    const found = marks({ from: NOW - days * 24 * HOUR, to: NOW }, 6);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(8);
    expect(found.every((at) => at >= NOW - days * 24 * HOUR && at <= NOW)).toBe(true);
  }
});

test('a day begins at midnight', () => {
  expect(dayOf(NOW)).toBe(local(22));
  expect(dayOf(local(22))).toBe(local(22));
});
