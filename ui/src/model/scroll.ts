/** Which lines of a long list are in view. Pure. */

export const ROW_HEIGHT = 24;
/** Browsers stop at some 16 to 33 million pixels; far longer lists are scrolled in proportion. */
const TALLEST = 12_000_000;
/** Lines held beyond the edges, so that a flick of the wheel finds them there. */
const MARGIN = 12;

export interface Span {
  first: number;
  count: number;
}

/** The height of the scrolled surface, in CSS pixels. */
export function surface(lines: number): number {
  return Math.min(lines * ROW_HEIGHT, TALLEST);
}

/** The first line in view, with its fraction. */
function topLine(scrollTop: number, viewport: number, lines: number): number {
  const full = lines * ROW_HEIGHT;
  if (full <= TALLEST) return scrollTop / ROW_HEIGHT;
  const part = scrollTop / Math.max(1, TALLEST - viewport);
  return part * Math.max(0, lines - viewport / ROW_HEIGHT);
}

export function inView(scrollTop: number, viewport: number, lines: number): Span {
  const first = Math.max(0, Math.floor(topLine(scrollTop, viewport, lines)) - MARGIN);
  return { first, count: Math.ceil(viewport / ROW_HEIGHT) + 2 * MARGIN };
}

/** Where on the surface line `index` stands, given the scroll position. */
export function lineTop(index: number, scrollTop: number, viewport: number, lines: number): number {
  if (lines * ROW_HEIGHT <= TALLEST) return index * ROW_HEIGHT;
  return scrollTop + (index - topLine(scrollTop, viewport, lines)) * ROW_HEIGHT;
}

/** The scroll position that brings line `index` into view with the least movement. */
export function scrollTo(index: number, scrollTop: number, viewport: number, lines: number): number {
  const top = lineTop(index, scrollTop, viewport, lines);
  const scale = lines * ROW_HEIGHT <= TALLEST ? 1 : TALLEST / (lines * ROW_HEIGHT);
  if (top < scrollTop) return Math.max(0, scrollTop + (top - scrollTop) * scale);
  const below = top + ROW_HEIGHT - (scrollTop + viewport);
  return below > 0 ? scrollTop + below * scale : scrollTop;
}
