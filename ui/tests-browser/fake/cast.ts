/** Who and what lives on the scripted computer: its programs and its sockets. Nothing here is random but by a fixed seed. */

import type { Owner } from '../../src/ipc/bindings/Owner';
import type { Row } from '../../src/ipc/bindings/Row';
import type { Service } from '../../src/ipc/bindings/Service';
import type { Whose } from '../../src/ipc/bindings/Whose';

/** Noon in Shanghai of a day in November: when every scripted computer is first looked at. */
export const NOON = Date.UTC(2026, 10, 22, 4, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Program {
  owner: Owner;
  parent: number;
  command: string;
  /** What only Windows tells of a program. */
  claims?: Claims;
  /** What it does when asked to end. */
  manner: 'polite' | 'stubborn' | 'respawns' | 'system' | 'windowless' | 'guarded';
}

export interface Claims {
  description?: string;
  company?: string;
  services: Service[];
}

/** A picture as the shell hands it over: a blue square. */
export const ICONS: Readonly<Record<number, string>> = {
  9012: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mPQztlAEmIY1TCqYfhqAABTXEcQuZnypgAAAABJRU5ErkJggg==',
};

function program(
  pid: number,
  name: string,
  path: string | null,
  more: Partial<Program> & { user?: string } = {},
): Program {
  const { user = 'lin', parent = 2210, command = path ?? name, manner = 'polite' } = more;
  const started_at = NOON - 3 * HOUR + pid * 100;
  const { claims } = more;
  const services = name === 'svchost.exe' ? (claims?.services ?? []) : [];
  const label = services.map((one) => `${one.display_name} (${one.name})`).join(', ') || name;
  const owner = { pid, start: String(pid * 7 + 90_000), name, label, path, user, started_at };
  return { owner, parent, command, manner, ...(claims ? { claims } : {}) };
}

export const programs: Program[] = [
  program(4, 'System', null, { user: 'SYSTEM', parent: 0, command: '', manner: 'system', claims: { services: [] } }),
  program(1240, 'svchost.exe', 'C:\\Windows\\System32\\svchost.exe', {
    user: 'LOCAL SERVICE',
    parent: 0,
    manner: 'system',
    claims: {
      description: 'Host Process for Windows Services',
      company: 'Microsoft Corporation',
      services: [{ name: 'W32Time', display_name: 'Windows Time' }],
    },
  }),
  program(9012, 'chrome.exe', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', {
    parent: 0,
    claims: { description: 'Google Chrome', company: 'Google LLC', services: [] },
  }),
  program(1, 'systemd', '/usr/lib/systemd/systemd', { user: 'root', parent: 0, manner: 'system' }),
  program(2210, 'gnome-shell', '/usr/bin/gnome-shell', { parent: 1, manner: 'system' }),
  program(21612, 'verge-mihomo', '/usr/bin/verge-mihomo', {
    command: '/usr/bin/verge-mihomo -d /home/lin/.local/share/clash-verge -f config.yaml -ext-ctl-unix /run/verge.sock',
  }),
  program(30418, 'msedge', '/opt/microsoft/msedge/msedge', {
    command: '/opt/microsoft/msedge/msedge --profile-directory=Default',
  }),
  program(4021, 'node', '/usr/bin/node', {
    parent: 3900,
    command: 'node node_modules/.bin/vite --port 5173 --host',
    manner: 'stubborn',
  }),
  program(3900, 'bash', '/usr/bin/bash'),
  program(4022, 'esbuild', '/home/lin/shop/node_modules/esbuild/bin/esbuild', { parent: 4021 }),
  program(4044, 'python3', '/usr/bin/python3.13', {
    parent: 3900,
    command: 'python3 -m http.server 8000',
    manner: 'respawns',
  }),
  program(1188, 'postgres', '/usr/lib/postgresql/17/bin/postgres', { user: 'postgres', parent: 1 }),
  program(880, 'sshd', '/usr/sbin/sshd', { user: 'root', parent: 1 }),
  program(5210, 'spotify', '/opt/spotify/spotify', { manner: 'guarded' }),
  program(6120, 'syncthing', '/usr/bin/syncthing', { manner: 'windowless' }),
  program(7733, '<img src=x onerror=alert(1)>\\u{202E}gpj.exe', '/tmp/\\e[31m<b>odd</b>'),
  program(8801, '微信输入法', '/opt/输入法/微信输入法'),
];

export function programOf(pid: number): Program {
  const found = programs.find((one) => one.owner.pid === pid);
  if (!found) throw new Error(`no program ${pid}`);
  return found;
}

let nextId = 1;

/** A few addresses' networks, as the file of networks has them. */
const NETWORKS: Record<string, [number, string, string]> = {
  '223.5.5.5': [45102, 'Alibaba (US) Technology Co., Ltd.', 'CN'],
  '223.109.175.205': [56046, 'China Mobile Communications Corporation', 'CN'],
  '142.250.72.14': [15169, 'Google LLC', 'US'],
};

export function whose(address: string): Whose {
  if (/^(?:127\.|::1$)/u.test(address)) return { kind: 'special', what: 'this_computer' };
  if (/^(?:10|192\.168)\./u.test(address)) return { kind: 'special', what: 'your_network' };
  const [asn, organisation, country] = NETWORKS[address] ?? [];
  if (asn === undefined || organisation === undefined || country === undefined) return { kind: 'unknown' };
  return { kind: 'network', asn, organisation, country };
}

/** A row; what is not said is as for a quiet TCP connection that was there before the first look. */
export function row(part: Partial<Row>): Row {
  return {
    id: nextId++,
    mark: 'steady',
    usual_program: null,
    traffic: null,
    protocol: 'tcp',
    family: 4,
    dual_stack: false,
    local_address: '192.168.1.23',
    local_port: 0,
    remote_address: null,
    peer: null,
    remote_whose: part.remote_address ? whose(part.remote_address) : null,
    remote_port: null,
    state: 'ESTABLISHED',
    owners: [],
    owner_unknown_because: null,
    kept_by_kernel: false,
    last_owners: [],
    uid: 1000,
    user: 'lin',
    receive_queue: 0,
    send_queue: 0,
    time_wait_until: null,
    first_seen: NOON - 2 * HOUR - 10 * MINUTE,
    already_open: true,
    ...part,
  };
}

function listener(pid: number, port: number, address: string, more: Partial<Row> = {}): Row {
  const { owner } = programOf(pid);
  const family = address.includes(':') ? 6 : 4;
  return row({
    state: 'LISTEN',
    local_address: address,
    local_port: port,
    family,
    owners: [owner],
    user: owner.user,
    send_queue: 128,
    ...more,
  });
}

function udp(pid: number, port: number, address: string, more: Partial<Row> = {}): Row {
  return listener(pid, port, address, { protocol: 'udp', state: null, send_queue: 0, ...more });
}

function talk(pid: number, port: number, to: string, toPort: number, more: Partial<Row> = {}): Row {
  const { owner } = programOf(pid);
  const six = to.includes(':');
  const local_address = to === '127.0.0.1' ? to : six ? '2409:8a55:3011:7c20::5e1' : '192.168.1.23';
  return row({
    local_address,
    local_port: port,
    remote_address: to,
    remote_port: toPort,
    family: six ? 6 : 4,
    owners: [owner],
    user: owner.user,
    ...more,
  });
}

const hidden: Partial<Row> = { owners: [], owner_unknown_because: 'other_user', user: 'root', uid: 0 };

/** A desk like many: a proxy, a browser, two servers of a developer, and what belongs to other users. */
export function desk(): Row[] {
  nextId = 1;
  const fresh = { already_open: false, first_seen: NOON - 42_000 };
  const closing = { owners: [], kept_by_kernel: true, uid: null, user: null, last_owners: [programOf(30418).owner] };
  const browser = [50112, 50118, 50124, 50130, 50144, 50152];
  return [
    listener(21612, 7897, '::', { dual_stack: true, usual_program: 'Clash Verge' }),
    udp(21612, 7897, '::', { dual_stack: true, usual_program: 'Clash Verge' }),
    listener(21612, 9097, '127.0.0.1'),
    ...browser.map((port) => talk(30418, port, '127.0.0.1', 7897)),
    ...browser.map((port) => talk(21612, 7897, '127.0.0.1', port)),
    talk(21612, 41810, '223.5.5.5', 443),
    talk(21612, 41822, '120.253.253.98', 443, fresh),
    talk(21612, 41824, '2400:3200::1', 853),
    talk(21612, 41830, '172.67.14.201', 443, { ...fresh, send_queue: 1448 }),
    listener(4021, 5173, '0.0.0.0', { usual_program: 'Vite' }),
    listener(4021, 24678, '127.0.0.1', fresh),
    talk(4021, 38122, '127.0.0.1', 5432),
    listener(4044, 8000, '0.0.0.0', { usual_program: 'HTTP', owners: [programOf(4044).owner, programOf(3900).owner] }),
    listener(1188, 5432, '127.0.0.1', { ...hidden, user: 'postgres', uid: 114, usual_program: 'PostgreSQL' }),
    listener(880, 22, '0.0.0.0', { ...hidden, usual_program: 'OpenSSH' }),
    listener(880, 22, '::', { ...hidden, usual_program: 'OpenSSH' }),
    listener(880, 631, '127.0.0.1', { ...hidden, usual_program: 'CUPS' }),
    udp(880, 5353, '0.0.0.0', { ...hidden, user: 'avahi', uid: 108, usual_program: 'mDNS' }),
    udp(880, 68, '192.168.1.23', { ...hidden }),
    udp(880, 53, '127.0.0.53', { ...hidden, user: 'systemd-resolve', uid: 991, usual_program: 'DNS' }),
    talk(5210, 40210, '35.186.224.25', 443),
    listener(5210, 57621, '0.0.0.0', { usual_program: 'Spotify' }),
    udp(5210, 57621, '0.0.0.0', { usual_program: 'Spotify' }),
    listener(6120, 8384, '127.0.0.1', { usual_program: 'Syncthing' }),
    listener(6120, 22000, '::', { dual_stack: true, usual_program: 'Syncthing' }),
    talk(6120, 22000, '192.168.1.40', 51920),
    talk(6120, 45124, '198.51.100.17', 22067, { state: 'SYN_SENT', ...fresh, first_seen: NOON - 3_000, mark: 'new' }),
    talk(30418, 44120, '20.205.243.166', 443, { state: 'CLOSE_WAIT', receive_queue: 25 }),
    talk(30418, 44122, '140.82.112.25', 443, { mark: 'changed' }),
    talk(30418, 44125, '2603:1061:14:8::1', 443, fresh),
    talk(30418, 44140, '13.107.42.14', 443, { ...closing, state: 'TIME_WAIT', time_wait_until: NOON + 41_000 }),
    talk(30418, 44142, '13.107.42.14', 443, { ...closing, state: 'TIME_WAIT', time_wait_until: NOON + 17_000 }),
    talk(30418, 44150, '52.98.1.8', 443, { ...closing, state: 'FIN_WAIT2', mark: 'closed' }),
    listener(7733, 6666, '127.0.0.1'),
    udp(8801, 36211, 'fe80::2e0:4cff:fe68:1a2%wlp3s0', { family: 6 }),
    listener(4021, 9229, '127.0.0.1', { owners: [], owner_unknown_because: 'protected', usual_program: 'Node.js' }),
  ];
}

/** As many rows as wanted, of every kind. */
export function crowd(size: number): Row[] {
  const rows = desk();
  const random = dice(7);
  while (rows.length < size) rows.push(stranger(random));
  return rows;
}

/** Programs of every computer. */
const homely = programs.filter(({ claims }) => !claims);

/** One more connection of somebody to somewhere. */
export function stranger(random: () => number): Row {
  const pick = homely[2 + Math.floor(random() * (homely.length - 2))] as Program;
  const states = ['ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'CLOSE_WAIT', 'SYN_SENT', 'LAST_ACK'];
  const byte = () => Math.floor(random() * 254) + 1;
  return talk(
    pick.owner.pid,
    1024 + Math.floor(random() * 64_000),
    `${byte()}.${byte()}.${byte()}.${byte()}`,
    random() < 0.7 ? 443 : 80,
    {
      state: states[Math.floor(random() * states.length)] ?? null,
    },
  );
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a Windows computer has beside everything else. */
export function windowsRows(): Row[] {
  return [
    listener(4, 445, '0.0.0.0', { uid: null }),
    udp(1240, 123, '0.0.0.0', { uid: null }),
    talk(9012, 50_120, '142.250.66.46', 443, { uid: null }),
  ];
}
