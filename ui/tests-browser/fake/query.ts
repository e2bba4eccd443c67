/** Filter, order and groups of the scripted computer: enough of the real ones to play the page's part against. */

import type { Column } from '../../src/ipc/bindings/Column';
import type { FilterProblem } from '../../src/ipc/bindings/FilterProblem';
import type { FrameRequest } from '../../src/ipc/bindings/FrameRequest';
import type { Group } from '../../src/ipc/bindings/Group';
import type { Line } from '../../src/ipc/bindings/Line';
import type { Row } from '../../src/ipc/bindings/Row';

type Test = (row: Row) => boolean;

const KEYS = [
  'port',
  'lport',
  'rport',
  'local',
  'remote',
  'pid',
  'proc',
  'user',
  'path',
  'org',
  'country',
  'peer',
  'state',
  'proto',
];

/** The filter as a test, or where it is wrong. */
export function parse(text: string): Test | FilterProblem {
  const tests: Test[] = [];
  for (const match of text.matchAll(/(!?)(?:([a-z]+):)?("[^"]*"|\S+)/gu)) {
    const [whole, not, key, value = ''] = match;
    if (key !== undefined && !KEYS.includes(key)) return problem('unknown_key', match.index, `${not}${key}`);
    if (key?.endsWith('port') && !/^[\d|-]+$/u.test(value))
      return problem('bad_port', match.index + whole.indexOf(value), value);
    const choices = value.replaceAll('"', '').toLowerCase().split('|');
    tests.push((row) => choices.some((choice) => matches(row, key, choice)) !== (not === '!'));
  }
  return (row) => tests.every((test) => test(row));
}

function problem(code: string, start: number, piece: string): FilterProblem {
  return { start, end: start + piece.length, code, piece };
}

function matches(row: Row, key: string | undefined, choice: string): boolean {
  const [low, high = low] = choice.split('-').map(Number) as [number, number?];
  const within = (port: number | null) => port !== null && port >= low && port <= high;
  const has = (text: string | null) => text?.toLowerCase().includes(choice) ?? false;
  switch (key) {
    case 'port':
      return within(row.local_port) || within(row.remote_port);
    case 'lport':
      return within(row.local_port);
    case 'rport':
      return within(row.remote_port);
    case 'local':
      return row.local_address === choice;
    case 'remote':
      return row.remote_address === choice;
    case 'org':
      return row.remote_whose?.kind === 'network' && !!row.remote_whose.organisation?.toLowerCase().includes(choice);
    case 'peer':
      return has(row.peer);
    case 'country':
      return row.remote_whose?.kind === 'network' && row.remote_whose.country?.toLowerCase() === choice;
    case 'pid':
      return row.owners.some((owner) => String(owner.pid) === choice);
    case 'proc':
      return row.owners.some((owner) => has(owner.name));
    case 'path':
      return row.owners.some((owner) => has(owner.path));
    case 'user':
      return has(row.user);
    case 'state':
      return row.state?.toLowerCase() === choice;
    case 'proto':
      return choice === row.protocol || choice === `${row.protocol}${row.family}`;
  }
  if (/^\d+$/u.test(choice) && Number(choice) <= 65535) return within(row.local_port) || within(row.remote_port);
  return [row.owners[0]?.name ?? null, row.local_address, row.remote_address, row.state, row.user].some(has);
}

export function inOrder(rows: Row[], { column, descending }: FrameRequest['sort']): Row[] {
  const keyed = rows.map((row) => ({ row, key: sortKey(row, column) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.row.id - b.row.id);
  return keyed.map(({ row }) => row);
}

function sortKey(row: Row, column: Column): number | string {
  switch (column) {
    case 'program':
      return (row.owners[0]?.name ?? '\uffff').toLowerCase();
    case 'pid':
      return row.owners[0]?.pid ?? Infinity;
    case 'path':
      return row.owners[0]?.path ?? '\uffff';
    case 'state':
      return row.state ?? '\uffff';
    case 'organisation':
      return (row.remote_whose?.kind === 'network' && row.remote_whose.organisation?.toLowerCase()) || '\uffff';
    case 'country':
      return (row.remote_whose?.kind === 'network' && row.remote_whose.country) || '\uffff';
    case 'receiving':
    case 'sending':
      return counted(row).traffic?.[column] ?? -1;
    default:
      return row[column] ?? -1;
  }
}

/** A row with what went through it, made up from its number: every third connection is at rest. */
export function counted(row: Row): Row {
  if (row.protocol !== 'tcp' || row.remote_address === null || row.kept_by_kernel) return row;
  const { id } = row;
  const speeds = id % 3 === 0 ? { sending: 0, receiving: 0 } : { sending: id * 517, receiving: id * id * 1733 };
  const traffic = {
    sent: id * 90_001,
    received: id * 7_000_001,
    ...speeds,
    round_trip_us: 900 * id,
    retransmitted: id % 4,
  };
  return { ...row, traffic };
}

/** Rows under headings of their programs. */
export function grouped(rows: Row[], folded: string[]): Line[] {
  const groups = new Map<string, { group: Group; rows: Row[] }>();
  for (const row of rows) {
    const owner = row.owners[0];
    const key = owner
      ? `path:${owner.path ?? owner.name}`
      : row.kept_by_kernel
        ? 'kernel'
        : `gap:${row.owner_unknown_because}`;
    const known = groups.get(key) ?? {
      group: {
        key,
        program: owner?.name ?? null,
        because: row.owner_unknown_because,
        pids: [],
        sockets: 0,
        listeners: 0,
        folded: folded.includes(key),
      },
      rows: [],
    };
    known.rows.push(row);
    known.group.sockets += 1;
    if (row.state === 'LISTEN') known.group.listeners += 1;
    if (owner && !known.group.pids.includes(owner.pid)) known.group.pids.push(owner.pid);
    groups.set(key, known);
  }
  return [...groups.values()].flatMap(({ group, rows: members }) => [
    { kind: 'group' as const, ...group },
    ...(group.folded ? [] : members.map((row) => ({ kind: 'socket' as const, ...row }))),
  ]);
}
