import { beforeEach, expect, test } from 'vitest';
import { row } from '../../tests-browser/fake/cast';
import type { Line } from '../ipc/bindings/Line';
import { Selection } from './selection.svelte';

const lines = Array.from({ length: 6 }, (_, place): Line => ({ kind: 'socket', ...row({ local_port: place }) }));
const at = (place: number) => lines[place] as Line & { id: number };
const ids = (...places: number[]) => places.map((place) => at(place).id);
let selection: Selection;
beforeEach(() => (selection = new Selection()));

test('a click selects one, with Ctrl one more or one less', () => {
  selection.only(at(1), 1);
  selection.toggle(at(3), 3);
  expect([...selection.ids]).toEqual(ids(1, 3));
  selection.toggle(at(1), 1);
  expect([...selection.ids]).toEqual(ids(3));
  selection.only(at(0), 0);
  expect([...selection.ids]).toEqual(ids(0));
});

test('Shift selects from where it began, to both sides', () => {
  selection.only(at(3), 3);
  expect(selection.between(5)).toEqual([3, 5]);
  selection.extend(at(5), 5, ids(3, 4, 5));
  expect(selection.between(1)).toEqual([1, 3]);
});

test('focus and anchor go where their sockets go', () => {
  selection.only(at(2), 2);
  selection.located(40);
  expect(selection.focus).toEqual({ key: at(2).id, line: 40 });
  selection.sighted([at(4), at(2)], 39);
  expect(selection.between(42)).toEqual([40, 42]);
});

test('a row that is gone leaves its place, and nothing selected that could be ended or copied by mistake', () => {
  selection.only(at(2), 2);
  selection.located(null);
  expect(selection.focusedId).toBeNull();
  expect(selection.focus?.line).toBe(2);
  expect(selection.ids.size).toBe(0);
});

test('a heading can be focused but not selected', () => {
  const heading = { program: 'node', because: null, pids: [], sockets: 1, listeners: 0, folded: false };
  selection.only({ kind: 'group', key: 'a b', ...heading }, 0);
  expect(selection.focus?.key).toBe('group a b');
  expect(selection.focusedId).toBeNull();
  expect(selection.ids.size).toBe(0);
});
