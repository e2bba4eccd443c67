/** Columns as the person has arranged them. Pure. */

import type { Column } from '../ipc/bindings/Column';
import type { ColumnSetting } from '../ipc/bindings/ColumnSetting';

export const NARROWEST = 40;
export const WIDEST = 1200;

/** Columns of numbers: right-aligned. */
const NUMBERS: readonly Column[] = [
  'pid',
  'local_port',
  'remote_port',
  'receive_queue',
  'send_queue',
  'receiving',
  'sending',
];

/** Columns that tell how fast bytes go through a connection: the engine reads its counters only while one is shown. */
const SPEEDS: readonly Column[] = ['receiving', 'sending'];

export function wantsTraffic(columns: readonly ColumnSetting[]): boolean {
  return columns.some(({ column, shown }) => shown && SPEEDS.includes(column));
}

export function isNumber(column: Column): boolean {
  return NUMBERS.includes(column);
}

export function resized(columns: readonly ColumnSetting[], column: Column, width: number): ColumnSetting[] {
  const within = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
  return columns.map((setting) => (setting.column === column ? { ...setting, width: within } : setting));
}

/** Shows or hides a column; the last one stays. */
export function toggled(columns: readonly ColumnSetting[], column: Column): ColumnSetting[] {
  const next = columns.map((setting) => (setting.column === column ? { ...setting, shown: !setting.shown } : setting));
  return next.some((setting) => setting.shown) ? next : [...columns];
}

/** Moves `column` to where `target` stands. */
export function moved(columns: readonly ColumnSetting[], column: Column, target: Column): ColumnSetting[] {
  const from = columns.findIndex((setting) => setting.column === column);
  const to = columns.findIndex((setting) => setting.column === target);
  if (from < 0 || to < 0 || from === to) return [...columns];
  const next = [...columns];
  const [setting] = next.splice(from, 1);
  if (setting) next.splice(to, 0, setting);
  return next;
}

/** The shown neighbour of a column, to the left (-1) or right (1). */
export function neighbour(columns: readonly ColumnSetting[], column: Column, step: -1 | 1): Column | undefined {
  const shown = columns.filter((setting) => setting.shown);
  return shown[shown.findIndex((setting) => setting.column === column) + step]?.column;
}
