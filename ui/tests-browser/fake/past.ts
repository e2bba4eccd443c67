/** What the scripted computer remembers: events made up from their numbers, and answers that may come short. */

import type { HistoryChartRequest } from '../../src/ipc/bindings/HistoryChartRequest';
import type { HistoryEvent } from '../../src/ipc/bindings/HistoryEvent';
import type { HistoryPage } from '../../src/ipc/bindings/HistoryPage';
import type { HistoryPortUser } from '../../src/ipc/bindings/HistoryPortUser';
import type { HistoryRequest } from '../../src/ipc/bindings/HistoryRequest';
import type { HistoryTrouble } from '../../src/ipc/bindings/HistoryTrouble';
import type { HistoryWhat } from '../../src/ipc/bindings/HistoryWhat';
import { NOON, programOf, whose } from './cast';
import { pastTest } from './past-query';

const MINUTE = 60_000;
/** More are not counted. */
const COUNTED = 10_000;

/** Who does what, again and again. */
const HABITS: [pid: number, what: HistoryWhat][] = [
  [30418, out('23.45.67.89', 443, 12, 48_213_000, 1_204_000)],
  [4021, { kind: 'listener', protocol: 'tcp', address: '0.0.0.0', port: 5173 }],
  [21612, out('223.5.5.5', 443, 340, 9_120_000, 2_400_000)],
  [21612, called('127.0.0.1', '127.0.0.1', 7897, 6)],
  [4044, { kind: 'listener', protocol: 'tcp', address: '0.0.0.0', port: 8000 }],
  [4044, called('192.168.1.23', '192.168.1.77', 8000, 1)],
  [5210, out('2606:4700::6810:84e5', 443, 3, 812_000_000, null)],
  [6120, { kind: 'listener', protocol: 'udp', address: '::', port: 22_000 }],
  [7733, out('203.0.113.9', 6666, 1, null, null)],
  [8801, out('198.51.100.20', 80, 2, 5300, 800)],
  [4021, { kind: 'deed', deed: 'ended', port: 5173 }],
  [4044, { kind: 'deed', deed: 'expected', port: 8000 }],
  [1188, { kind: 'listener', protocol: 'tcp', address: '127.0.0.1', port: 5432 }],
];

function out(remote: string, port: number, times: number, received: number | null, sent: number | null): HistoryWhat {
  const local = remote.includes(':') ? '2001:db8::23' : '192.168.1.23';
  const remote_whose = whose(remote);
  return {
    kind: 'connection',
    protocol: 'tcp',
    incoming: false,
    local,
    remote,
    remote_whose,
    port,
    times,
    received,
    sent,
  };
}

function called(local: string, remote: string, port: number, times: number): HistoryWhat {
  return {
    kind: 'connection',
    protocol: 'tcp',
    incoming: true,
    local,
    remote,
    remote_whose: whose(remote),
    port,
    times,
    received: 900,
    sent: 70_000,
  };
}

export class ScriptedPast {
  /** Newest first. */
  events: HistoryEvent[];
  trouble: HistoryTrouble | null = null;
  lost = 0;
  /** So many events are looked at for an answer. */
  patience = Infinity;
  /** While set, an answer waits for it. */
  slow: Promise<void> | null = null;
  /** Its questions, oldest first. */
  asked: HistoryRequest[] = [];

  /** `count` events, the newest a minute before noon, further and further apart the older they are. */
  constructor(count: number) {
    this.events = Array.from({ length: count }, (_, place) => eventOf(count - place, place));
  }

  /** Something happens. */
  happen(part: Partial<HistoryEvent> = {}): void {
    const number = Number(this.events[0]?.id ?? 9_000_000_000_000_000) + 1;
    const at = (this.events[0]?.at ?? NOON) + 1000;
    this.events.unshift({ ...eventOf(number, 1), id: String(number), at, until: null, ...part });
  }

  /** Something that goes on is over. */
  over(id: string, until: number): void {
    this.events = this.events.map((event) => (event.id === id ? { ...event, until } : event));
  }

  async list(request: HistoryRequest, now: number): Promise<HistoryPage> {
    this.asked.push(request);
    await (this.slow ?? new Promise((done) => setTimeout(done, 1)));
    const fits = pastTest(request.filter, now);
    if (typeof fits !== 'function') return { events: [], next: null, filter_problem: fits };
    const events: HistoryEvent[] = [];
    let place = request.before === null ? 0 : Number(request.before);
    const far = Math.min(this.events.length, place + this.patience);
    for (; place < far && events.length < request.limit; place += 1) {
      const event = this.events[place];
      if (event && fits(event)) events.push(event);
    }
    return { events, next: place < this.events.length ? String(place) : null, filter_problem: null };
  }

  chart({ filter, since, until, buckets: number }: HistoryChartRequest, now: number) {
    const fits = pastTest(filter, now);
    const width = (until - since) / number;
    const buckets = Array.from({ length: number }, (_, place) => ({
      at: Math.round(since + place * width),
      listeners: 0,
      connections: 0,
    }));
    const none = { counted_from: since, events: 0, more: false };
    if (typeof fits !== 'function') return { ...none, buckets: [], filter_problem: fits };
    const found = this.events.filter(fits);
    for (const { at, what } of found) {
      const bucket = buckets[Math.floor((at - since) / width)];
      if (bucket && what.kind === 'listener') bucket.listeners += 1;
      if (bucket && what.kind === 'connection') bucket.connections += what.times;
    }
    const events = Math.min(COUNTED, found.length);
    return { ...none, buckets, events, more: found.length > COUNTED, filter_problem: null };
  }

  usersOf(port: number, since: number): HistoryPortUser[] {
    const users = new Map<string, HistoryPortUser>();
    for (const { at, until, program, what } of this.events) {
      if (what.kind === 'deed' || what.port !== port || (until ?? Infinity) < since) continue;
      const key = program?.name ?? '';
      const known = users.get(key) ?? { program, first: at, last: until, listened: 0, incoming: 0, outgoing: 0 };
      if (what.kind === 'listener') known.listened += 1;
      else known[what.incoming ? 'incoming' : 'outgoing'] += what.times;
      users.set(key, { ...known, first: Math.min(known.first, at), last: until === null ? null : known.last });
    }
    return [...users.values()];
  }
}

/** The event of a number: always the same one. */
function eventOf(number: number, place: number): HistoryEvent {
  const [pid, what] = HABITS[number % HABITS.length] as (typeof HABITS)[number];
  const { owner } = programOf(pid);
  const at = NOON - Math.round(MINUTE + place * 3 * MINUTE + Math.min(place, 200) ** 2 * 200);
  const lasted = 1000 * (number % 7 === 3 ? 0.4 : 20 + ((number * 37) % 900));
  const open = what.kind === 'listener' && place < HABITS.length;
  return {
    id: String(9_000_000_000_000_000 + number),
    at,
    until: what.kind === 'deed' ? at : open ? null : Math.min(at + lasted, NOON),
    cut: what.kind === 'listener' && number % 5 === 0 && !open,
    already_open: what.kind !== 'deed' && number % 11 === 0,
    program: number % 17 === 4 ? null : { name: owner.name, path: owner.path, user: owner.user },
    pid: number % 17 === 4 ? null : pid,
    what,
  };
}
