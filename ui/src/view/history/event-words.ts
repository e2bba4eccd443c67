/** Events in words. */

import type { HistoryEvent } from '../../ipc/bindings/HistoryEvent';
import type { HistoryPortUser } from '../../ipc/bindings/HistoryPortUser';
import type { Millis } from '../../ipc/bindings/Millis';
import { age, count, end, moment } from '../../model/format';
import { language, say } from '../../model/words.svelte';

export function programWords({ program }: Pick<HistoryEvent, 'program'>): string {
  return program?.name || say('history-program-unknown');
}

/** What it was, in a sentence without its subject. */
export function whatWords({ what, until }: HistoryEvent): string {
  if (what.kind === 'deed') {
    const at = what.port === null ? '' : say('history-at-port', { port: String(what.port) });
    return say(`history-deed-${what.deed}`) + at;
  }
  const protocol = what.protocol.toUpperCase();
  if (what.kind === 'listener') {
    const place = end(what.address, what.port);
    return say(until === null ? 'history-listens' : 'history-listened', { place, protocol });
  }
  const times = what.times === 1 ? '' : say('history-times', { times: count(what.times) });
  const port = String(what.port);
  const words = what.incoming
    ? say('history-called', { remote: what.remote, port, protocol })
    : say('history-connected', { remote: end(what.remote, what.port), protocol });
  return words + times;
}

/** How long it was there, as far as that was seen. */
export function spanWords({ what, at, until, already_open, cut }: HistoryEvent, now: Millis): string {
  // Until the engine's clock is known nobody knows how long what goes on has been going on.
  if (what.kind === 'deed' || (until === null && now === 0)) return '';
  const seen = Math.max(0, (until ?? now) - at);
  const known = seen < 1000 ? say('history-moment') : age(seen);
  const span = already_open || cut ? say('age-at-least', { age: known }) : known;
  if (until === null) return say('history-still', { span });
  return cut ? say('history-cut', { span }) : span;
}

/** The hour of an event: its day is in the heading above it. */
export function hour(at: Millis): string {
  return new Intl.DateTimeFormat(language(), { timeStyle: 'medium' }).format(at);
}

/** A moment with its date, whichever day it is. */
export function dated(at: Millis): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

export function dayWords(day: Millis, today: Millis, yesterday: Millis): string {
  const date = new Intl.DateTimeFormat(language(), { dateStyle: 'full' }).format(day);
  if (day === today) return say('history-today', { date });
  return day === yesterday ? say('history-yesterday', { date }) : date;
}

/** How often a program had to do with a port. */
export function usesWords({ listened, incoming, outgoing }: HistoryPortUser): string[] {
  return [
    listened > 0 ? say('history-user-listened', { number: listened, times: count(listened) }) : '',
    incoming > 0 ? say('history-user-incoming', { number: incoming, times: count(incoming) }) : '',
    outgoing > 0 ? say('history-user-outgoing', { number: outgoing, times: count(outgoing) }) : '',
  ].filter(Boolean);
}

export function seenWords({ first, last }: HistoryPortUser, now: Millis): string {
  const since = moment(first, now);
  return last === null
    ? say('history-user-still', { first: since })
    : say('history-user-seen', { first: since, last: moment(last, now) });
}
