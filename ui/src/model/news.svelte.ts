/** New listeners that the person has not looked at. */

import type { NewListener } from '../ipc/bindings/NewListener';
import { failureOf, type Backend } from '../ipc/backend';
import type { Notices } from './notices.svelte';

export class News {
  #backend: Backend;
  #notices: Notices;
  /** Newest first. */
  list = $state.raw<NewListener[]>([]);

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    await this.#then(async () => {});
  }

  /** These, and others like them, are not told of again. */
  async expect(listeners: NewListener[]): Promise<void> {
    await this.#then(() => this.#backend.expectListeners(listeners.map(({ row }) => row)));
  }

  /** Seen; the same may be told again another day. */
  async dismiss(): Promise<void> {
    await this.#then(() => this.#backend.dismissNews());
  }

  /** What is wrong with what the watch remembers has been read. */
  async hearTrouble(): Promise<void> {
    try {
      await this.#backend.hearWatchTrouble();
    } catch (reason) {
      this.#notices.failed(failureOf(reason));
    }
  }

  async #then(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.list = (await this.#backend.listNews()).reverse();
    } catch (reason) {
      this.#notices.failed(failureOf(reason));
    }
  }
}
