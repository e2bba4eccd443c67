/** The lines of a frame, with the identity of those that did not change: what did not change is not drawn again. */

import type { Line } from '../ipc/bindings/Line';

export function lineKey(line: Line): string | number {
  return line.kind === 'socket' ? line.id : `group ${line.key}`;
}

/** `next`, with every line that reads the same as in `before` replaced by that very object. */
export function keepUnchanged(before: readonly Line[], next: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [lineKey(line), line]));
  return next.map((line) => {
    const old = known.get(lineKey(line));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(line) ? old : line;
  });
}
