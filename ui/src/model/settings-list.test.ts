import { beforeEach, expect, test } from 'vitest';
import { found, SECTIONS, type Section, type SettingName } from './settings-list';
import { say, speak, type Tag } from './words.svelte';

beforeEach(() => speak('en'));

const section = (name: Section) => say(`section-${name}`);
const words = (name: SettingName) => `${say(`setting-${name}`)} ${say(`effect-${name}`)}`;
const search = (typed: string) => [...found(typed, section, words)];
const all = Object.values(SECTIONS).flat();

test('nothing typed is everything', () => {
  expect(search('')).toEqual(all);
  expect(search('  ')).toEqual(all);
});

test.each<[Tag, string, SettingName[]]>([
  ['en', 'udp', ['udp']],
  ['en', 'UDP', ['udp']],
  ['en', 'ＵＤＰ', ['udp']],
  ['en', 'megabytes', ['megabytes']],
  ['en', 'closing tray', ['close_to_tray', 'minimise_without_tray']],
  ['en', 'tray leaves', ['close_to_tray']],
  ['en', 'history', ['keep', 'days', 'megabytes', 'forget']],
  ['en', 'looks nothing up', ['lookups']],
  ['en', 'toml', ['file']],
  ['en', 'no such thing', []],
  ['zh-CN', '免打扰', ['quiet']],
  ['zh-CN', '托盘 关闭', ['close_to_tray', 'minimise_without_tray']],
  ['zh-CN', '隐私', ['lookups', 'networks']],
  ['zh-CN', 'closing', []],
])('%s: %s', (tag, typed, expected) => {
  speak(tag);
  expect(search(typed)).toEqual(expected);
});

test.each<Tag>(['en', 'zh-CN'])('every setting has its words and its sentence: %s', (tag) => {
  speak(tag);
  for (const name of all) {
    expect(words(name), name).not.toMatch(/\[/u);
    expect(say(`effect-${name}`), name).toMatch(/[.。]$/u);
  }
});
