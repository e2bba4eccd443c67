/** A scripted computer behind the page: looks when told to, holds the order when asked to, and ends programs on paper. */

import type { Backend } from '../../src/ipc/backend';
import type { ColumnSetting } from '../../src/ipc/bindings/ColumnSetting';
import type { EndOutcome } from '../../src/ipc/bindings/EndOutcome';
import type { EndRequest } from '../../src/ipc/bindings/EndRequest';
import type { Failure } from '../../src/ipc/bindings/Failure';
import type { Frame } from '../../src/ipc/bindings/Frame';
import type { FrameRequest } from '../../src/ipc/bindings/FrameRequest';
import type { HistoryChartRequest } from '../../src/ipc/bindings/HistoryChartRequest';
import type { HistoryExportRequest } from '../../src/ipc/bindings/HistoryExportRequest';
import type { HistoryRequest } from '../../src/ipc/bindings/HistoryRequest';
import type { Hidden } from '../../src/ipc/bindings/Hidden';
import type { Line } from '../../src/ipc/bindings/Line';
import type { PortAfter } from '../../src/ipc/bindings/PortAfter';
import type { NewListener } from '../../src/ipc/bindings/NewListener';
import type { ProcessRef } from '../../src/ipc/bindings/ProcessRef';
import type { Row } from '../../src/ipc/bindings/Row';
import type { Settings } from '../../src/ipc/bindings/Settings';
import type { StateCount } from '../../src/ipc/bindings/StateCount';
import type { SettingsTrouble } from '../../src/ipc/bindings/SettingsTrouble';
import type { WatchTrouble } from '../../src/ipc/bindings/WatchTrouble';
import type { Wish } from '../../src/ipc/bindings/Wish';
import { detailOf, portAnswer, processOf } from './answers';
import { dice, ICONS, NOON, programOf, programs, row, stranger } from './cast';
import { ScriptedPast } from './past';
import { counted, grouped, inOrder, parse } from './query';

const WIDTHS: [ColumnSetting['column'], number, boolean][] = [
  ['program', 160, true],
  ['pid', 66, true],
  ['protocol', 76, true],
  ['state', 112, true],
  ['local_address', 130, true],
  ['local_port', 92, true],
  ['remote_address', 140, true],
  ['remote_port', 100, true],
  ['organisation', 160, true],
  ['peer', 130, true],
  ['user', 84, true],
  ['first_seen', 110, true],
  ['country', 84, false],
  ['usual_program', 140, false],
  ['path', 260, false],
  ['receive_queue', 90, false],
  ['send_queue', 90, false],
  ['receiving', 96, false],
  ['sending', 96, false],
];

/** As the engine's. */
export const DEFAULTS: Settings = {
  language: 'system',
  theme: 'system',
  interval_ms: 1000,
  columns: WIDTHS.map(([column, width, shown]) => ({ column, width, shown })),
  sort: { column: 'local_port', descending: false },
  panel_width: 300,
  panel_shown: true,
  watch: { notify: true, udp: false, quiet: null, rules: [] },
  history: { keep: true, days: 30, megabytes: 200 },
  tray: {
    close_to_tray: true,
    explained: false,
    minimise_without_tray: false,
    explained_without_tray: false,
    start_with_system: false,
  },
};

/** Rows as they are, until they are sent: a hundred thousand copies a look would take longer than the look. */
interface Arranged {
  key: string;
  lines: (Line | Row)[];
  matched: number;
}

interface Counted {
  key: string;
  open: number;
  states: StateCount[];
  hidden: Hidden[];
}

export class Computer implements Backend {
  rows: Map<number, Row>;
  settings: Settings;
  trouble: SettingsTrouble | null = null;
  news: NewListener[] = [];
  watchTrouble: WatchTrouble | null = null;
  past = new ScriptedPast(0);
  /** What the page has done, for the tests to read. */
  done: { what: string; with: unknown }[] = [];
  asked = 0;
  /** Milliseconds that a stubborn program is waited for. */
  grace = 5000;
  /** What the person says when the system asks for administrator rights; `none`: it has no way to ask. */
  elevation: 'none' | 'granted' | 'declined' = 'none';
  /** Rows opened, closed and changed a look. */
  churn = 0;
  /** Wishes something of the page, as the tray does. */
  wish: (wish: Wish) => void = () => {};
  /** While set, every question for a frame fails so. */
  broken: Failure | null = null;
  #sequence = 1;
  #now = NOON;
  #paused = false;
  #random = dice(99);
  #waiting: (() => void)[] = [];
  #last: { question: string; order: (number | string)[] } = { question: '', order: [] };
  #arranged: Arranged = { key: '', lines: [], matched: 0 };
  #counted: Counted = { key: '', open: 0, states: [], hidden: [] };
  #goodFilter = '';
  #holding = false;

  constructor(rows: Row[], settings: Partial<Settings> = {}) {
    this.rows = new Map(rows.map((one) => [one.id, one]));
    this.settings = { ...DEFAULTS, ...settings };
  }

  /** One look: closed rows go (unless the order is held), marks are taken off, and a few rows close, open and change. */
  tick(): void {
    if (this.#paused) return;
    this.#now += 1000;
    for (const [id, one] of this.rows) {
      if (one.mark === 'closed' && !this.#holding) this.rows.delete(id);
      else if (one.mark === 'new' || one.mark === 'changed') this.rows.set(id, { ...one, mark: 'steady' });
    }
    const ids = [...this.rows.keys()];
    for (let count = 0; count < this.churn; count += 1) {
      this.#mark(ids[Math.floor(this.#random() * ids.length)], { mark: 'closed' });
      const changed = { mark: 'changed', receive_queue: Math.floor(this.#random() * 9000) } as const;
      this.#mark(ids[Math.floor(this.#random() * ids.length)], changed);
      this.add({ ...stranger(this.#random), mark: 'new', first_seen: this.#now, already_open: false });
    }
    this.#changed();
  }

  add(one: Row): void {
    this.rows.set(one.id, one);
  }

  close(id: number): void {
    this.#mark(id, { mark: 'closed' });
    this.#changed();
  }

  #mark(id: number | undefined, part: Partial<Row>): void {
    const one = id === undefined ? undefined : this.rows.get(id);
    if (one && one.mark === 'steady') this.rows.set(one.id, { ...one, ...part });
  }

  #changed(): void {
    this.#sequence += 1;
    this.#waiting.splice(0).forEach((wake) => wake());
  }

  async loadSettings() {
    const { settings, trouble } = this;
    const file = '/home/lin/.config/app.quaymaster.desktop/settings.toml';
    const networks = {
      as_of: '2026-06-17',
      path: '/usr/share/quaymaster/networks.bin',
      own: '/home/lin/.local/share/app.quaymaster.desktop/networks.bin',
      credits: ['Route Views (routeviews.org), CC BY 4.0'],
      useless: null,
    };
    return { settings, system_language: 'en' as const, defaults: DEFAULTS, trouble, file, networks };
  }

  async saveSettings(settings: Settings) {
    this.done.push({ what: 'save_settings', with: settings });
    this.settings = settings;
  }

  async nextFrame(request: FrameRequest): Promise<Frame> {
    this.asked += 1;
    if (this.broken) throw this.broken;
    if (request.after !== null && request.after >= this.#sequence) {
      await new Promise<void>((wake) => this.#waiting.push(wake));
    } else await new Promise((done) => setTimeout(done, 1));
    if (this.broken) throw this.broken;
    return this.#frame(request);
  }

  #frame(request: FrameRequest): Frame {
    this.#holding = request.hold;
    const { lines, matched } = this.#lines(request);
    const { open, states, hidden } = this.#counts(request.scope);
    const wanted = parse(request.filter);
    const detail = request.detail === null ? undefined : this.rows.get(request.detail);
    const located = request.locate === null ? -1 : lines.findIndex((line) => lineName(line) === request.locate);
    const first = Math.min(request.first, Math.max(0, lines.length - 1));
    const shown = lines.slice(first, first + Math.min(500, request.count));
    return {
      sequence: this.#sequence,
      taken_at: this.#now,
      look_ms: 0.8,
      interval_ms: this.settings.interval_ms,
      paused: this.#paused,
      held: request.hold,
      total: open,
      news: this.news.length,
      watch_trouble: this.watchTrouble,
      matched,
      line_count: lines.length,
      first,
      lines: shown.map((line) =>
        'kind' in line ? line : { kind: 'socket', ...(request.traffic ? counted(line) : line) },
      ),
      located: located < 0 ? null : located,
      states,
      hidden,
      troubles: [],
      filter_problem: typeof wanted === 'function' ? null : wanted,
      port: request.port === null ? null : portAnswer([...this.rows.values()], request.port),
      detail: detail ? detailOf(counted(detail), [...this.rows.values()]) : null,
    };
  }

  /** In order, once for every question and every look. */
  #lines(request: FrameRequest): Arranged {
    if (typeof parse(request.filter) === 'function') this.#goodFilter = request.filter;
    const { scope, sort, group, folded, hold } = request;
    const question = JSON.stringify([scope, this.#goodFilter, sort, group, folded]);
    const key = `${this.#sequence} ${hold} ${question}`;
    if (this.#arranged.key !== key) {
      const test = parse(this.#goodFilter) as (one: Row) => boolean;
      const rows = [...this.rows.values()].filter((one) => (scope === 'all' || listens(one)) && test(one));
      const ordered = inOrder(rows, sort);
      let lines: (Line | Row)[] = group ? grouped(ordered, folded) : ordered;
      if (hold && this.#last.question === question) lines = held(lines, this.#last.order);
      this.#last = { question, order: lines.map(lineName) };
      this.#arranged = { key, lines, matched: rows.filter((one) => one.mark !== 'closed').length };
    }
    return this.#arranged;
  }

  #counts(scope: FrameRequest['scope']): Counted {
    const key = `${this.#sequence} ${scope}`;
    if (this.#counted.key !== key) {
      const open = [...this.rows.values()].filter((one) => one.mark !== 'closed');
      const inScope = scope === 'listening' ? open.filter(listens) : open;
      this.#counted = { key, open: open.length, states: counts(inScope), hidden: gaps(open) };
    }
    return this.#counted;
  }

  async setPaused(paused: boolean) {
    this.#paused = paused;
    this.#changed();
  }

  async lookNow() {
    this.done.push({ what: 'look_now', with: null });
    this.tick();
  }

  async planEnd(process: ProcessRef) {
    const program = programOf(process.pid);
    const own = [...this.rows.values()].filter((one) => one.owners.some((owner) => owner.pid === process.pid));
    const bound = own.filter(listens);
    const ports = new Map(
      bound.map((one) => [
        `${one.protocol} ${one.local_port}`,
        { protocol: one.protocol, port: one.local_port, shared: one.owners.length > 1 },
      ]),
    );
    const children = programs.filter((one) => one.parent === process.pid && one !== program);
    return {
      process: processOf(program),
      ports: [...ports.values()],
      connections: own.length - bound.length,
      children: children.map(({ owner }) => ({
        process: { pid: owner.pid, start: owner.start },
        name: owner.name,
        refusal: null,
      })),
      refusal: program.manner === 'system' ? ('system' as const) : null,
      elevation_possible: this.elevation !== 'none',
    };
  }

  async endProcess(request: EndRequest): Promise<EndOutcome> {
    this.done.push({ what: 'end_process', with: request });
    const program = programOf(request.process.pid);
    if (request.elevated && this.elevation === 'declined') throw { code: 'not_elevated', refusal: null, detail: null };
    if (program.manner === 'guarded' && !request.elevated) throw refused('not_allowed');
    if (program.manner === 'windowless' && !request.force) {
      return { progress: 'cannot_be_asked', took_ms: 1, children_running: [], ports: [] };
    }
    const resists = program.manner === 'stubborn' && !request.force;
    await new Promise((done) => setTimeout(done, resists ? this.grace : Math.min(this.grace, 80)));
    if (!resists) this.#remove(request.process.pid);
    const ports: PortAfter[] = request.ports.map((port) => {
      if (resists) return { port, fate: 'held', owners: [program.owner], respawned: false, until: null };
      if (program.manner !== 'respawns') return { port, fate: 'released', owners: [], respawned: false, until: null };
      const owner = { ...program.owner, pid: program.owner.pid + 9000, start: '1' };
      this.add(row({ state: 'LISTEN', local_address: '0.0.0.0', local_port: port, owners: [owner], mark: 'new' }));
      return { port, fate: 'held', owners: [owner], respawned: true, until: null };
    });
    this.#changed();
    return { progress: resists ? 'still_running' : 'ended', took_ms: 80, children_running: [], ports };
  }

  #remove(pid: number): void {
    for (const one of this.rows.values()) {
      const owners = one.owners.filter((owner) => owner.pid !== pid);
      if (owners.length === one.owners.length) continue;
      if (owners.length > 0) this.rows.set(one.id, { ...one, owners, mark: 'changed' });
      else this.rows.set(one.id, { ...one, mark: 'closed' });
    }
  }

  async rowIds(view: FrameRequest, first: number, last: number) {
    const lines = this.#lines(view).lines.slice(first, last + 1);
    return lines.flatMap((line) => ('id' in line ? [line.id] : []));
  }

  async copyRows(ids: number[], columns: string[]) {
    this.done.push({ what: 'copy_rows', with: { ids, columns } });
    return ids.filter((id) => this.rows.has(id)).length;
  }

  async copyText(text: string) {
    this.done.push({ what: 'copy_text', with: text });
  }

  async exportView(request: unknown) {
    this.done.push({ what: 'export_view', with: request });
    return { path: '/home/lin/sockets.csv', rows: this.rows.size };
  }

  async programIcon({ pid }: ProcessRef) {
    return ICONS[pid] ?? null;
  }

  async listNews() {
    return this.news;
  }

  async expectListeners(rows: number[]) {
    this.done.push({ what: 'expect_listeners', with: rows });
    this.news = this.news.filter(({ row }) => !rows.includes(row));
  }

  async hearWatchTrouble() {
    this.watchTrouble = null;
  }

  async dismissNews() {
    this.done.push({ what: 'dismiss_news', with: null });
    this.news = [];
  }

  async listHistory(request: HistoryRequest) {
    return this.past.list(request, this.#now);
  }

  async chartHistory(request: HistoryChartRequest) {
    return this.past.chart(request, this.#now);
  }

  async historyOfPort(port: number, since: number) {
    return this.past.usersOf(port, since);
  }

  async historyState() {
    const { trouble, lost } = this.past;
    return { keep: this.settings.history.keep, trouble, lost };
  }

  async hearHistoryTrouble() {
    this.done.push({ what: 'hear_history_trouble', with: null });
    this.past.trouble = null;
  }

  async deleteHistory() {
    this.done.push({ what: 'delete_history', with: null });
    this.past.events = [];
  }

  async exportHistory(request: HistoryExportRequest) {
    this.done.push({ what: 'export_history', with: request });
    return { path: `/home/lin/history.${request.format}`, rows: this.past.events.length };
  }

  async onAsked(heed: (wish: Wish) => void) {
    this.wish = heed;
  }

  async leaveWindow(stay: boolean) {
    this.done.push({ what: 'leave_window', with: stay });
  }

  async openFolder(process: ProcessRef) {
    this.done.push({ what: 'open_folder', with: process });
  }
}

function refused(refusal: Failure['refusal']): Failure {
  return { code: 'refused', refusal, detail: null };
}

function listens(one: Row): boolean {
  return one.state === 'LISTEN' || (one.protocol === 'udp' && one.remote_port === null);
}

function lineName(line: Line | Row): number | string {
  return 'id' in line ? line.id : line.key;
}

/** What stood stays where it stood; what is new comes last. */
function held(lines: (Line | Row)[], order: (number | string)[]): (Line | Row)[] {
  const now = new Map(lines.map((line) => [lineName(line), line]));
  const stayed = order.flatMap((name) => now.get(name) ?? []);
  const before = new Set(order);
  return [...stayed, ...lines.filter((line) => !before.has(lineName(line)))];
}

const STATES = [
  'LISTEN',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
  'UDP',
];

function counts(rows: Row[]) {
  const sockets = new Map<string, number>();
  for (const one of rows) sockets.set(one.state ?? 'UDP', (sockets.get(one.state ?? 'UDP') ?? 0) + 1);
  return STATES.flatMap((state) => (sockets.has(state) ? [{ state, sockets: sockets.get(state) ?? 0 }] : []));
}

function gaps(rows: Row[]): Hidden[] {
  const sockets = new Map<Hidden['because'], number>();
  for (const { owner_unknown_because: why } of rows) if (why) sockets.set(why, (sockets.get(why) ?? 0) + 1);
  return [...sockets].map(([because, number]) => ({ because, sockets: number }));
}
