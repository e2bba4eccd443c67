import { expect, test } from 'vitest';
import { inView, lineTop, ROW_HEIGHT, scrollTo, surface } from './scroll';

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
