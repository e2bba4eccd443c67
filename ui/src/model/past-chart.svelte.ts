/** The course of time in the history: listeners and connections, a stretch at a time. */

import type { HistoryBucket } from '../ipc/bindings/HistoryBucket';
import type { HistoryChart } from '../ipc/bindings/HistoryChart';
import type { Millis } from '../ipc/bindings/Millis';
import type { Backend } from '../ipc/backend';
import { stretchOf, type Stretch } from './stretch';

export const BUCKETS = 60;
/** Where a filter does not say from when, a month of nothing before a busy hour is cut off: each time to a sixtieth. */
const NARROWER = 2;

export interface Drawn extends HistoryChart {
  stretch: Stretch;
}

export class PastChart {
  #backend: Pick<Backend, 'chartHistory'>;
  #turn = 0;
  /** From when there is something for a filter that does not say it: to be sought only once. */
  #begun: { filter: string; from: Millis } | null = null;
  /** Null: not answered yet. */
  drawn = $state.raw<Drawn | null>(null);

  constructor(backend: Pick<Backend, 'chartHistory'>) {
    this.#backend = backend;
  }

  async ask(filter: string, now: Millis, oldest: Millis): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const known = this.#begun?.filter === filter ? this.#begun.from : 0;
      let stretch = stretchOf(filter, now, Math.max(known, oldest));
      let chart = await this.#of(filter, stretch);
      for (let time = 0; time < NARROWER && stretch.open; time += 1) {
        const first = firstTold(chart);
        if (first === undefined || first <= stretch.from) break;
        stretch = { ...stretch, from: first };
        chart = await this.#of(filter, stretch);
      }
      // What was drawn before a filter went wrong stays, as the list does.
      if (turn !== this.#turn || chart.filter_problem) return;
      this.#begun = stretch.open ? { filter, from: stretch.from } : null;
      this.drawn = { ...chart, stretch };
    } catch {
      // What cannot be drawn cannot be listed either, and there it is said why.
    }
  }

  #of(filter: string, { from, to }: Stretch): Promise<HistoryChart> {
    return this.#backend.chartHistory({
      filter,
      since: Math.floor(from),
      until: Math.ceil(to),
      buckets: BUCKETS,
    });
  }
}

/** When the first stretch begins in which there is something. Before what was counted nobody knows. */
function firstTold({ buckets, counted_from }: HistoryChart): Millis | undefined {
  const [oldest] = buckets;
  if (oldest === undefined || counted_from > oldest.at) return undefined;
  return buckets.find(({ listeners, connections }) => listeners + connections > 0)?.at;
}

export function sumOf(buckets: readonly HistoryBucket[]): { listeners: number; connections: number } {
  return buckets.reduce(
    (sum, { listeners, connections }) => ({
      listeners: sum.listeners + listeners,
      connections: sum.connections + connections,
    }),
    { listeners: 0, connections: 0 },
  );
}
