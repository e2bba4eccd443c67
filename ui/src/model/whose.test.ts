import { describe, expect, test } from 'vitest';
import type { Whose } from '../ipc/bindings/Whose';
import { placeOf, systemOf, whoseNote, whoseText } from './whose';
import { speak } from './words.svelte';

const alibaba: Whose = { kind: 'network', asn: 45102, organisation: 'Alibaba', country: 'CN' };
const nameless: Whose = { kind: 'network', asn: null, organisation: null, country: null };

describe('whose an address is', () => {
  test('a network, in both languages', () => {
    speak('en');
    expect([whoseText(alibaba), systemOf(alibaba), placeOf(alibaba)]).toEqual([
      'Alibaba',
      'AS45102',
      'Registered in China (CN)',
    ]);
    expect(whoseNote(alibaba)).toBe('AS45102\nRegistered in China (CN)');
    speak('zh-CN');
    expect(placeOf(alibaba)).toBe('注册于 中国 (CN)');
    speak('en');
  });

  test('a network of which nothing is known says nothing', () => {
    expect([whoseText(nameless), systemOf(nameless), placeOf(nameless), whoseNote(nameless)]).toEqual(['', '', '', '']);
  });

  test('a special address is called what it is, and no country', () => {
    const special: Whose = { kind: 'special', what: 'proxy_fake' };
    expect(whoseText(special)).toBe('Test network');
    expect(whoseNote(special)).toContain('proxy');
    expect(placeOf(special)).toBe('');
  });

  test('what is not known is said so', () => {
    expect(whoseText({ kind: 'unknown' })).toBe('');
    expect(whoseNote({ kind: 'unknown' })).toContain('Not known');
  });
});
