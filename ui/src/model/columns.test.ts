import { expect, test } from 'vitest';
import type { ColumnSetting } from '../ipc/bindings/ColumnSetting';
import { moved, neighbour, resized, toggled, wantsTraffic } from './columns';

const columns: ColumnSetting[] = [
  { column: 'program', width: 160, shown: true },
  { column: 'pid', width: 66, shown: false },
  { column: 'state', width: 112, shown: true },
];
const order = (settings: ColumnSetting[]) => settings.map(({ column }) => column);

test.each([
  [120.4, 120],
  [3, 40],
  [9000, 1200],
])('a width of %d becomes %d', (wanted, width) => {
  expect(resized(columns, 'state', wanted)[2]?.width).toBe(width);
  expect(columns[2]?.width).toBe(112);
});

test('a column is hidden and shown again, but never the last', () => {
  expect(toggled(columns, 'state')[2]?.shown).toBe(false);
  expect(toggled(columns, 'pid')[1]?.shown).toBe(true);
  const alone = toggled(columns, 'state');
  expect(toggled(alone, 'program')).toEqual(alone);
});

test('a column is put where another stands, from both sides', () => {
  expect(order(moved(columns, 'program', 'state'))).toEqual(['pid', 'state', 'program']);
  expect(order(moved(columns, 'state', 'program'))).toEqual(['state', 'program', 'pid']);
  expect(order(moved(columns, 'state', 'path'))).toEqual(order(columns));
});

test('the neighbour is the next that is shown', () => {
  expect(neighbour(columns, 'program', 1)).toBe('state');
  expect(neighbour(columns, 'program', -1)).toBeUndefined();
});

test('counters are wanted only while a column shows them', () => {
  const speeds: ColumnSetting[] = [...columns, { column: 'sending', width: 90, shown: false }];
  expect(wantsTraffic(speeds)).toBe(false);
  expect(wantsTraffic(toggled(speeds, 'sending'))).toBe(true);
});
