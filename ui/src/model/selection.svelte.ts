/** The focused line and the selected rows. Both follow the socket, not the place. */

import { SvelteSet } from 'svelte/reactivity';
import type { Line } from '../ipc/bindings/Line';
import { lineKey } from './lines';

export interface Focus {
  /** Null when what stood there is gone: the place stays, for the next arrow key. */
  key: string | number | null;
  /** Where it stands now. */
  line: number;
}

export class Selection {
  ids = new SvelteSet<number>();
  focus = $state.raw<Focus | null>(null);
  /** Where a selection with Shift begins. */
  #anchor: Focus = { key: null, line: 0 };

  /** The id of the focused row; null on a heading. */
  get focusedId(): number | null {
    return typeof this.focus?.key === 'number' ? this.focus.key : null;
  }

  /** Moves the focus and selects that row alone. */
  only(line: Line, index: number): void {
    this.ids.clear();
    this.#put(line, index);
    this.#anchor = { key: lineKey(line), line: index };
    if (line.kind === 'socket') this.ids.add(line.id);
  }

  /** Adds a row to the selection, or takes it out. */
  toggle(line: Line, index: number): void {
    this.#put(line, index);
    this.#anchor = { key: lineKey(line), line: index };
    if (line.kind !== 'socket') return;
    if (!this.ids.delete(line.id)) this.ids.add(line.id);
  }

  /** Selects from the anchor to here; `ids` are the rows between. */
  extend(line: Line, index: number, ids: readonly number[]): void {
    this.#put(line, index);
    this.ids.clear();
    ids.forEach((id) => this.ids.add(id));
  }

  /** Selects one row that need not be in sight; where it stands is told by `located`. */
  choose(id: number): void {
    this.ids.clear();
    this.ids.add(id);
    this.focus = { key: id, line: this.focus?.line ?? 0 };
    this.#anchor = this.focus;
  }

  between(index: number): [number, number] {
    const from = this.#anchor.line;
    return index < from ? [index, from] : [from, index];
  }

  all(ids: readonly number[]): void {
    this.ids.clear();
    ids.forEach((id) => this.ids.add(id));
  }

  clear(): void {
    this.ids.clear();
    this.focus = null;
  }

  /** Where the focused row stands now; null: it is not among the lines any more. */
  located(index: number | null): void {
    if (!this.focus) return;
    if (index === null) this.#lose(this.focus.line);
    else if (index !== this.focus.line) this.focus = { ...this.focus, line: index };
  }

  /** The lines that are in sight now: the anchor goes where its row has gone. */
  sighted(lines: readonly Line[], first: number): void {
    if (this.#anchor.key === null) return;
    const at = lines.findIndex((line) => lineKey(line) === this.#anchor.key);
    if (at >= 0) this.#anchor = { ...this.#anchor, line: first + at };
  }

  #lose(line: number): void {
    this.ids.clear();
    this.focus = { key: null, line };
  }

  #put(line: Line, index: number): void {
    this.focus = { key: lineKey(line), line: index };
  }
}
