/** The page's parts, put together once and handed to the views by context. */

import { getContext, setContext } from 'svelte';
import type { Column } from '../ipc/bindings/Column';
import type { ExportFormat } from '../ipc/bindings/ExportFormat';
import type { ProcessRef } from '../ipc/bindings/ProcessRef';
import type { Wish } from '../ipc/bindings/Wish';
import { failureOf, type Backend } from '../ipc/backend';
import { Ending } from './ending.svelte';
import { Icons } from './icons';
import { News } from './news.svelte';
import { Notices } from './notices.svelte';
import { Past } from './past.svelte';
import { Preferences } from './preferences.svelte';
import { Watch } from './watch.svelte';
import { say } from './words.svelte';

export class App {
  #backend: Backend;
  notices: Notices;
  news: News;
  past: Past;
  preferences: Preferences;
  watch: Watch;
  ending: Ending;
  icons: Icons;
  /** The list of keys is shown. */
  help = $state(false);
  /** What closing the window does is being explained: with a tray to go on in, or without. */
  closing = $state<'tray' | 'no_tray' | null>(null);
  /** Grows whenever the search box is to have the focus. */
  sought = $state(0);

  constructor(backend: Backend) {
    this.#backend = backend;
    this.notices = new Notices();
    this.preferences = new Preferences(backend, this.notices);
    this.news = new News(backend, this.notices);
    this.watch = new Watch(backend, this.preferences);
    this.past = new Past(backend, this.notices, this.preferences, () => this.watch.frame?.taken_at ?? 0);
    this.ending = new Ending(backend);
    this.icons = new Icons(backend);
  }

  get shownColumns(): Column[] {
    return this.preferences.settings.columns.filter((setting) => setting.shown).map((setting) => setting.column);
  }

  /** Listens to what is wished from outside of the page. */
  async heed(): Promise<void> {
    await this.#try(() => this.#backend.onAsked((wish) => this.#heed(wish)));
  }

  #heed(wish: Wish): void {
    if (wish.wish === 'closing') {
      this.closing = wish.tray ? 'tray' : 'no_tray';
      return;
    }
    // A dialog in front would keep from view what was asked for.
    this.closing = null;
    this.help = false;
    if (wish.wish === 'listening') {
      this.watch.show('listening');
      this.watch.search('');
      return;
    }
    this.watch.search('port' in wish ? String(wish.port) : '');
    if (wish.wish === 'end') void this.ending.open(wish.process, wish.port);
    this.sought += 1;
  }

  /** The person has read what closing does, and has chosen. */
  async leave(stay: boolean): Promise<void> {
    const chosen =
      this.closing === 'tray'
        ? { explained: true, close_to_tray: stay }
        : { explained_without_tray: true, minimise_without_tray: stay };
    this.closing = null;
    this.preferences.change({ tray: { ...this.preferences.settings.tray, ...chosen } });
    await this.preferences.settle();
    await this.#try(() => this.#backend.leaveWindow(stay));
  }

  async pause(paused: boolean): Promise<void> {
    await this.#try(() => this.#backend.setPaused(paused));
  }

  async lookNow(): Promise<void> {
    await this.#try(() => this.#backend.lookNow());
  }

  async copyRows(ids: number[]): Promise<void> {
    await this.#try(async () => {
      const copied = await this.#backend.copyRows(ids, this.shownColumns);
      this.notices.tell(say('notice-copied-rows', { rows: copied }));
    });
  }

  async copyText(text: string): Promise<void> {
    await this.#try(async () => {
      await this.#backend.copyText(text);
      this.notices.tell(say('notice-copied'));
    });
  }

  async exportView(format: ExportFormat): Promise<void> {
    await this.#try(async () => {
      const request = { view: this.watch.request(null), format, columns: this.shownColumns };
      const { path, rows } = await this.#backend.exportView(request);
      if (path !== null) this.notices.tell(say('notice-exported', { rows, path }));
    });
  }

  async openFolder(process: ProcessRef): Promise<void> {
    await this.#try(() => this.#backend.openFolder(process));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (reason) {
      this.notices.failed(failureOf(reason));
    }
  }
}

const KEY = Symbol('app');

export function provideApp(app: App): void {
  setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
