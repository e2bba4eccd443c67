/** What happened, as lines under the headings of its days, and how an answer is put into what is held. Pure. */

import type { HistoryEvent } from '../ipc/bindings/HistoryEvent';
import type { Millis } from '../ipc/bindings/Millis';
import { dayOf } from './stretch';

export type TimelineLine = { kind: 'day'; day: Millis } | { kind: 'event'; event: HistoryEvent };

export function timelineKey(line: TimelineLine): string {
  return line.kind === 'event' ? line.event.id : `day ${line.day}`;
}

/** Events, newest first, each day under its heading; `after`: what stands above them. */
export function linesOf(events: readonly HistoryEvent[], after?: TimelineLine): TimelineLine[] {
  let day = after === undefined ? Infinity : after.kind === 'day' ? after.day : dayOf(after.event.at);
  return events.flatMap((event): TimelineLine[] => {
    const line: TimelineLine = { kind: 'event', event };
    if (event.at >= day) return [line];
    day = dayOf(event.at);
    return [{ kind: 'day', day }, line];
  });
}

/** Whether of two events the first has the larger number. They do not fit into JavaScript's. */
export function isLater(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

export interface Held {
  events: readonly HistoryEvent[];
  next: string | null;
}

/** The newest page put on top of what is held; what reads the same keeps its identity. */
export function topped(held: Held, page: Held): Held {
  const top = known(held.events, page.events);
  const last = top.at(-1);
  if (page.next === null) return { events: top, next: null };
  // It came no further than this, and there may be what is held.
  if (last === undefined) return held;
  const older = held.events.filter(({ id }) => isLater(last.id, id));
  // Where the two do not meet, nobody knows what is between.
  if (older.length === held.events.length) return { events: top, next: page.next };
  return { events: [...top, ...older], next: older.length > 0 ? held.next : page.next };
}

/** What is held, each event as it is now; none comes and none goes. */
export function renewed(held: readonly HistoryEvent[], page: readonly HistoryEvent[]): HistoryEvent[] {
  const now = new Map(known(held, page).map((event) => [event.id, event]));
  return held.map((event) => now.get(event.id) ?? event);
}

export function sameEvents(one: readonly HistoryEvent[], other: readonly HistoryEvent[]): boolean {
  return one.length === other.length && one.every((event, place) => event === other[place]);
}

function known(held: readonly HistoryEvent[], page: readonly HistoryEvent[]): HistoryEvent[] {
  const before = new Map(held.slice(0, page.length * 2).map((event) => [event.id, event]));
  return page.map((event) => {
    const same = before.get(event.id);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(event) ? same : event;
  });
}
