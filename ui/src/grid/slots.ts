/** Which of the grid's elements shows which line: those of lines that are gone are used again for lines that came. */

import type { Line } from '../ipc/bindings/Line';
import { lineKey } from '../model/lines';

type Key = ReturnType<typeof lineKey>;

/** The names of elements by the lines that they show, in the order of the lines. A heading's never shows a socket. */
export type Slots = ReadonlyMap<Key, string>;

/** Every element that was ever made has a name of its own. */
let made = 0;

/**
 * What stays keeps its element. The first that came takes the element of the first that went, so that after a far jump
 * every element is where it was.
 */
export function slotsFor(before: Slots, lines: readonly Line[]): Slots {
  const staying = new Set(lines.map(lineKey));
  const free: Record<Line['kind'], string[]> = { socket: [], group: [] };
  for (const [key, slot] of before) if (!staying.has(key)) free[kindOf(slot)].push(slot);
  return new Map(
    lines.map((line) => {
      const key = lineKey(line);
      return [key, before.get(key) ?? free[line.kind].shift() ?? `${line.kind} ${made++}`];
    }),
  );
}

const kindOf = (slot: string) => slot.split(' ', 1)[0] as Line['kind'];
