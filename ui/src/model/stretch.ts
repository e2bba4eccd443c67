/** Which stretch of time a filter looks at, and the moments by which it is marked. Pure but for where the clock is. */

import type { Millis } from '../ipc/bindings/Millis';
import { timesOf } from './filter-words';

export interface Stretch {
  from: Millis;
  to: Millis;
  /** The filter does not say from when: it is as long as there is something to show. */
  open: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
/** Steps between marks: of less than a day, and then of days. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE);
const DAYS = [1, 2, 3, 7, 14, 30, 60, 120, 365, 730, 3650];

/** What the words of time in a filter leave of the time from `oldest` to `now`. */
export function stretchOf(filter: string, now: Millis, oldest: Millis): Stretch {
  let [from, to, open] = [oldest, now, true];
  for (const word of timesOf(filter)) {
    const [key = '', value = ''] = word.toLowerCase().split(/:(.*)/u);
    const moments = value.split('|').flatMap((choice) => momentOf(choice.replaceAll('"', ''), now) ?? []);
    if (moments.length === 0) continue;
    if (key !== 'until') {
      const since = Math.min(...moments.map((moment) => moment.from));
      from = open ? since : Math.max(from, since);
      open = false;
    }
    if (key !== 'since') to = Math.min(to, Math.max(...moments.map((moment) => moment.to)));
  }
  // The filter may contradict itself; a chart needs some width all the same.
  return { from: Math.max(0, Math.min(from, to - MINUTE)), to, open };
}

/** `30m`, `today`, `2026-11-20`: as the engine reads them. */
function momentOf(text: string, now: Millis): { from: Millis; to: Millis } | null {
  const [, amount, unit] = /^(\d+)([smhdw])$/u.exec(text) ?? [];
  if (amount !== undefined) {
    const then = now - Number(amount) * (UNITS[unit ?? ''] ?? 0);
    return { from: then, to: then };
  }
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(text) ?? [];
  if (year !== undefined) return wholeDay(new Date(Number(year), Number(month) - 1, Number(day)));
  if (text === 'today') return wholeDay(new Date(dayOf(now)));
  if (text === 'yesterday') return wholeDay(new Date(dayOf(dayOf(now) - 1)));
  return null;
}

function wholeDay(begin: Date): { from: Millis; to: Millis } {
  const next = new Date(begin);
  next.setDate(next.getDate() + 1);
  return { from: begin.getTime(), to: next.getTime() };
}

/** When the day of a moment began, where the clock is. */
export function dayOf(at: Millis): Millis {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Round moments within a stretch, as many as there is room for. */
export function marks({ from, to }: Pick<Stretch, 'from' | 'to'>, most: number): Millis[] {
  const step = STEPS.find((one) => (to - from) / one <= most);
  return step === undefined ? markedDays(from, to, most) : markedHours(from, to, step);
}

function markedHours(from: Millis, to: Millis, step: number): Millis[] {
  // Counted from midnight, so that six hours are 06:00 wherever the clock is.
  const midnight = dayOf(from);
  const first = midnight + Math.ceil((from - midnight) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, place) => first + place * step);
}

function markedDays(from: Millis, to: Millis, most: number): Millis[] {
  const step = DAYS.find((days) => (to - from) / (days * DAY) <= most) ?? Infinity;
  const found: Millis[] = [];
  const day = new Date(dayOf(from - 1));
  day.setDate(day.getDate() + 1);
  while (day.getTime() <= to && found.length < most + 1) {
    found.push(day.getTime());
    day.setDate(day.getDate() + step);
  }
  return found;
}
