/** A scripted computer of 100 000 sockets that never stands still: rows come, change and go at every look. */

import type { Frame } from '../../src/ipc/bindings/Frame';
import type { FrameRequest } from '../../src/ipc/bindings/FrameRequest';
import type { Line } from '../../src/ipc/bindings/Line';
import type { Row } from '../../src/ipc/bindings/Row';

const STATES = ['LISTEN', 'ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'TIME_WAIT', 'CLOSE_WAIT'];
const PROGRAMS = ['nginx', 'chrome', 'verge-mihomo', '微信', 'postgres', 'a\\e[31m<img src=x onerror=alert(1)>'];
/** Share of the rows that every look replaces. */
const CHURN = 0.01;

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export class Computer {
  #random = numbers(7);
  #given = 0;
  #rows: Row[] = [];
  #order: number[] = [];
  #counted: { sequence: number; states: Frame['states'] } = { sequence: 0, states: [] };
  #answered: { question: string; rows: Row[] } = { question: '', rows: [] };
  #now = 1_790_000_000_000;
  sequence = 1;
  /** How often a frame was asked for. */
  asked = 0;

  constructor(size: number) {
    for (let i = 0; i < size; i += 1) this.#rows.push(this.#row(true));
  }

  /** One look: some rows are gone, as many are new, some have changed. */
  look(): void {
    this.#now += 1000;
    this.sequence += 1;
    this.#rows = this.#rows.filter((row) => row.mark !== 'closed');
    this.#rows.forEach((row, at) => row.mark !== 'steady' && (this.#rows[at] = { ...row, mark: 'steady' }));
    const many = Math.ceil(this.#rows.length * CHURN);
    for (let i = 0; i < many; i += 1) {
      const gone = this.#pick();
      this.#rows[gone] = { ...this.#at(gone), mark: 'closed' };
      const changed = this.#pick();
      if (this.#at(changed).mark === 'steady')
        this.#rows[changed] = { ...this.#at(changed), mark: 'changed', state: 'CLOSE_WAIT' };
    }
    for (let i = 0; i < many; i += 1) this.#rows.push(this.#row(false));
  }

  frame(request: FrameRequest): Frame {
    this.asked += 1;
    const rows = this.#arranged(request);
    const whole = request.group ? this.#grouped(rows, request) : rows;
    const count = Math.min(request.count, 500);
    const located = rows.findIndex((row) => row.id === request.locate);
    return {
      sequence: this.sequence,
      taken_at: this.#now,
      look_ms: 1.2,
      interval_ms: 1000,
      paused: false,
      held: request.hold,
      total: this.#rows.length,
      matched: rows.length,
      line_count: whole.length,
      first: request.first,
      lines: whole
        .slice(request.first, request.first + count)
        .map((line): Line => ('kind' in line ? line : { kind: 'socket', ...line })),
      located: located < 0 ? null : located,
      states: this.#states(),
      hidden: [{ because: 'other_user', sockets: 14 }],
      troubles: [],
      filter_problem: request.filter === 'port:8o' ? { start: 5, end: 7, code: 'bad_port', piece: '8o' } : null,
      port: request.port === null ? null : this.#answer(request.port),
      detail: this.#detail(request.detail),
    };
  }

  ids(request: FrameRequest, first: number, last: number): number[] {
    return this.#arranged(request)
      .slice(first, last + 1)
      .map((row) => row.id);
  }

  /** As the engine does: once for every question and every look. */
  #arranged(request: FrameRequest): Row[] {
    const { scope, filter, sort, hold } = request;
    const question = JSON.stringify([this.sequence, scope, filter, sort, hold]);
    if (this.#answered.question !== question) this.#answered = { question, rows: this.#arrange(request) };
    return this.#answered.rows;
  }

  #arrange(request: FrameRequest): Row[] {
    const word = request.filter === 'port:8o' ? '' : request.filter.toLowerCase();
    const matches = (row: Row) =>
      (request.scope === 'all' || row.state === 'LISTEN') &&
      (word === '' ||
        [row.owners[0]?.name, String(row.local_port), row.state].some((text) => text?.toLowerCase().includes(word)));
    const rows = this.#rows.filter(matches);
    if (request.hold && this.#order.length > 0) {
      const place = new Map(this.#order.map((id, at) => [id, at]));
      return rows.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || a.id - b.id);
    }
    const value = (row: Row) => (request.sort.column === 'program' ? (row.owners[0]?.name ?? '') : row.local_port);
    const turn = request.sort.descending ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return (x < y ? -turn : x > y ? turn : 0) || a.id - b.id;
    });
    this.#order = rows.map((row) => row.id);
    return rows;
  }

  #states(): Frame['states'] {
    if (this.#counted.sequence !== this.sequence) {
      const counts = new Map<string, number>();
      this.#rows.forEach(({ state }) => counts.set(state ?? '', (counts.get(state ?? '') ?? 0) + 1));
      const states = [...counts].map(([state, sockets]) => ({ state, sockets }));
      this.#counted = { sequence: this.sequence, states };
    }
    return this.#counted.states;
  }

  #grouped(rows: Row[], request: FrameRequest): Line[] {
    return PROGRAMS.flatMap((program): Line[] => {
      const own = rows.filter((row) => row.owners[0]?.name === program);
      const key = `name:${program}`;
      const folded = request.folded.includes(key);
      const listeners = own.filter((row) => row.state === 'LISTEN').length;
      const heading: Line = {
        kind: 'group',
        key,
        program,
        because: null,
        pids: [100],
        sockets: own.length,
        listeners,
        folded,
      };
      return [heading, ...(folded ? [] : own.map((row): Line => ({ kind: 'socket', ...row })))];
    });
  }

  #answer(port: number): Frame['port'] {
    const sockets = this.#rows.filter((row) => row.local_port === port && row.state === 'LISTEN').slice(0, 2);
    const owner = sockets[0]?.owners[0];
    const nobody = { users: [], clients: [], connections: 0, lingering: 0, lingering_until: null, outgoing: 0 };
    if (!owner) return { port, standing: 'free', holders: [], hint: null, ...nobody };
    return {
      port,
      standing: 'held',
      holders: [
        {
          process: { pid: owner.pid, start: owner.start },
          name: owner.name,
          path: owner.path,
          user: owner.user,
          started_at: owner.started_at,
          because: null,
          sockets,
          reach: 'everywhere',
          since: this.#now - 7_800_000,
          already_open: false,
          protected: null,
        },
      ],
      ...nobody,
      clients: [
        {
          name: 'msedge',
          processes: [{ pid: 4021, start: '1' }],
          because: null,
          address: '127.0.0.1',
          local: true,
          connections: 6,
          protocol: 'tcp',
        },
      ],
      connections: 6,
      hint: { programs: ['Clash Verge'], registered: null, description: null },
    };
  }

  #detail(id: number | null): Frame['detail'] {
    const row = this.#rows.find((candidate) => candidate.id === id);
    const owner = row?.owners[0];
    if (!row || !owner) return null;
    const known = <T>(value: T) => ({ value, gap: null });
    return {
      row,
      processes: [
        {
          process: { pid: owner.pid, start: owner.start },
          name: owner.name,
          path: known(`/usr/bin/${owner.name}`),
          command_line: known(`${owner.name} --serve`),
          user: known('alice'),
          started_at: known(this.#now - 7_900_000),
          working_directory: { value: null, gap: 'denied' },
          ancestors: [{ process: { pid: 1, start: '1' }, name: 'systemd' }],
        },
      ],
      peer: null,
      siblings: [],
      sibling_count: 0,
      hint: null,
    };
  }

  #row(alreadyOpen: boolean): Row {
    this.#given += 1;
    const kind = this.#given % PROGRAMS.length;
    const state = STATES[this.#given % STATES.length] ?? 'LISTEN';
    return {
      id: this.#given,
      mark: alreadyOpen ? 'steady' : 'new',
      usual_program: null,
      protocol: 'tcp',
      family: 4,
      dual_stack: false,
      local_address: '127.0.0.1',
      local_port: 1024 + Math.floor(this.#random() * 60_000),
      remote_address: state === 'LISTEN' ? null : '203.0.113.7',
      remote_port: state === 'LISTEN' ? null : 443,
      state,
      owners: [
        {
          pid: 100 + kind,
          start: '1',
          name: PROGRAMS[kind] ?? '',
          path: '/usr/bin/x',
          user: 'alice',
          started_at: this.#now - 7_900_000,
        },
      ],
      owner_unknown_because: null,
      kept_by_kernel: false,
      last_owners: [],
      uid: 1000,
      user: 'alice',
      receive_queue: 0,
      send_queue: 0,
      time_wait_until: null,
      first_seen: this.#now,
      already_open: alreadyOpen,
    };
  }

  #pick(): number {
    return Math.floor(this.#random() * this.#rows.length);
  }

  #at(index: number): Row {
    const row = this.#rows[index];
    if (!row) throw new Error(`no row ${index}`);
    return row;
  }
}
