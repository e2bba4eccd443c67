/** What happened while nobody looked: the question, the answer, and how the keeping of it is. */

import type { ExportFormat } from '../ipc/bindings/ExportFormat';
import type { HistoryEvent } from '../ipc/bindings/HistoryEvent';
import type { HistoryPortUser } from '../ipc/bindings/HistoryPortUser';
import type { HistoryState } from '../ipc/bindings/HistoryState';
import type { Millis } from '../ipc/bindings/Millis';
import { failureOf, type Backend } from '../ipc/backend';
import { at, quoted, timesOf, untimed } from './filter-words';
import type { Notices } from './notices.svelte';
import { PastChart } from './past-chart.svelte';
import { portAskedFor } from './port-text';
import type { Preferences } from './preferences.svelte';
import { Timeline } from './timeline.svelte';
import { say } from './words.svelte';

const DAY = 86_400_000;
/** Whoever types asks when they pause, not at each letter: an answer may take a tenth of a second. */
const TYPING = 150;
/** The chart moves on with time, but not with every look. */
const CHART_EVERY = 4;
export const PORT_DAYS = 7;

export class Past {
  #backend: Backend;
  #notices: Notices;
  #preferences: Preferences;
  #now: () => Millis;
  #pause: (millis: number) => Promise<void>;
  #typing = 0;
  #looks = 0;
  timeline: Timeline;
  chart: PastChart;
  typed = $state('');
  state = $state.raw<HistoryState | null>(null);
  /** It is being asked whether all of it shall be deleted. */
  forgetting = $state(false);
  #chosen = $state.raw<HistoryEvent | null>(null);
  /** The event that is read about, as it is now. */
  chosen = $derived.by(() => this.#chosen && this.timeline.now(this.#chosen));
  /** What was typed is a port and nothing else, but perhaps a time. */
  port = $derived(portAskedFor(untimed(this.typed)));

  constructor(
    backend: Backend,
    notices: Notices,
    preferences: Preferences,
    now: () => Millis,
    pause = (millis: number) => new Promise<void>((over) => setTimeout(over, millis)),
  ) {
    this.#backend = backend;
    this.#notices = notices;
    this.#preferences = preferences;
    this.#now = now;
    this.#pause = pause;
    this.timeline = new Timeline(backend, pause);
    this.chart = new PastChart(backend);
  }

  /** As the engine is asked: `port 80` is a way to type it, not a filter. */
  get filter(): string {
    if (this.port === null) return this.typed;
    return [String(this.port), ...timesOf(this.typed)].join(' ');
  }

  /** The words that say when; empty: at any time. */
  get time(): string {
    return timesOf(this.typed).join(' ');
  }

  async search(text: string): Promise<void> {
    this.typed = text;
    this.choose(null);
    const typing = (this.#typing += 1);
    await this.#pause(TYPING);
    if (typing === this.#typing) await this.#ask();
  }

  /** Looks at another time, and at the same things. */
  async during(time: string | null): Promise<void> {
    await this.#show(at(this.typed, time));
  }

  async onlyProgram(name: string): Promise<void> {
    await this.#show(at(`proc:${quoted(name)}`, this.time));
  }

  async onlyPort(port: number): Promise<void> {
    await this.#show(at(`port:${port}`, this.time));
  }

  async #show(filter: string): Promise<void> {
    this.#typing += 1;
    this.typed = filter;
    await this.#ask();
  }

  choose(event: HistoryEvent | null): void {
    this.#chosen = event;
  }

  async #ask(): Promise<void> {
    await Promise.all([this.timeline.ask(this.filter), this.#draw(this.filter)]);
  }

  async #draw(filter: string): Promise<void> {
    const now = this.#now();
    if (now === 0) return;
    await this.chart.ask(filter, now, now - this.#preferences.settings.history.days * DAY);
  }

  /** Somebody looks: what is there now. `still`: no line may move. */
  async refresh(still: boolean): Promise<void> {
    const before = this.timeline.lines;
    await Promise.all([this.timeline.refresh(still), this.loadState()]);
    const news = before !== this.timeline.lines || this.timeline.fresh;
    this.#looks += 1;
    if (news || this.chart.drawn === null || this.#looks % CHART_EVERY === 0) await this.#draw(this.timeline.filter);
  }

  async loadState(): Promise<void> {
    try {
      this.state = await this.#backend.historyState();
    } catch {
      // Who cannot tell how it is cannot list it either, and that is said.
    }
  }

  /** The person has read what was wrong. */
  async hear(): Promise<void> {
    await this.#try(() => this.#backend.hearHistoryTrouble());
    await this.loadState();
  }

  /** Forgets everything. */
  async forget(): Promise<void> {
    this.forgetting = false;
    await this.#try(async () => {
      await this.#backend.deleteHistory();
      this.choose(null);
      this.#notices.tell(say('notice-history-deleted'));
    });
    await Promise.all([this.#ask(), this.loadState()]);
  }

  async export(format: ExportFormat): Promise<void> {
    await this.#try(async () => {
      const { path, rows } = await this.#backend.exportHistory({ filter: this.filter, format });
      if (path !== null) this.#notices.tell(say('notice-exported', { rows, path }));
    });
  }

  /** Who had to do with a port in the last days. */
  usersOf(port: number): Promise<HistoryPortUser[]> {
    return this.#backend.historyOfPort(port, this.#now() - PORT_DAYS * DAY);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (reason) {
      this.#notices.failed(failureOf(reason));
    }
  }
}
