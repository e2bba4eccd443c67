import { expect, test } from 'vitest';
import { row } from '../../tests-browser/fake/cast';
import type { Line } from '../ipc/bindings/Line';
import { keepUnchanged } from './lines';

test('what reads the same stays the same object, wherever it stands', () => {
  const [a, b, c] = [row({ local_port: 1 }), row({ local_port: 2 }), row({ local_port: 3 })].map((one): Line => ({
    kind: 'socket',
    ...one,
  })) as [Line, Line, Line];
  const changed = { ...b, local_port: 22 };
  const kept = keepUnchanged([a, b], [structuredClone(c), changed, structuredClone(a)]);
  expect(kept[2]).toBe(a);
  expect(kept[1]).toBe(changed);
  expect(kept[0]).toEqual(c);
});
