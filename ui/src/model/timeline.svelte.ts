/**
 * The list of what happened, newest first, as far back as somebody has scrolled. It is asked for part by part; an answer
 * takes a bounded time, so a page may take several.
 */

import type { FilterProblem } from '../ipc/bindings/FilterProblem';
import type { Failure } from '../ipc/bindings/Failure';
import type { HistoryEvent } from '../ipc/bindings/HistoryEvent';
import { failureOf, type Backend } from '../ipc/backend';
import { isLater, linesOf, renewed, sameEvents, topped, type Held, type TimelineLine } from './timeline-lines';

const PAGE = 200;
/** After so many milliseconds a search is worth a word. */
const LONG = 1000;

type Pause = (millis: number) => Promise<void>;

export class Timeline {
  #backend: Pick<Backend, 'listHistory'>;
  #pause: Pause;
  /** Grows with every question; the answer to an older one is not looked at any more. */
  #turn = 0;
  #searches = 0;
  /** The filter by which the lines were found: what is typed may be wrong, and then they stay. */
  #filter = '';
  #asked = '';
  /** The last question has been answered, if only with a part. */
  #answered = false;
  #held: Held = { events: [], next: null };
  lines = $state.raw<TimelineLine[]>([]);
  /** There are older ones, or may be. */
  more = $state(false);
  /** A search has come to its end, so that no lines mean that there is nothing. */
  ended = $state(false);
  problem = $state.raw<FilterProblem | null>(null);
  failure = $state.raw<Failure | null>(null);
  searching = $state(false);
  /** A search takes long. */
  long = $state(false);
  /** The person did not want to wait any longer. */
  stopped = $state(false);
  /** There is something newer than what is shown. */
  fresh = $state(false);

  constructor(backend: Pick<Backend, 'listHistory'>, pause: Pause) {
    this.#backend = backend;
    this.#pause = pause;
  }

  /** How many events are held. */
  get length(): number {
    return this.#held.events.length;
  }

  /** The filter by which the lines were found. */
  get filter(): string {
    return this.#filter;
  }

  /** Another question. What is shown stays until it is answered. */
  async ask(filter: string): Promise<void> {
    this.#turn += 1;
    this.#asked = filter;
    this.#answered = false;
    await this.#search(filter, null);
  }

  /** Another page of older ones; not by itself after it was stopped or has failed. */
  async goOn(): Promise<void> {
    if (this.searching || !this.more || this.stopped || this.failure) return;
    await this.#search(this.#filter, this.#held.next);
  }

  stop(): void {
    this.#turn += 1;
    this.#rest();
    this.stopped = true;
  }

  async resume(): Promise<void> {
    this.stopped = false;
    await (this.#answered ? this.goOn() : this.ask(this.#asked));
  }

  /** Looks for what is new. `still`: no line may move, so it is only said that there is something. */
  async refresh(still: boolean): Promise<void> {
    if (this.searching || (this.stopped && !this.#answered)) return;
    if (!this.#answered) return this.ask(this.#asked);
    const turn = this.#turn;
    try {
      const page = await this.#backend.listHistory({ filter: this.#filter, before: null, limit: PAGE });
      if (turn !== this.#turn || this.searching) return;
      this.failure = null;
      const [newest, shown] = [page.events[0], this.#held.events[0]];
      const fresh = newest !== undefined && shown !== undefined && isLater(newest.id, shown.id);
      this.fresh = fresh && still;
      if (still && shown !== undefined) this.#hold({ ...this.#held, events: renewed(this.#held.events, page.events) });
      else this.#hold(topped(this.#held, page));
    } catch (reason) {
      if (turn === this.#turn) this.failure = failureOf(reason);
    }
  }

  async #search(filter: string, from: string | null): Promise<void> {
    const turn = this.#turn;
    const search = (this.#searches += 1);
    const underWay = () => turn === this.#turn && search === this.#searches;
    this.searching = true;
    this.long = this.stopped = false;
    void this.#pause(LONG).then(() => {
      if (underWay() && this.searching) this.long = true;
    });
    let before = from;
    let wanted = PAGE;
    try {
      do {
        const page = await this.#backend.listHistory({ filter, before, limit: wanted });
        if (!underWay()) return;
        this.failure = null;
        this.#answered = true;
        this.problem = page.filter_problem;
        if (page.filter_problem) break;
        if (before === null) this.#begin(filter, page);
        else this.#append(page);
        before = page.next;
        wanted -= page.events.length;
      } while (before !== null && wanted > 0);
    } catch (reason) {
      if (!underWay()) return;
      this.failure = failureOf(reason);
    }
    this.ended = true;
    this.#rest();
  }

  #rest(): void {
    this.searching = this.long = false;
  }

  #begin(filter: string, page: Held): void {
    this.#filter = filter;
    this.fresh = false;
    this.#held = { events: page.events, next: page.next };
    this.more = page.next !== null;
    this.lines = linesOf(page.events);
  }

  #append(page: Held): void {
    this.#held = { events: [...this.#held.events, ...page.events], next: page.next };
    this.more = page.next !== null;
    if (page.events.length > 0) this.lines = [...this.lines, ...linesOf(page.events, this.lines.at(-1))];
  }

  #hold(held: Held): void {
    const same = sameEvents(this.#held.events, held.events);
    this.#held = held;
    this.more = held.next !== null;
    if (!same) this.lines = linesOf(held.events);
  }

  /** An event as it is now, if it is among those that are held. */
  now(event: HistoryEvent): HistoryEvent {
    const line = this.lines.find((one) => one.kind === 'event' && one.event.id === event.id);
    return line?.kind === 'event' ? line.event : event;
  }
}
