/** The page's words: Fluent catalogues of both languages, switched without a reload. */

import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

export type Tag = 'en' | 'zh-CN';
export type Variables = Record<string, FluentVariable>;

const sources = import.meta.glob<string>(['../../../locales/*/*.ftl', '!../../../locales/*/terminal.ftl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

const bundles: Record<Tag, FluentBundle> = { en: bundle('en'), 'zh-CN': bundle('zh-CN') };

let current = $state<Tag>('en');

function bundle(tag: Tag): FluentBundle {
  // Names and addresses stand in elements of their own, which isolate them; marks in the text would be copied with it.
  const made = new FluentBundle(tag, { useIsolating: false });
  for (const [path, source] of Object.entries(sources)) {
    if (path.includes(`/${tag}/`)) made.addResource(new FluentResource(source));
  }
  return made;
}

export function language(): Tag {
  return current;
}

export function speak(tag: Tag): void {
  current = tag;
  document.documentElement.lang = tag;
}

/** The text of `key`. Ports, PIDs and the like are handed over as text: as numbers they would be grouped by thousands. */
export function say(key: string, variables?: Variables): string {
  const spoken = bundles[current];
  const message = spoken.getMessage(key);
  if (message?.value === null || message?.value === undefined) return `[${key}]`;
  return spoken.formatPattern(message.value, variables ?? null, []);
}
