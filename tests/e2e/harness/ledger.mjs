// What the processes of a window take, noted from time to time: memory, and how much of a core.

import { comm, descendants, memory, ticks } from './processes.mjs';

const TICK_MS = 10;
/** WebKit's processes, by the names that the kernel keeps of them. */
const PARTS = { WebKitWebProces: 'page', WebKitNetworkPr: 'network' };

/** The processes of a window by what they are: `main`, `page`, `network`. */
export function partsOf(app) {
  const named = descendants(app).map((pid) => [PARTS[comm(pid)], pid]);
  return { main: app, ...Object.fromEntries(named.filter(([part]) => part)) };
}

export class Ledger {
  notes = [];

  constructor(app) {
    this.parts = partsOf(app);
  }

  /** One line of the ledger. A process that was replaced meanwhile is no steady process: that is an error. */
  note() {
    const now = Object.fromEntries(
      Object.entries(this.parts).map(([part, pid]) => [part, { ...memory(pid), ticks: ticks(pid) }]),
    );
    this.notes.push({ at: Date.now(), ...now });
    return this.notes.at(-1);
  }

  /** What became of each process, from the note that was made after `warm` milliseconds until the last. */
  summary(warm) {
    const counted = this.notes.filter(({ at }) => at - this.notes[0].at >= warm);
    return Object.fromEntries(Object.keys(this.parts).map((part) => [part, summaryOf(part, counted)]));
  }
}

function summaryOf(part, notes) {
  const [first, last] = [notes[0], notes.at(-1)];
  const grown = (kind) => ({
    start: round(first[part][kind]),
    end: round(last[part][kind]),
    slope: round(
      slope(
        notes.map((note) => note.at / 3_600_000),
        notes.map((note) => note[part][kind]),
      ),
    ),
  });
  const shares = notes.slice(1).map((note, place) => share(part, notes[place], note));
  return { pss: grown('pss'), rss: grown('rss'), cpu: round(share(part, first, last)), quiet: round(median(shares)) };
}

/** Per cent of one core between two notes. */
export function share(part, from, to) {
  return to.at === from.at ? 0 : (100 * TICK_MS * (to[part].ticks - from[part].ticks)) / (to.at - from.at);
}

/** The slope of the straight line that lies nearest, by least squares. */
export function slope(xs, ys) {
  const mean = (all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [middleX, middleY] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - middleX) ** 2, 0);
  return spread === 0 ? 0 : xs.reduce((sum, x, place) => sum + (x - middleX) * (ys[place] - middleY), 0) / spread;
}

const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
const round = (number) => Math.round(number * 100) / 100;
