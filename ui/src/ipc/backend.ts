/** What the page may ask of its host: the shell, or in tests a scripted computer. Nothing else of the page knows which. */

import type { Column } from './bindings/Column';
import type { EndOutcome } from './bindings/EndOutcome';
import type { EndPlan } from './bindings/EndPlan';
import type { EndRequest } from './bindings/EndRequest';
import type { Exported } from './bindings/Exported';
import type { ExportRequest } from './bindings/ExportRequest';
import type { Failure } from './bindings/Failure';
import type { Frame } from './bindings/Frame';
import type { FrameRequest } from './bindings/FrameRequest';
import type { HistoryChart } from './bindings/HistoryChart';
import type { HistoryChartRequest } from './bindings/HistoryChartRequest';
import type { HistoryExportRequest } from './bindings/HistoryExportRequest';
import type { HistoryPage } from './bindings/HistoryPage';
import type { HistoryPortUser } from './bindings/HistoryPortUser';
import type { HistoryRequest } from './bindings/HistoryRequest';
import type { HistoryState } from './bindings/HistoryState';
import type { NewListener } from './bindings/NewListener';
import type { ProcessRef } from './bindings/ProcessRef';
import type { Settings } from './bindings/Settings';
import type { SettingsLoad } from './bindings/SettingsLoad';
import type { Wish } from './bindings/Wish';

export interface Backend {
  loadSettings(): Promise<SettingsLoad>;
  saveSettings(settings: Settings): Promise<void>;
  /** At once for `after: null`, else when something newer exists (or after 15 s). */
  nextFrame(request: FrameRequest): Promise<Frame>;
  setPaused(paused: boolean): Promise<void>;
  lookNow(): Promise<void>;
  planEnd(process: ProcessRef): Promise<EndPlan>;
  /** Takes up to five seconds of grace and a moment more. */
  endProcess(request: EndRequest): Promise<EndOutcome>;
  /** The ids of the rows on lines `first` to `last`, both included. */
  rowIds(view: FrameRequest, first: number, last: number): Promise<number[]>;
  /** How many of the rows there still were. */
  copyRows(ids: number[], columns: Column[]): Promise<number>;
  copyText(text: string): Promise<void>;
  exportView(request: ExportRequest): Promise<Exported>;
  openFolder(process: ProcessRef): Promise<void>;
  /** New listeners that nobody has looked at, newest last. */
  listNews(): Promise<NewListener[]>;
  /** These, and others like them, are not told of again. */
  expectListeners(rows: number[]): Promise<void>;
  dismissNews(): Promise<void>;
  /** The person has read what is wrong with what the watch remembers. */
  hearWatchTrouble(): Promise<void>;
  /** A part of what happened; an answer takes less than 100 ms and may have to be continued at its `next`. */
  listHistory(request: HistoryRequest): Promise<HistoryPage>;
  chartHistory(request: HistoryChartRequest): Promise<HistoryChart>;
  /** Which programs had to do with a port at any time since then, the one last seen first. */
  historyOfPort(port: number, since: number): Promise<HistoryPortUser[]>;
  historyState(): Promise<HistoryState>;
  /** The person has read what was wrong with the history. */
  hearHistoryTrouble(): Promise<void>;
  /** Forgets everything, what was put aside too. */
  deleteHistory(): Promise<void>;
  /** Everything that fits, to a file that the person chooses. */
  exportHistory(request: HistoryExportRequest): Promise<Exported>;
  /** A `data:` address, or null where the program has no picture or the system tells none. */
  programIcon(process: ProcessRef): Promise<string | null>;
  /** Hears what is wished of the page from outside: by the tray, by a second start. What was wished before comes first. */
  onAsked(heed: (wish: Wish) => void): Promise<void>;
  /** What closing the window is to do: leave the program in the tray, or end it. */
  leaveWindow(stay: boolean): Promise<void>;
}

/** What a rejected call rejects with; anything else is a fault of the host itself. */
export function failureOf(reason: unknown): Failure {
  if (typeof reason === 'object' && reason !== null && 'code' in reason) return reason as Failure;
  return { code: 'engine_gone', refusal: null, detail: typeof reason === 'string' ? reason : null };
}
