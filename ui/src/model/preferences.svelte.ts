/** What the person has chosen: in force at once, written to the disk a moment later. */

import type { NetworksFile } from '../ipc/bindings/NetworksFile';
import type { Settings } from '../ipc/bindings/Settings';
import type { SettingsTrouble } from '../ipc/bindings/SettingsTrouble';
import { failureOf, type Backend } from '../ipc/backend';
import type { Notices } from './notices.svelte';
import { say, speak, type Tag } from './words.svelte';

/** A dragged column edge changes the settings sixty times a second; the disk need not know each. */
const SAVE_AFTER = 400;

export class Preferences {
  #backend: Backend;
  #notices: Notices;
  #systemLanguage: Tag = 'en';
  #saving: ReturnType<typeof setTimeout> | undefined;
  #defaults: Settings | undefined;
  settings = $state.raw<Settings>() as Settings;
  trouble = $state.raw<SettingsTrouble | null>(null);
  /** Where the settings are kept, to be read by a person. */
  file = $state.raw('');
  /** What tells whose addresses are. */
  networks = $state.raw<NetworksFile>({ as_of: null, path: null, own: '', credits: [], useless: null });

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    const { settings, system_language, trouble, defaults, file, networks } = await this.#backend.loadSettings();
    this.#systemLanguage = system_language;
    this.#defaults = defaults;
    this.settings = settings;
    this.trouble = trouble;
    this.file = file;
    this.networks = networks;
    this.#show();
  }

  change(part: Partial<Settings>): void {
    this.settings = { ...this.settings, ...part };
    this.#show();
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => void this.#save(), SAVE_AFTER);
  }

  /** Back to what a new installation has, which can be undone for as long as the notice of it stands. */
  reset(): void {
    const [before, defaults] = [this.settings, this.#defaults];
    if (!defaults) return;
    this.change(defaults);
    this.#notices.offer(say('notice-reset'), say('undo'), () => {
      // What has been chosen since then stays chosen.
      const keys = Object.keys(before) as (keyof Settings)[];
      const untouched = keys.filter((key) => this.settings[key] === defaults[key]);
      this.change(Object.fromEntries(untouched.map((key) => [key, before[key]])));
    });
  }

  /** Writes at once what would be written in a moment. */
  async settle(): Promise<void> {
    clearTimeout(this.#saving);
    await this.#save();
  }

  async #save(): Promise<void> {
    try {
      await this.#backend.saveSettings(this.settings);
    } catch (reason) {
      this.#notices.failed(failureOf(reason));
    }
  }

  #show(): void {
    const { language, theme } = this.settings;
    speak(language === 'system' ? this.#systemLanguage : language);
    document.documentElement.dataset.theme = theme;
  }
}
