/** What a frame brings, with the identity of what did not change: that is not drawn again. */

import type { Frame } from '../ipc/bindings/Frame';
import type { Line } from '../ipc/bindings/Line';

export function lineKey(line: Line): string | number {
  return line.kind === 'socket' ? line.id : `group ${line.key}`;
}

/** `next`, with every part that reads the same as in `before` replaced by that very object. */
export function keepUnchanged(before: Frame | null, next: Frame): Frame {
  if (!before) return next;
  return {
    ...next,
    lines: keepLines(before.lines, next.lines),
    states: unlessSame(before.states, next.states),
    hidden: unlessSame(before.hidden, next.hidden),
    troubles: unlessSame(before.troubles, next.troubles),
    port: unlessSame(before.port, next.port),
    detail: unlessSame(before.detail, next.detail),
  };
}

/** Lines are known by what they show, wherever they stand. */
export function keepLines(before: readonly Line[], next: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [lineKey(line), line]));
  return next.map((line) => unlessSame(known.get(lineKey(line)), line));
}

function unlessSame<Next>(before: Next | undefined, next: Next): Next {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(next) ? before : next;
}
