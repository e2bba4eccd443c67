import { expect, test } from 'vitest';
import type { HistoryEvent } from '../ipc/bindings/HistoryEvent';
import { isLater, linesOf, renewed, timelineKey, topped } from './timeline-lines';

const local = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
const event = (id: number, at = local(22, 12), until: number | null = at): HistoryEvent => ({
  ...{ id: String(id), at, until, cut: false, already_open: false, program: null, pid: null },
  what: { kind: 'deed', deed: 'ended', port: null },
});
const events = (...ids: number[]) => ids.map((id) => event(id));
const ids = (list: readonly HistoryEvent[]) => list.map(({ id }) => Number(id));

test('each day has its heading once, also where a page ends within it', () => {
  const first = linesOf([event(5, local(22, 9)), event(4, local(22, 0)), event(3, local(21, 23))]);
  expect(first.map(timelineKey)).toEqual([`day ${local(22, 0)}`, '5', '4', `day ${local(21, 0)}`, '3']);
  const second = linesOf([event(2, local(21, 1)), event(1, local(19, 1))], first.at(-1));
  expect(second.map(timelineKey)).toEqual(['2', `day ${local(19, 0)}`, '1']);
});

test('numbers beyond 2^53 are told apart', () => {
  expect(isLater('9007199254740993', '9007199254740992')).toBe(true);
  expect(isLater('999', '1000')).toBe(false);
  expect(isLater('7', '7')).toBe(false);
});

test.each([
  ['what is new comes on top', [3, 2, 1], null, [5, 4, 3], 'x', [5, 4, 3, 2, 1], null],
  ['what is between is unknown', [3, 2, 1], 'old', [9, 8, 7], 'x', [9, 8, 7], 'x'],
  ['nothing is older than a whole answer', [3, 2, 1], null, [5, 4], null, [5, 4], null],
  ['an answer that found nothing takes nothing', [3, 2, 1], 'old', [], 'x', [3, 2, 1], 'old'],
  ['an answer that reaches the end goes on from its own', [3, 2], 'old', [4, 3, 2], 'x', [4, 3, 2], 'x'],
  ['the first of all', [], null, [1], null, [1], null],
])('%s', (_, held, next, page, pageNext, expected, expectedNext) => {
  const answer = topped({ events: events(...held), next }, { events: events(...page), next: pageNext });
  expect([ids(answer.events), answer.next]).toEqual([expected, expectedNext]);
});

test('what reads the same is the same, and what has changed is new', () => {
  const held = [event(2, 5000, null), event(1, 4000)];
  const answer = renewed(held, [event(3), event(2, 5000, 6000), event(1, 4000)]);
  expect(ids(answer)).toEqual([2, 1]);
  expect(answer[0]?.until).toBe(6000);
  expect(answer[1]).toBe(held[1]);
});
