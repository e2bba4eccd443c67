/** The shell as host. The only file of the page that knows Tauri. */

import { Channel, invoke } from '@tauri-apps/api/core';
import type { Backend } from './backend';
import type { Wish } from './bindings/Wish';

export const host: Backend = {
  loadSettings: () => invoke('load_settings'),
  saveSettings: (settings) => invoke('save_settings', { settings }),
  nextFrame: (request) => invoke('next_frame', { request }),
  setPaused: (paused) => invoke('set_paused', { paused }),
  lookNow: () => invoke('look_now'),
  planEnd: (process) => invoke('plan_end', { process }),
  endProcess: (request) => invoke('end_process', { request }),
  rowIds: (view, first, last) => invoke('row_ids', { view, first, last }),
  copyRows: (ids, columns) => invoke('copy_rows', { ids, columns }),
  copyText: (text) => invoke('copy_text', { text }),
  exportView: (request) => invoke('export_view', { request }),
  openFolder: (process) => invoke('open_folder', { process }),
  listHistory: (request) => invoke('list_history', { request }),
  chartHistory: (request) => invoke('chart_history', { request }),
  historyOfPort: (port, since) => invoke('history_of_port', { port, since }),
  historyState: () => invoke('history_state'),
  hearHistoryTrouble: () => invoke('hear_history_trouble'),
  deleteHistory: () => invoke('delete_history'),
  exportHistory: (request) => invoke('export_history', { request }),
  listNews: () => invoke('list_news'),
  expectListeners: (rows) => invoke('expect_listeners', { rows }),
  dismissNews: () => invoke('dismiss_news'),
  hearWatchTrouble: () => invoke('hear_watch_trouble'),
  programIcon: (process) => invoke('program_icon', { process }),
  onAsked: (heed) => invoke('hear_wishes', { channel: new Channel<Wish>(heed) }),
  leaveWindow: (stay) => invoke('leave_window', { stay }),
};
