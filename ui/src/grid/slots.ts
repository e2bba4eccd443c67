/** Which elements of a list show which line: those of lines that are gone are used again for lines that came. */

type Key = string | number;

/** The names of elements by the lines that they show, in the order of the lines. A heading's never shows a socket. */
export type Slots = ReadonlyMap<Key, string>;

/** Every element that was ever made has a name of its own. */
let made = 0;

/**
 * What stays keeps its element. The first that came takes the element of the first that went, so that after a far jump
 * every element is where it was.
 */
export function slotsFor<Line extends { kind: string }>(
  before: Slots,
  lines: readonly Line[],
  keyOf: (line: Line) => Key,
): Slots {
  const staying = new Set(lines.map(keyOf));
  const free = new Map<string, string[]>();
  for (const [key, slot] of before) {
    if (staying.has(key)) continue;
    const kind = slot.split(' ', 1)[0] ?? '';
    const ofKind = free.get(kind);
    if (ofKind) ofKind.push(slot);
    else free.set(kind, [slot]);
  }
  return new Map(
    lines.map((line) => {
      const key = keyOf(line);
      return [key, before.get(key) ?? free.get(line.kind)?.shift() ?? `${line.kind} ${made++}`];
    }),
  );
}
