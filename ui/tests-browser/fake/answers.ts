/** What the scripted computer knows about a port, a row and a process. */

import type { Client } from '../../src/ipc/bindings/Client';
import type { Detail } from '../../src/ipc/bindings/Detail';
import type { Fact } from '../../src/ipc/bindings/Fact';
import type { Holder } from '../../src/ipc/bindings/Holder';
import type { PortAnswer } from '../../src/ipc/bindings/PortAnswer';
import type { PortHint } from '../../src/ipc/bindings/PortHint';
import type { Process } from '../../src/ipc/bindings/Process';
import type { Row } from '../../src/ipc/bindings/Row';
import { programs, type Program } from './cast';

export function portAnswer(rows: Row[], port: number): PortAnswer {
  const here = rows.filter((row) => row.local_port === port && row.mark !== 'closed');
  const bound = here.filter((row) => row.state === 'LISTEN' || (row.state === null && row.remote_port === null));
  const holders = holdersOf(bound);
  const pids = holders.map((holder) => holder.process?.pid);
  const others = here.filter((row) => !bound.includes(row));
  const lingering = others.filter((row) => row.kept_by_kernel);
  const served = others.filter((row) => pids.includes(row.owners[0]?.pid));
  const users = holdersOf(others.filter((row) => !lingering.includes(row) && !served.includes(row)));
  const until = Math.max(...lingering.map((row) => row.time_wait_until ?? 0));
  return {
    port,
    standing:
      holders.length > 0 ? 'held' : users.length > 0 ? 'client_port' : lingering.length > 0 ? 'lingering' : 'free',
    holders,
    users,
    clients: clientsOf(served, rows),
    connections: served.length,
    lingering: lingering.length,
    lingering_until: lingering.length > 0 && until > 0 ? until : null,
    outgoing: rows.filter((row) => row.remote_port === port && row.remote_address !== '127.0.0.1').length,
    hint: hintFor(port),
    dynamic: port >= 49_152 ? { first: 49_152, last: 65_535 } : null,
    excluded: port >= 50_000 && port < 50_060 ? { ports: { first: 50_000, last: 50_059 }, administered: false } : null,
  };
}

function holdersOf(rows: Row[]): Holder[] {
  const byOwner = new Map<string, Row[]>();
  for (const row of rows) {
    const key = String(row.owners[0]?.pid ?? row.owner_unknown_because);
    byOwner.set(key, [...(byOwner.get(key) ?? []), row]);
  }
  return [...byOwner.values()].map((sockets) => {
    const first = sockets[0] as Row;
    const owner = first.owners[0];
    const program = programs.find((one) => one.owner.pid === owner?.pid);
    const local = sockets.every((row) => row.local_address.startsWith('127.'));
    return {
      process: owner ? { pid: owner.pid, start: owner.start } : null,
      name: owner?.name ?? null,
      label: owner?.label ?? null,
      description: program?.claims?.description ?? null,
      services: program?.claims?.services ?? [],
      windows_kernel: owner?.pid === 4,
      path: owner?.path ?? null,
      remotes: owner?.pid === 21612 ? [{ organisation: 'Alibaba (US) Technology Co., Ltd.', connections: 3 }] : [],
      user: owner?.user ?? first.user,
      started_at: owner?.started_at ?? null,
      because: first.owner_unknown_because,
      sockets,
      reach: local ? 'this_computer' : 'everywhere',
      since: Math.min(...sockets.map((row) => row.first_seen)),
      already_open: sockets.some((row) => row.already_open),
      protected: program?.manner === 'system' ? 'system' : null,
    };
  });
}

function clientsOf(served: Row[], rows: Row[]): Client[] {
  const clients = new Map<string, Client>();
  for (const row of served) {
    const peer = peerOf(row, rows)?.owners[0];
    const key = peer?.name ?? row.remote_address ?? '';
    const known = clients.get(key) ?? {
      name: peer?.name ?? null,
      processes: peer ? [{ pid: peer.pid, start: peer.start }] : [],
      because: null,
      address: row.remote_address ?? '',
      local: peer !== undefined,
      connections: 0,
      protocol: row.protocol,
    };
    known.connections += 1;
    clients.set(key, known);
  }
  return [...clients.values()];
}

export function peerOf(row: Row, rows: Row[]): Row | null {
  if (row.remote_address !== '127.0.0.1') return null;
  return rows.find((other) => other.local_port === row.remote_port && other.remote_port === row.local_port) ?? null;
}

const HINTS: Readonly<Record<number, PortHint>> = {
  7897: { programs: ['Clash Verge'], registered: null, description: null },
  5173: { programs: ['Vite'], registered: null, description: null },
  22: { programs: ['OpenSSH'], registered: 'ssh', description: 'The Secure Shell (SSH) Protocol' },
  8080: { programs: ['Tomcat', 'Jenkins'], registered: 'http-alt', description: 'HTTP Alternate' },
};

function hintFor(port: number): PortHint | null {
  return HINTS[port] ?? null;
}

export function detailOf(row: Row, rows: Row[]): Detail {
  const owners = row.kept_by_kernel ? row.last_owners : row.owners;
  const pids = row.owners.map((owner) => owner.pid);
  const siblings = rows.filter(
    (other) => other.id !== row.id && other.owners.some((owner) => pids.includes(owner.pid)),
  );
  siblings.sort((a, b) => Number(b.state === 'LISTEN') - Number(a.state === 'LISTEN'));
  return {
    row,
    processes: owners.map((owner) =>
      processOf(
        programs.find((one) => one.owner.pid === owner.pid) ?? { owner, parent: 0, command: '', manner: 'polite' },
      ),
    ),
    peer: peerOf(row, rows),
    siblings: siblings.slice(0, 50),
    sibling_count: siblings.length,
    hint: hintFor(row.local_port),
  };
}

export function processOf({ owner, parent, command, claims }: Program): Process {
  const claimed = <T>(value: T | null | undefined): Fact<T> =>
    claims
      ? { value: value ?? null, gap: value === null || value === undefined ? 'none' : null }
      : { value: null, gap: 'unsupported' };
  const known = <T>(value: T | null): Fact<T> => (value === null ? { value, gap: 'denied' } : { value, gap: null });
  const ancestors: Process['ancestors'] = [];
  for (
    let up = programs.find((one) => one.owner.pid === parent);
    up;
    up = programs.find((one) => one.owner.pid === up?.parent)
  ) {
    ancestors.push({ process: { pid: up.owner.pid, start: up.owner.start }, name: up.owner.name });
  }
  return {
    process: { pid: owner.pid, start: owner.start },
    name: owner.name,
    path: known(owner.path),
    command_line: known(command === '' ? null : command),
    user: known(owner.user),
    started_at: known(owner.started_at),
    working_directory: claims ? claimed<string>(null) : known(owner.user === 'lin' ? '/home/lin' : null),
    description: claimed(claims?.description),
    company: claimed(claims?.company),
    services: claimed(claims?.services),
    windows_kernel: owner.pid === 4,
    ancestors,
  };
}
