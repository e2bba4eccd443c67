/** What is typed into the settings: understood, or not. Pure. `null` is what could not be understood. */

import type { PortSpan } from '../ipc/bindings/PortSpan';
import type { QuietHours } from '../ipc/bindings/QuietHours';
import type { WatchRule } from '../ipc/bindings/WatchRule';
import { say } from './words.svelte';

/** Something that was understood; in a box of its own, because "none" can be what is meant. */
export interface Read<T> {
  value: T;
}

export function wholeNumber(typed: string, least: number, most: number): Read<number> | null {
  const digits = plain(typed);
  if (!/^\d{1,9}$/u.test(digits)) return null;
  const value = Number(digits);
  return value >= least && value <= most ? { value } : null;
}

/** `8000`, `8000-9000`, or nothing for any port. */
export function portsOf(typed: string): Read<PortSpan | null> | null {
  const text = plain(typed);
  if (text === '') return { value: null };
  const [, from, to = from] = /^(\d{1,5})(?:\s*[-–~]\s*(\d{1,5}))?$/u.exec(text) ?? [];
  if (from === undefined) return null;
  const [first, last] = [Number(from), Number(to)];
  return first <= last && last <= 65535 ? { value: { first, last } } : null;
}

export function portsText(ports: PortSpan | null): string {
  if (ports === null) return '';
  return ports.first === ports.last ? String(ports.first) : `${ports.first}-${ports.last}`;
}

/** A name or a path, or nothing for any program. */
export function programOf(typed: string): Read<string | null> {
  return { value: typed.trim() || null };
}

/** Minutes after midnight: `22:00`, `7:05`. */
export function minutesOf(typed: string): Read<number> | null {
  const [, hour, minute] = /^(\d{1,2})[:.](\d{2})$/u.exec(plain(typed)) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return { value: Number(hour) * 60 + Number(minute) };
}

export function timeText(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A part of the day with this end changed, if it is still one. */
export function hoursWith(hours: QuietHours, part: Partial<QuietHours>): QuietHours | null {
  const next = { ...hours, ...part };
  return next.from === next.until ? null : next;
}

/** A rule that says nothing about any listener would silence them all: one is kept once it says something. */
export function saysSomething(rule: WatchRule): boolean {
  return rule.program !== null || rule.ports !== null || rule.reach !== null || rule.protocol !== null;
}

/** A list with the entry at `from` one place up (-1) or down (1); as it was at its ends. */
export function shifted<T>(list: readonly T[], from: number, step: -1 | 1): T[] {
  const next = [...list];
  const [one, other] = [next[from], next[from + step]];
  if (one === undefined || other === undefined) return next;
  [next[from], next[from + step]] = [other, one];
  return next;
}

/** The rule in a sentence. */
export function sentenceOf({ tell, program, ports, reach, protocol }: WatchRule): string {
  const parts: string[] = [];
  if (ports !== null) {
    const [first, last] = [String(ports.first), String(ports.last)];
    parts.push(first === last ? say('rule-part-port', { first }) : say('rule-part-ports', { first, last }));
  }
  if (protocol !== null) parts.push(say(`rule-part-${protocol}`));
  if (reach !== null) parts.push(say(`rule-part-${reach}`));
  return say(tell ? 'rule-always' : 'rule-never', {
    program: program === null ? say('rule-program-any') : say('rule-program-named', { program: shortened(program) }),
    parts: parts.join(''),
  });
}

/** Of a long path, its end tells it from others. */
function shortened(program: string): string {
  const letters = [...program];
  return letters.length > 48 ? `…${letters.slice(-47).join('')}` : program;
}

function plain(typed: string): string {
  return typed.normalize('NFKC').trim();
}
