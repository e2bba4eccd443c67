/** How smoothly the page moves: Chromium's own account of frames and work while something is done to the page. */

const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];
/** What the main thread does for a frame, by the names of its trace. None of these holds another. */
const WORK = {
  scripts: ['FunctionCall', 'EvaluateScript', 'RunMicrotasks'],
  style: ['UpdateLayoutTree'],
  layout: ['Layout'],
  paint: ['PrePaint', 'Paint', 'Layerize', 'Commit'],
};
const LONG = 50;

export class Gauge {
  #page;
  #inspector;

  static async of(page) {
    const gauge = new Gauge();
    gauge.#page = page;
    gauge.#inspector = await page.context().newCDPSession(page);
    return gauge;
  }

  /** Does `gesture` and tells what it took. */
  async measure(gesture) {
    const events = [];
    const collect = ({ value }) => events.push(...value);
    this.#inspector.on('Tracing.dataCollected', collect);
    const traceConfig = { includedCategories: CATEGORIES, excludedCategories: ['*'] };
    await this.#inspector.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
    await this.#page.evaluate(watchLines);
    await gesture();
    const lines = await this.#page.evaluate(() => window.watched());
    const complete = new Promise((done) => this.#inspector.once('Tracing.tracingComplete', done));
    await this.#inspector.send('Tracing.end');
    await complete;
    this.#inspector.off('Tracing.dataCollected', collect);
    return { ...frames(events), ...lines };
  }

  /** What the page holds when all that nobody can reach is swept away. */
  async held() {
    for (let sweep = 0; sweep < 2; sweep += 1) await this.#inspector.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await this.#inspector.send('Memory.getDOMCounters');
    const { usedSize } = await this.#inspector.send('Runtime.getHeapUsage');
    const elements = await this.#page.evaluate(() => document.querySelectorAll('*').length);
    return { elements, nodes, listeners: jsEventListeners, heapMegabytes: usedSize / 1e6 };
  }
}

/**
 * In the page, before each frame: how many of the lines in view are not there yet, how much of the view is empty for it, and
 * how many elements there are.
 */
function watchLines() {
  const HEIGHT = 24;
  const grid = document.querySelector('#grid');
  const seen = { looks: 0, inView: 0, late: 0, empty: 0, mostElements: 0 };
  let going = true;
  const look = () => {
    if (!going) return;
    const lines = Number(grid.getAttribute('aria-rowcount')) - 1;
    const first = Math.floor(grid.scrollTop / HEIGHT);
    const last = Math.min(lines - 1, Math.ceil((grid.scrollTop + grid.clientHeight - HEIGHT) / HEIGHT) - 1);
    const there = [...grid.querySelectorAll('.line')];
    const named = new Set(there.map((row) => row.getAttribute('aria-rowindex') - 2));
    const { top } = grid.getBoundingClientRect();
    const drawn = new Set(
      there.map((row) => Math.floor((row.getBoundingClientRect().top - top + grid.scrollTop - HEIGHT / 2) / HEIGHT)),
    );
    for (let line = first; line <= last; line += 1) {
      if (!named.has(line)) seen.late += 1;
      if (!drawn.has(line)) seen.empty += 1;
    }
    seen.looks += 1;
    seen.inView += last - first + 1;
    seen.mostElements = Math.max(seen.mostElements, document.querySelectorAll('*').length);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.watched = () => {
    going = false;
    return seen;
  };
}

/** What a trace says about the frames of the page, in milliseconds. */
function frames(events) {
  const drawn = events.filter(({ name }) => name === 'DrawFrame');
  const page = drawn[0]?.pid;
  const dropped = events.filter(({ name, pid }) => name === 'DroppedFrame' && pid === page);
  const at = drawn.filter(({ pid }) => pid === page).map(({ ts }) => ts / 1000);
  const times = at.slice(1).map((time, place) => time - at[place]);
  times.sort((a, b) => a - b);
  // On Linux a process's first thread bears its number.
  const main = events.filter(({ pid, tid, ph }) => pid === page && tid === page && ph === 'X');
  const tasks = main.filter(({ name }) => name === 'RunTask').map(({ dur }) => dur / 1000);
  const seconds = (at.at(-1) - at[0]) / 1000;
  const work = Object.entries(WORK).map(([kind, names]) => {
    const spent = main.filter(({ name }) => names.includes(name)).reduce((sum, { dur }) => sum + dur / 1000, 0);
    return [kind, spent / seconds];
  });
  return {
    seconds,
    drawn: at.length,
    dropped: dropped.length,
    median: share(times, 0.5),
    p95: share(times, 0.95),
    p99: share(times, 0.99),
    long: tasks.filter((task) => task > LONG).sort((a, b) => b - a),
    busy: tasks.reduce((sum, task) => sum + task, 0) / seconds,
    work: Object.fromEntries(work),
    layers: events.filter(({ name, pid }) => name === 'UpdateLayer' && pid === page).length / at.length,
  };
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
