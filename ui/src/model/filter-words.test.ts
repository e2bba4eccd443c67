import { expect, test } from 'vitest';
import { at, quoted, timesOf, untimed, wordsOf } from './filter-words';

test.each([
  ['', []],
  ['  node  443 ', ['node', '443']],
  ['proc:"my program" since:2h', ['proc:"my program"', 'since:2h']],
  ['"since:2h yesterday"', ['"since:2h yesterday"']],
  ['proc:"open', ['proc:"open']],
])('the words of %s', (filter, words) => {
  expect(wordsOf(filter)).toEqual(words);
});

test.each([
  ['', 'since:1h', 'since:1h'],
  ['node', 'on:today', 'node on:today'],
  ['since:7d proc:"a  b" UNTIL:1h', 'since:1h', 'proc:"a  b" since:1h'],
  ['node on:today', null, 'node'],
  ['"since:7d"', 'on:today', '"since:7d" on:today'],
])('%s at %s is %s', (filter, time, expected) => {
  expect(at(filter, time)).toBe(expected);
});

test('what says when is told from what does not', () => {
  expect(timesOf('8080 Since:2h !since:1d on:today')).toEqual(['Since:2h', 'on:today']);
  expect(untimed('8080 since:2h')).toBe('8080');
});

test.each([
  ['node', 'node'],
  ['Web Content', '"Web Content"'],
  ['a|b', '"a|b"'],
  ['Web "x" Content', '" Content"'],
])('a filter takes %s as %s', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});
