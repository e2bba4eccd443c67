import { expect, test } from 'vitest';
import { anchorFor, inView, lag, lineTop, ROW_HEIGHT, scrollTo, surface } from './scroll';

const VIEWPORT = 480;

test.each([50, 100_000, 5_000_000])('of %d lines, the first and the last can be reached', (lines) => {
  expect(surface(lines)).toBeLessThan(16_000_000);
  expect(inView(0, VIEWPORT, lines).first).toBe(0);
  const bottom = Math.max(0, surface(lines) - VIEWPORT);
  const { first, count } = inView(bottom, VIEWPORT, lines);
  expect(first + count).toBeGreaterThanOrEqual(lines);
  expect(count).toBeLessThan(100);
});

test.each([1000, 5_000_000])('of %d lines, every line that is sought stands in view afterwards', (lines) => {
  for (const from of [0, surface(lines) / 2, surface(lines) - VIEWPORT]) {
    for (const line of [0, 17, lines / 2, lines - 1]) {
      let top = from;
      // Far away, a step of the scaled list is taken from where one is; a second look lands exactly.
      for (let look = 0; look < 3; look += 1) top = scrollTo(line, top, VIEWPORT, lines);
      const place = lineTop(line, top, VIEWPORT, lines) - top;
      expect(place).toBeGreaterThanOrEqual(-1);
      expect(place).toBeLessThanOrEqual(VIEWPORT - ROW_HEIGHT + 1);
    }
  }
});

test('a line in view is not moved', () => expect(scrollTo(12, 240, VIEWPORT, 1000)).toBe(240));

test('more is held of where the scrolling goes, and only what is in view on far jumps', () => {
  const middle = 24 * 5000;
  const [down, up, far] = [10, -10, 5000].map((motion) => inView(middle, VIEWPORT, 100_000, motion));
  expect(5000 - (down?.first ?? 0)).toBeLessThan(13);
  expect(5000 - (up?.first ?? 0)).toBeGreaterThanOrEqual(20);
  expect(down?.count).toBe(up?.count);
  expect(far).toEqual({ first: 5000, count: 21 });
});

test('a line more or less asks for the same', () => {
  const asked = Array.from({ length: 40 }, (_, line) => inView((100 + line) * ROW_HEIGHT, VIEWPORT, 1000, 1).first);
  expect(new Set(asked).size).toBeLessThan(12);
});

test.each<[string, number, number, number]>([
  ['all that is in view is there', 100, 50, 0],
  ['the view has gone on below', 90, 30, 9 * 24],
  ['the view is far below', 0, 30, (110 + 19 - 30) * 24],
  ['the view has gone on above', 115, 50, -120],
  ['nothing is there', 0, 0, 0],
])('lines are moved into view: %s', (_, first, count, moved) => {
  expect(lag({ first, count }, 110 * ROW_HEIGHT, VIEWPORT, 1000)).toBe(moved);
});

test('beyond the first line and the last there is nothing to wait for', () => {
  expect(lag({ first: 0, count: 5 }, 0, VIEWPORT, 5)).toBe(0);
  expect(lag({ first: 980, count: 20 }, 1000 * ROW_HEIGHT - 400, VIEWPORT, 1000)).toBe(0);
});

test('lines of a list in proportion are placed against one that is near', () => {
  expect(anchorFor(70_000, 100_000)).toBe(0);
  expect(anchorFor(3_456_789, 5_000_000)).toBe(3_456_000);
});
