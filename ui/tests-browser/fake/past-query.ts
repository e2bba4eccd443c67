/** Filters over what is remembered: enough of the real ones to play the page's part against. */

import type { FilterProblem } from '../../src/ipc/bindings/FilterProblem';
import type { HistoryEvent } from '../../src/ipc/bindings/HistoryEvent';

const MILLIS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };
const KEYS = ['port', 'proc', 'pid', 'remote', 'since', 'until', 'on'];

type Test = (event: HistoryEvent) => boolean;

/** The filter as a test, or where it is wrong. */
export function pastTest(text: string, now: number): Test | FilterProblem {
  const tests: Test[] = [];
  for (const match of text.matchAll(/(?:([a-z]+):)?("[^"]*"|\S+)/gu)) {
    const [whole, key, value = ''] = match;
    const start = match.index;
    const problem = (code: string, piece: string, at: number) => ({ start: at, end: at + piece.length, code, piece });
    if (key !== undefined && !KEYS.includes(key)) return problem('unknown_key', key, start);
    const wanted = value.replaceAll('"', '').toLowerCase();
    if (key === 'since' || key === 'until' || key === 'on') {
      const when = stretch(key, wanted, now);
      if (!when) return problem('bad_moment', value, start + whole.indexOf(value));
      tests.push(({ at, until }) => at < when[1] && (until ?? Infinity) >= when[0]);
    } else tests.push((event) => matches(event, key, wanted));
  }
  return (event) => tests.every((test) => test(event));
}

function stretch(key: string, value: string, now: number): [number, number] | null {
  const [, amount, unit] = /^(\d+)([smhdw])$/u.exec(value) ?? [];
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const day = value === 'today' ? [midnight, midnight + 8.64e7] : null;
  const ago = amount === undefined ? null : now - Number(amount) * (MILLIS[unit ?? ''] ?? 0);
  const [from, to] = day ?? [ago, ago];
  if (from === null || from === undefined || to === null || to === undefined) return null;
  return [key === 'until' ? 0 : from, key === 'since' ? Infinity : to];
}

function matches({ program, pid, what }: HistoryEvent, key: string | undefined, wanted: string): boolean {
  const has = (text: string | null | undefined) => text?.toLowerCase().includes(wanted) ?? false;
  const port = String(what.port ?? '') === wanted;
  const remote = what.kind === 'connection' ? what.remote : null;
  if (key === 'port') return port;
  if (key === 'proc') return has(program?.name);
  if (key === 'pid') return String(pid) === wanted;
  if (key === 'remote') return remote === wanted;
  return /^\d+$/u.test(wanted) ? port : has(program?.name) || has(remote);
}
