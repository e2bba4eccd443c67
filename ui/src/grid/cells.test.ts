import { beforeEach, expect, test } from 'vitest';
import { programOf, row } from '../../tests-browser/fake/cast';
import type { Column } from '../ipc/bindings/Column';
import type { Row } from '../ipc/bindings/Row';
import { say, speak } from '../model/words.svelte';
import { cellNote, cellText, isVague } from './cells';
import { filterFor } from './menus';

const [node, bash] = [programOf(4021).owner, programOf(3900).owner];
beforeEach(() => speak('en'));

test.each<[string, Partial<Row>, Column, string]>([
  ['the program', { owners: [node] }, 'program', 'node'],
  ['one of several', { owners: [node, bash] }, 'program', 'node +1'],
  ['numbers of several', { owners: [node, bash] }, 'pid', '4021 +1'],
  ['a name that is on its way', { owners: [{ ...node, name: '', label: '' }] }, 'program', '(being read)'],
  ['whose services it hosts', { owners: [programOf(1240).owner] }, 'program', 'Windows Time (W32Time)'],
  ['why there is none', { owner_unknown_because: 'other_user' }, 'program', 'another user’s'],
  ['the kernel', { kept_by_kernel: true, state: 'TIME_WAIT' }, 'program', 'system (closing)'],
  ['nothing for nobody’s number', {}, 'pid', ''],
  ['both families', { dual_stack: true, local_address: '::', family: 6 }, 'local_address', ':: +IPv4'],
  ['no state for UDP', { protocol: 'udp', state: null }, 'state', ''],
  ['the user’s number without a name', { user: null, uid: 33 }, 'user', '33'],
  ['the holder’s user where a socket has none', { user: null, uid: null, owners: [node] }, 'user', 'lin'],
  ['no port on the other side', { remote_port: null }, 'remote_port', ''],
  ['port 0', { remote_port: 0 }, 'remote_port', '0'],
])('a cell shows %s', (_, part, column, text) => expect(cellText(row(part), column, 0)).toBe(text));

test('a reason is told from a value, and explained', () => {
  const hidden = row({ owner_unknown_because: 'protected' });
  expect(isVague(hidden, 'program')).toBe(true);
  expect(cellNote(hidden, 'program')).toBe(say('owner-gap-protected-why'));
  expect(cellNote(row({ owners: [node, bash] }), 'pid')).toBe('node (PID 4021)\nbash (PID 3900)');
  expect(cellNote(row({ kept_by_kernel: true, last_owners: [node] }), 'program')).toMatch(/node \(PID 4021\)/u);
  expect(isVague(row({ owners: [node] }), 'program')).toBe(false);
});

test.each<[Partial<Row>, Column, string | null]>([
  [{ owners: [node] }, 'program', 'proc:node'],
  [{ owners: [{ ...node, label: 'Web "x" Content' }] }, 'program', 'proc:" Content"'],
  [{ owners: [programOf(1240).owner] }, 'program', 'proc:"Windows Time (W32Time)"'],
  [{ user: null, uid: null, owners: [node] }, 'user', 'user:lin'],
  [{ user: null, uid: 0 }, 'user', 'user:0'],
  [{ user: null, uid: null }, 'user', null],
  [{ owners: [{ ...node, path: '/opt/a b' }] }, 'path', 'path:"/opt/a b"'],
  [{ local_address: 'fe80::1%eth0' }, 'local_address', 'local:fe80::1'],
  [{ state: 'CLOSE_WAIT' }, 'state', 'state:close_wait'],
  [{ protocol: 'udp', state: null }, 'state', 'proto:udp'],
  [{ remote_address: null }, 'remote_address', null],
  [{}, 'first_seen', null],
])('rows like this: %j by %s is %s', (part, column, word) => expect(filterFor(row(part), column)).toBe(word));

test('what waits to be accepted is not said to be closing', () => {
  const waiting = row({ kept_by_kernel: true, state: 'ESTABLISHED' });
  expect(cellText(waiting, 'program', 0)).toBe(say('owner-waiting'));
  expect(cellNote(waiting, 'program')).toBe(say('owner-waiting-why'));
  expect(cellText(row({ kept_by_kernel: true, state: 'TIME_WAIT' }), 'program', 0)).toBe(say('owner-kernel'));
});
