/** Short messages about what was just done or could not be. */

import type { Failure } from '../ipc/bindings/Failure';
import { say } from './words.svelte';

export interface Notice {
  text: string;
  bad: boolean;
  /** What can still be done about it. */
  offer?: { label: string; act: () => void };
}

const SHOWN_FOR = 6000;

export class Notices {
  current = $state.raw<Notice | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(text: string): void {
    this.#show({ text, bad: false });
  }

  failed(failure: Failure): void {
    this.#show({ text: wordsFor(failure), bad: true });
  }

  /** Stays until it is put away: there is more to read. */
  explain(text: string): void {
    clearTimeout(this.#timer);
    this.current = { text, bad: false };
  }

  /** Stays until it is put away or accepted: nobody should have to be quick. */
  offer(text: string, label: string, act: () => void): void {
    clearTimeout(this.#timer);
    this.current = { text, bad: false, offer: { label, act } };
  }

  /** Does what is offered, once. */
  accept(): void {
    const offer = this.current?.offer;
    this.dismiss();
    offer?.act();
  }

  dismiss(): void {
    this.current = null;
  }

  #show(notice: Notice): void {
    clearTimeout(this.#timer);
    this.current = notice;
    this.#timer = setTimeout(() => this.dismiss(), SHOWN_FOR);
  }
}

/** What happened and why; the system's own words last. */
export function wordsFor(failure: Failure): string {
  const why = failure.refusal === null ? '' : ` ${say(`refusal-${failure.refusal}`)}`;
  const detail = failure.detail === null ? '' : ` (${failure.detail})`;
  return say(`error-${failure.code}`) + why + detail;
}
