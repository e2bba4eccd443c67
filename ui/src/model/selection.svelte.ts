/** The focused line and the selected rows. Both follow the socket, not the place. */

import { SvelteSet } from 'svelte/reactivity';
import type { Line } from '../ipc/bindings/Line';
import { lineKey } from './lines';

export interface Focus {
  key: string | number;
  /** Where it stands now. */
  line: number;
}

export class Selection {
  ids = new SvelteSet<number>();
  focus = $state.raw<Focus | null>(null);
  #anchor = 0;

  /** The id of the focused row; null on a heading. */
  get focusedId(): number | null {
    return typeof this.focus?.key === 'number' ? this.focus.key : null;
  }

  /** Moves the focus and selects that row alone. */
  only(line: Line, index: number): void {
    this.ids.clear();
    this.#put(line, index);
    this.#anchor = index;
    if (line.kind === 'socket') this.ids.add(line.id);
  }

  /** Adds a row to the selection, or takes it out. */
  toggle(line: Line, index: number): void {
    this.#put(line, index);
    this.#anchor = index;
    if (line.kind !== 'socket') return;
    if (!this.ids.delete(line.id)) this.ids.add(line.id);
  }

  /** Selects from the anchor to here; `ids` are the rows between. */
  extend(line: Line, index: number, ids: readonly number[]): void {
    this.#put(line, index);
    this.ids.clear();
    ids.forEach((id) => this.ids.add(id));
  }

  /** Moves the focus alone. */
  move(line: Line, index: number): void {
    this.#put(line, index);
  }

  between(index: number): [number, number] {
    return index < this.#anchor ? [index, this.#anchor] : [this.#anchor, index];
  }

  all(ids: readonly number[]): void {
    this.ids.clear();
    ids.forEach((id) => this.ids.add(id));
  }

  clear(): void {
    this.ids.clear();
    this.focus = null;
  }

  /** The focused row stands elsewhere now. */
  located(index: number | null): void {
    if (this.focus && index !== null && index !== this.focus.line) this.focus = { ...this.focus, line: index };
  }

  #put(line: Line, index: number): void {
    this.focus = { key: lineKey(line), line: index };
  }
}
