/** Facts as people read them. Pure but for the language. */

import type { Fact } from '../ipc/bindings/Fact';
import type { Millis } from '../ipc/bindings/Millis';
import type { Row } from '../ipc/bindings/Row';
import type { Service } from '../ipc/bindings/Service';
import { language, say, type Tag } from './words.svelte';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span in one or two units: coarse enough to be read at a glance. */
export function age(millis: number): string {
  const whole = (unit: number, of = Infinity) => String(Math.floor((millis % of) / unit));
  if (millis < MINUTE) return say('age-seconds', { seconds: whole(SECOND) });
  if (millis < HOUR) return say('age-minutes', { minutes: whole(MINUTE) });
  if (millis < DAY) return say('age-hours', { hours: whole(HOUR), minutes: whole(MINUTE, HOUR) });
  return say('age-days', { days: whole(DAY), hours: whole(HOUR, DAY) });
}

/** How long a row has been open: at least so long, if it was there before we looked. */
export function openFor(row: Row, takenAt: Millis): string {
  const span = age(Math.max(0, takenAt - row.first_seen));
  return row.already_open ? say('age-at-least', { age: span }) : span;
}

/** A moment, with its date unless it is of the same day as `now`. */
export function moment(at: Millis, now: Millis): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const style = sameDay
    ? { timeStyle: 'medium' as const }
    : { dateStyle: 'medium' as const, timeStyle: 'short' as const };
  return new Intl.DateTimeFormat(language(), style).format(at);
}

/** A day that was written as `2026-06-17`. */
export function day(text: string): string {
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return text;
  return new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

/** A country's name, from its two letters; the letters again where there is none. */
export function countryName(code: string): string {
  return new Intl.DisplayNames(language(), { type: 'region', fallback: 'code' }).of(code) ?? code;
}

/** Address and port of one end, IPv6 in brackets. */
export function end(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A program and its number. */
export function programPid(name: string, pid: number): string {
  return say('program-pid', { program: name || say('program-being-read'), pid: String(pid) });
}

/** Formatters of a kind, one a language: to make one takes a hundred times as long as to use it. */
function formatters(options: Intl.NumberFormatOptions): (number: number) => string {
  const made = new Map<Tag, Intl.NumberFormat>();
  return (number) => {
    const tag = language();
    const format = made.get(tag) ?? new Intl.NumberFormat(tag, options);
    made.set(tag, format);
    return format.format(number);
  };
}

const plain = formatters({});
const threeDigits = formatters({ maximumSignificantDigits: 3 });
const twoDigits = formatters({ maximumSignificantDigits: 2 });

/** A count with the language's separators: for how many, never for ports or PIDs. */
export function count(number: number): string {
  return plain(number);
}

const BYTES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** An amount of data with three digits at most, a thousand to the unit as networks count. */
export function bytes(amount: number): string {
  let [unit, value] = [0, amount];
  while (value >= 999.5 && unit < BYTES.length - 1) {
    unit += 1;
    value /= 1000;
  }
  return say('bytes', { amount: threeDigits(value), unit: BYTES[unit] ?? 'B' });
}

/** Bytes a second; nothing where nothing is known, and nothing where nothing moves: a column of zeros hides what does. */
export function speed(bytesPerSecond: number | null): string {
  return bytesPerSecond === null || bytesPerSecond === 0 ? '' : say('per-second', { bytes: bytes(bytesPerSecond) });
}

/** A round trip in milliseconds. */
export function roundTrip(microseconds: number): string {
  return say('millis', { millis: twoDigits(microseconds / 1000) });
}

export function protocol(row: Pick<Row, 'protocol' | 'family'>): string {
  return row.protocol.toUpperCase() + (row.family === 6 ? '6' : '');
}

/** The value of a fact, or why there is none. */
export function fact<T>(known: Fact<T>, words: (value: T) => string): string {
  return known.value !== null ? words(known.value) : say(`fact-gap-${known.gap ?? 'pending'}`);
}

/** Several names in one phrase. */
export function list(items: string[]): string {
  return new Intl.ListFormat(language(), { style: 'narrow', type: 'conjunction' }).format(items);
}

/** A service by its name for people and the one that commands take. */
export function serviceName({ name, display_name }: Service): string {
  return display_name === '' || display_name === name ? name : say('service-name', { display: display_name, name });
}
