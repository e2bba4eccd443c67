import { FluentResource } from '@fluent/bundle';
import { beforeEach, expect, test } from 'vitest';
import { say, speak, type Tag } from './words.svelte';

const catalogues = import.meta.glob<string>(['../../../locales/*/*.ftl', '!../../../locales/*/terminal.ftl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
beforeEach(() => speak('en'));

/** Every message of the page's catalogues, with the variables in it. */
function messages(tag: Tag): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, text] of Object.entries(catalogues)) {
    if (!path.includes(`/${tag}/`)) continue;
    for (const entry of new FluentResource(text).body) found.set(entry.id, variables(entry.value));
  }
  return found;
}

function variables(pattern: unknown): string[] {
  const found = [...JSON.stringify(pattern).matchAll(/"type":"var","name":"([^"]+)"/gu)].map((match) => match[1] ?? '');
  return found.filter((name, place) => found.indexOf(name) === place).sort();
}

test('both languages say the same things, about the same', () => {
  const [english, chinese] = [messages('en'), messages('zh-CN')];
  expect(english.size).toBeGreaterThan(150);
  expect(Object.fromEntries(chinese)).toEqual(Object.fromEntries(english));
});

test.each<Tag>(['en', 'zh-CN'])('every message can be said: %s', (tag) => {
  speak(tag);
  for (const [key, names] of messages(tag)) {
    const text = say(key, Object.fromEntries(names.map((name) => [name, 3])));
    expect(text, key).not.toMatch(/[{}]|\[/u);
    expect(text.trim(), key).not.toBe('');
  }
});

test('the sources ask only for what there is', async () => {
  const sources = import.meta.glob<string>(['../**/*.{ts,svelte}', '!../**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const known = [...messages('en').keys()];
  const asked = Object.values(sources).flatMap((text) => [...text.matchAll(/\bsay\(\s*(['`])([a-z][\w-]*)(\$\{)?/gu)]);
  expect(asked.length).toBeGreaterThan(100);
  for (const [, , key = '', open] of asked) {
    const there = open ? known.some((one) => one.startsWith(key)) : known.includes(key);
    expect(there, key).toBe(true);
  }
});

test('plurals, and the other language at once', () => {
  expect(say('end-connections', { connections: 1 })).toBe('1 connection will break');
  expect(say('end-connections', { connections: 2 })).toBe('2 connections will break');
  speak('zh-CN');
  expect(say('end-connections', { connections: 2 })).toBe('2 个连接将中断');
  expect(document.documentElement.lang).toBe('zh-CN');
});

test('a port is not grouped by thousands, and nothing invisible stands in the text', () => {
  expect(say('port-free', { port: '7897' })).toBe('Port 7897 is free');
});

test('a key that nobody worded is seen, not swallowed', () => {
  expect(say('no-such-key')).toBe('[no-such-key]');
});
