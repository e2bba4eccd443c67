/** The chart's shapes and words. */

import type { HistoryBucket } from '../../ipc/bindings/HistoryBucket';
import type { Millis } from '../../ipc/bindings/Millis';
import { count } from '../../model/format';
import { sumOf } from '../../model/past-chart.svelte';
import { dayOf, type Stretch } from '../../model/stretch';
import { language, say } from '../../model/words.svelte';

/** Bars that stand at `floor` and are `height` high at the most. What there is can be seen, however little it is. */
export function bars(amounts: readonly number[], most: number, floor: number, height: number): string {
  const least = 2;
  const shape = (amount: number, place: number) => {
    const tall = least + (amount / most) * (height - 2 - least);
    return amount === 0 ? '' : `M${place + 0.12} ${floor}v${-tall.toFixed(2)}h.76v${tall.toFixed(2)}z`;
  };
  return amounts.map(shape).join('');
}

export interface Told {
  at: Millis;
  listeners: number;
  connections: number;
  span: string;
  words: string;
}

/** Stretches in words, as many of them together as is said. */
export function stretches(buckets: readonly HistoryBucket[], end: Millis, together = 1): Told[] {
  const told: Told[] = [];
  for (let place = 0; place < buckets.length; place += together) {
    const part = buckets.slice(place, place + together);
    const at = part[0]?.at ?? end;
    const { listeners, connections } = sumOf(part);
    const span = spanOf(at, buckets[place + together]?.at ?? end);
    const words = say('history-stretch', { span, listeners: count(listeners), connections: count(connections) });
    told.push({ at, listeners, connections, span, words });
  }
  return told;
}

/** From when to when. */
export function spanOf(from: Millis, to: Millis): string {
  const style = dayOf(from) === dayOf(to - 1) ? { dateStyle: 'medium' as const, timeStyle: 'short' as const } : BOTH;
  return new Intl.DateTimeFormat(language(), style).formatRange(from, to);
}

const BOTH = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;

/** A mark under the chart: the hour, and of midnight the day. */
export function markWords(at: Millis, { from, to }: Pick<Stretch, 'from' | 'to'>): string {
  const midnight = dayOf(at) === at && dayOf(from) !== dayOf(to);
  const year = new Date(from).getFullYear() !== new Date(to).getFullYear();
  const style = midnight
    ? { month: 'short' as const, day: 'numeric' as const, ...(year ? { year: 'numeric' as const } : {}) }
    : { timeStyle: 'short' as const };
  return new Intl.DateTimeFormat(language(), style).format(at);
}
