/** What is asked of the engine, and the last answer. */

import type { Failure } from '../ipc/bindings/Failure';
import type { Frame } from '../ipc/bindings/Frame';
import type { FrameRequest } from '../ipc/bindings/FrameRequest';
import type { Line } from '../ipc/bindings/Line';
import { failureOf, type Backend } from '../ipc/backend';
import { wantsTraffic } from './columns';
import { keepUnchanged } from './lines';
import { portAskedFor } from './port-text';
import type { Preferences } from './preferences.svelte';
import { startPull, type Pull } from './pull';
import type { Span } from './scroll';
import { Selection } from './selection.svelte';

/** In the order of the rail. */
export const VIEWS = ['all', 'listening', 'programs', 'history', 'settings'] as const;
export type View = (typeof VIEWS)[number];
/** The views of what is there now. */
const PRESENT: readonly View[] = ['all', 'listening', 'programs'];

export class Watch {
  #backend: Backend;
  #preferences: Preferences;
  #pull: Pull | undefined;
  #held: string[] = [];
  /** Whose place the answer under way will tell. */
  #locating: number | null = null;
  /** What the rows that are shown were asked for by: scope and filter. */
  #question = '';
  #asked = '';
  /** A row that is to be brought into sight, and whether the filter was already changed for it. */
  #sought: { id: number; pid: number; wider: boolean } | null = null;
  frame = $state.raw<Frame | null>(null);
  lines = $state.raw<Line[]>([]);
  failure = $state.raw<Failure | null>(null);
  view = $state<View>('all');
  typed = $state('');
  folded = $state.raw<string[]>([]);
  selection = new Selection();
  span: Span = { first: 0, count: 60 };
  /** The line to scroll to. */
  sight = $state.raw<{ line: number } | null>(null);
  port = $derived(portAskedFor(this.typed));

  constructor(backend: Backend, preferences: Preferences) {
    this.#backend = backend;
    this.#preferences = preferences;
  }

  start(): void {
    this.#pull = startPull({
      ask: (after) => {
        const request = this.request(after);
        this.#locating = request.locate;
        this.#asked = `${this.view} ${request.filter}`;
        return this.#backend.nextFrame(request);
      },
      apply: (frame) => this.#apply(frame),
      failed: (reason) => (this.failure = failureOf(reason)),
      pause: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
    });
    this.#pull.renew();
  }

  /** Something that is asked for has changed. */
  ask(): void {
    this.#pull?.renew();
  }

  rest(): void {
    this.#pull?.rest();
  }

  /** Keeps the order as long as any of the reasons given lasts: the pointer over the grid, a menu, a dialog. */
  hold(reason: string, on: boolean): void {
    const before = this.#held.length > 0;
    this.#held = this.#held.filter((other) => other !== reason);
    if (on) this.#held.push(reason);
    if (before !== this.#held.length > 0) this.ask();
  }

  request(after: number | null): FrameRequest {
    const { sort, panel_shown, columns } = this.#preferences.settings;
    const focused = this.selection.focusedId;
    return {
      after,
      scope: this.view === 'listening' ? 'listening' : 'all',
      filter: this.port === null ? this.typed : String(this.port),
      sort,
      group: this.view === 'programs',
      folded: this.folded,
      ...this.span,
      hold: this.#held.length > 0,
      port: this.port,
      detail: panel_shown ? focused : null,
      traffic: wantsTraffic(columns),
      locate: focused,
    };
  }

  search(text: string): void {
    this.typed = text;
    if (!PRESENT.includes(this.view)) this.view = 'all';
    this.span = { ...this.span, first: 0 };
    this.ask();
  }

  show(view: View): void {
    this.view = view;
    this.span = { ...this.span, first: 0 };
    this.ask();
  }

  /** Folds or opens a program's rows. */
  fold(key: string, folded: boolean): void {
    this.folded = folded ? [...this.folded, key] : this.folded.filter((other) => other !== key);
    this.ask();
  }

  /** Selects a row and brings it into sight, if need be by showing all sockets of its program. */
  reveal(id: number, pid: number): void {
    this.#sought = { id, pid, wider: false };
    this.selection.choose(id);
    this.ask();
  }

  /** Puts a word into the filter, or takes it out again. */
  toggleWord(word: string): void {
    const words = this.typed.split(/\s+/u).filter((part) => part !== '');
    const without = words.filter((part) => part !== word);
    this.search((without.length < words.length ? without : [...words, word]).join(' '));
  }

  hasWord(word: string): boolean {
    return this.typed.split(/\s+/u).includes(word);
  }

  rowIds(first: number, last: number): Promise<number[]> {
    return this.#backend.rowIds(this.request(null), first, last);
  }

  #apply(answer: Frame): void {
    const frame = keepUnchanged(this.frame, answer);
    this.failure = null;
    this.lines = frame.lines;
    this.frame = frame;
    if (this.#locating !== null && this.#locating === this.selection.focusedId) this.#locate(frame.located);
    this.selection.sighted(this.lines, frame.first);
    this.#question = this.#asked;
  }

  #locate(line: number | null): void {
    const sought = this.#sought?.id === this.#locating ? this.#sought : null;
    this.#sought = null;
    if (line === null && sought && !sought.wider) {
      this.#sought = { ...sought, wider: true };
      this.view = 'all';
      this.search(`pid:${sought.pid}`);
      return;
    }
    // A row that closed leaves its place behind; one that was not asked for any more leaves nothing.
    if (line === null && this.#question !== this.#asked) this.selection.clear();
    else this.selection.located(line);
    if (line !== null && sought) this.sight = { line };
  }
}
