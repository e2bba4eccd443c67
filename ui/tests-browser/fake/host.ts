/** The scripted computer in the shell's place. `window.fake` lets a test look behind the page. */

import type { Column } from '../../src/ipc/bindings/Column';
import type { Settings } from '../../src/ipc/bindings/Settings';
import type { Backend } from '../../src/ipc/backend';
import { Computer } from './computer';

const wish = new URLSearchParams(window.location.search);
const computer = new Computer(Number(wish.get('rows') ?? 100_000));
const copied: string[] = [];
let waiting: (() => void)[] = [];

const columns: [Column, number][] = [
  ['program', 160],
  ['pid', 66],
  ['protocol', 76],
  ['state', 112],
  ['local_address', 130],
  ['local_port', 92],
  ['remote_address', 140],
  ['remote_port', 100],
];

const defaults: Settings = {
  language: 'system',
  theme: 'system',
  interval_ms: 1000,
  columns: columns.map(([column, width]) => ({ column, width, shown: true })),
  sort: { column: 'local_port', descending: false },
  panel_width: 320,
  panel_shown: true,
};

/** One look, by hand, so that a test decides when something happens. */
function look(): void {
  computer.look();
  waiting.forEach((wake) => wake());
  waiting = [];
}

Object.assign(window, { fake: { computer, copied, look } });

export const host: Backend = {
  loadSettings: async () => ({
    settings: { ...defaults, theme: wish.get('theme') === 'dark' ? 'dark' : 'light' },
    system_language: wish.get('language') === 'zh-CN' ? 'zh-CN' : 'en',
    defaults,
    trouble: null,
  }),
  saveSettings: async () => {},
  nextFrame: async (request) => {
    if (request.after === computer.sequence) await new Promise<void>((wake) => waiting.push(wake));
    return computer.frame(request);
  },
  setPaused: async () => {},
  lookNow: async () => look(),
  planEnd: async (process) => ({
    process: {
      process,
      name: 'nginx',
      path: { value: '/usr/sbin/nginx', gap: null },
      command_line: { value: 'nginx', gap: null },
      user: { value: 'alice', gap: null },
      started_at: { value: 1_789_990_000_000, gap: null },
      working_directory: { value: null, gap: 'denied' },
      ancestors: [],
    },
    ports: [{ protocol: 'tcp', port: 80, shared: false }],
    connections: 3,
    children: [{ process: { pid: 200, start: '9' }, name: 'worker', refusal: null }],
    refusal: null,
  }),
  endProcess: async ({ force, ports }) => ({
    progress: force ? 'ended' : 'still_running',
    took_ms: 5000,
    children_running: [],
    ports: ports.map((port) => ({
      port,
      fate: force ? 'released' : 'held',
      owners: [],
      respawned: false,
      until: null,
    })),
  }),
  rowIds: async (view, first, last) => computer.ids(view, first, last),
  copyRows: async (ids) => {
    copied.push(ids.join(','));
    return ids.length;
  },
  copyText: async (text) => {
    copied.push(text);
  },
  exportView: async () => ({ path: '/home/alice/quaymaster.csv', rows: 7 }),
  openFolder: async () => {},
};
