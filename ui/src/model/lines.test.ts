import { expect, test } from 'vitest';
import { desk, row } from '../../tests-browser/fake/cast';
import { Computer } from '../../tests-browser/fake/computer';
import type { FrameRequest } from '../ipc/bindings/FrameRequest';
import type { Line } from '../ipc/bindings/Line';
import { keepLines, keepUnchanged } from './lines';

test('what reads the same stays the same object, wherever it stands', () => {
  const [a, b, c] = [row({ local_port: 1 }), row({ local_port: 2 }), row({ local_port: 3 })].map((one): Line => ({
    kind: 'socket',
    ...one,
  })) as [Line, Line, Line];
  const changed = { ...b, local_port: 22 };
  const kept = keepLines([a, b], [structuredClone(c), changed, structuredClone(a)]);
  expect(kept[2]).toBe(a);
  expect(kept[1]).toBe(changed);
  expect(kept[0]).toEqual(c);
});

test('so does every part of a frame', async () => {
  const computer = new Computer(desk());
  const asked: FrameRequest = {
    after: null,
    scope: 'all',
    filter: '',
    sort: { column: 'local_port', descending: false },
    group: false,
    folded: [],
    first: 0,
    count: 20,
    hold: false,
    port: 7897,
    detail: 4,
    traffic: false,
    locate: null,
  };
  const before = await computer.nextFrame(asked);
  const another = [...computer.rows.values()].find(({ owners }) => owners[0]?.name === 'spotify');
  computer.close(another?.id ?? 0);
  const next = await computer.nextFrame(asked);
  const kept = keepUnchanged(before, structuredClone(next));
  expect(kept).toEqual(next);
  expect(kept.detail).toBe(before.detail);
  expect(kept.hidden).toBe(before.hidden);
  expect(kept.troubles).toBe(before.troubles);
  expect(kept.states).not.toBe(before.states);
  expect(keepUnchanged(null, next)).toBe(next);
});
