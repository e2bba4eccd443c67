/** Which settings the search has left over, for the parts of the page. */

import { getContext, setContext } from 'svelte';
import type { SettingName } from '../../model/settings-list';

const KEY = Symbol('shown settings');

/** `shown` is asked anew whenever it changes. */
export function provideShown(shown: () => ReadonlySet<SettingName>): void {
  setContext(KEY, shown);
}

export function useShown(): () => ReadonlySet<SettingName> {
  return getContext<() => ReadonlySet<SettingName>>(KEY);
}
