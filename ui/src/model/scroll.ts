/** Which lines of a long list are in view. Pure. */

export const ROW_HEIGHT = 24;
/** Browsers stop at some 16 to 33 million pixels; far longer lists are scrolled in proportion. */
const TALLEST = 12_000_000;
/** Lines held beyond the edge that is scrolled towards, so that a flick of the wheel finds them there, and beyond the other. */
const AHEAD = 20;
const BEHIND = 4;
/** They are asked for by so many at once: not anew for each line that is scrolled by. */
const STEP = 4;
/** Lines of a list that is scrolled in proportion are placed against one that is not much farther away than this. */
const NEAR = 1000;

export interface Span {
  first: number;
  count: number;
}

/** The height of the scrolled surface, in CSS pixels. */
export function surface(lines: number): number {
  return Math.min(lines * ROW_HEIGHT, TALLEST);
}

/** Whether a line's place on the surface is where it would be if all were there. */
const toScale = (lines: number) => lines * ROW_HEIGHT <= TALLEST;

/** The first line in view, with its fraction. */
function topLine(scrollTop: number, viewport: number, lines: number): number {
  if (toScale(lines)) return scrollTop / ROW_HEIGHT;
  const part = scrollTop / Math.max(1, TALLEST - viewport);
  return part * Math.max(0, lines - viewport / ROW_HEIGHT);
}

/**
 * The lines in view and around it, after the list was scrolled by so many pixels, downwards if more than 0. Where it went
 * too far for any line to be in view before and after, only what is in view: the next jump will go as far.
 */
export function inView(scrollTop: number, viewport: number, lines: number, motion = 0): Span {
  const top = Math.floor(topLine(scrollTop, viewport, lines));
  const inside = Math.ceil(viewport / ROW_HEIGHT);
  if (Math.abs(motion) > viewport) return { first: top, count: inside + 1 };
  const first = Math.max(0, top - (motion < 0 ? AHEAD : BEHIND));
  return { first: first - (first % STEP), count: inside + AHEAD + BEHIND + STEP };
}

/** The line that others near `first` are placed against: so placed, they stay while the list is scrolled. */
export function anchorFor(first: number, lines: number): number {
  return toScale(lines) ? 0 : first - (first % NEAR);
}

/**
 * How far the lines that are held are moved, so that none of the view is empty as long as those that belong there are on
 * their way.
 */
export function lag({ first, count }: Span, scrollTop: number, viewport: number, lines: number): number {
  if (count === 0) return 0;
  const above = lineTop(first, scrollTop, viewport, lines) - scrollTop;
  const below = viewport - ROW_HEIGHT - above - count * ROW_HEIGHT;
  if (above > 0 && first > 0) return -above;
  return below > 0 && first + count < lines ? below : 0;
}

/** Where on the surface line `index` stands, given the scroll position. */
export function lineTop(index: number, scrollTop: number, viewport: number, lines: number): number {
  if (toScale(lines)) return index * ROW_HEIGHT;
  return scrollTop + (index - topLine(scrollTop, viewport, lines)) * ROW_HEIGHT;
}

/** The scroll position that brings line `index` into view with the least movement. */
export function scrollTo(index: number, scrollTop: number, viewport: number, lines: number): number {
  const top = lineTop(index, scrollTop, viewport, lines);
  const scale = toScale(lines) ? 1 : TALLEST / (lines * ROW_HEIGHT);
  if (top < scrollTop) return Math.max(0, scrollTop + (top - scrollTop) * scale);
  const below = top + ROW_HEIGHT - (scrollTop + viewport);
  return below > 0 ? scrollTop + below * scale : scrollTop;
}
