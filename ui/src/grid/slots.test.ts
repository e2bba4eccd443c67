import { expect, test } from 'vitest';
import { row } from '../../tests-browser/fake/cast';
import type { Line } from '../ipc/bindings/Line';
import { lineKey } from '../model/lines';
import { slotsFor } from './slots';

const socket = (id: number): Line => ({ kind: 'socket', ...row({ id }) });
const heading = (key: string): Line => ({
  kind: 'group',
  ...{ key, program: key, because: null, pids: [], sockets: 1, listeners: 0, folded: false },
});
const sockets = (...ids: number[]) => ids.map(socket);
const shown = (lines: Line[], before = new Map() as ReturnType<typeof slotsFor>) => slotsFor(before, lines, lineKey);

test.each<[string, number[], number[], number[]]>([
  ['what stays keeps its own', [1, 2, 3], [3, 1, 2], [2, 0, 1]],
  ['a step down takes those above', [1, 2, 3, 4], [3, 4, 5, 6], [2, 3, 0, 1]],
  ['a step up takes those below', [3, 4, 5, 6], [1, 2, 3, 4], [2, 3, 0, 1]],
  ['a jump moves none', [1, 2, 3], [7, 8, 9], [0, 1, 2]],
  ['more take new ones', [1, 2], [5, 1, 2, 6], [-1, 0, 1, -1]],
  ['fewer leave the rest', [1, 2, 3], [9], [0]],
  ['one that closed makes room', [1, 2, 3], [1, 3, 4], [0, 2, 1]],
])('of elements: %s', (_, before, after, expected) => {
  const first = shown(sockets(...before));
  const second = [...shown(sockets(...after), first).values()];
  expect(new Set(second).size).toBe(after.length);
  expect(second.map((name) => [...first.values()].indexOf(name))).toEqual(expected);
});

test('a heading’s element never shows a socket', () => {
  const before = shown([heading('a'), ...sockets(1, 2)]);
  const after = shown([heading('b'), heading('c'), ...sockets(3)], before);
  const [b, c, third] = [...after.values()];
  expect(b).toBe([...before.values()][0]);
  expect([...before.values()]).not.toContain(c);
  expect(third).toBe([...before.values()][1]);
});

test('names are never given twice, whatever comes and goes', () => {
  let slots = shown([]);
  for (let turn = 0; turn < 200; turn += 1) {
    const size = (turn * 7) % 23;
    const ids = Array.from({ length: size }, (_, place) => ((turn * 13) % 40) + place);
    slots = shown([...ids.map(socket), heading(`h${turn % 3}`)], slots);
    expect(new Set(slots.values()).size).toBe(size + 1);
  }
});
