/** What stands in a cell, and what is said about it beside it. */

import type { Column } from '../ipc/bindings/Column';
import type { Mark } from '../ipc/bindings/Mark';
import type { Millis } from '../ipc/bindings/Millis';
import type { Owner } from '../ipc/bindings/Owner';
import type { Row } from '../ipc/bindings/Row';
import { openFor, programPid, protocol, speed } from '../model/format';
import { say } from '../model/words.svelte';
import { whoseNote, whoseText } from '../model/whose';

/** Colours never stand alone. */
export const MARKS: Readonly<Record<Mark, string>> = { steady: '', new: '+', changed: '~', closed: '−' };

/** The text of a cell. */
export function cellText(row: Row, column: Column, takenAt: Millis): string {
  switch (column) {
    case 'program':
      return programText(row);
    case 'pid':
      return several(row.owners, (owner) => String(owner.pid));
    case 'protocol':
      return protocol(row);
    case 'local_address':
      return row.local_address + (row.dual_stack && row.local_address === '::' ? ' +IPv4' : '');
    case 'local_port':
      return String(row.local_port);
    case 'remote_address':
      return row.remote_address ?? '';
    case 'remote_port':
      return row.remote_port === null ? '' : String(row.remote_port);
    case 'state':
      return row.state ?? '';
    case 'user':
      // Where sockets have no user of their own (Windows) it is that of whoever holds them.
      return row.user ?? (row.uid === null ? several(row.owners, (owner) => owner.user ?? '') : String(row.uid));
    case 'first_seen':
      return openFor(row, takenAt);
    case 'receive_queue':
      return row.receive_queue === null ? '' : String(row.receive_queue);
    case 'send_queue':
      return row.send_queue === null ? '' : String(row.send_queue);
    case 'path':
      return several(row.owners, (owner) => owner.path ?? '');
    case 'usual_program':
      return row.usual_program ?? '';
    case 'organisation':
      return row.remote_whose === null ? '' : whoseText(row.remote_whose);
    case 'peer':
      return row.peer === '' ? say('peer-unknown') : (row.peer ?? '');
    case 'country':
      return (row.remote_whose?.kind === 'network' && row.remote_whose.country) || '';
    case 'receiving':
      return speed(row.traffic?.receiving ?? null);
    case 'sending':
      return speed(row.traffic?.sending ?? null);
  }
}

/** What is said about a cell when the pointer rests on it. */
export function cellNote(row: Row, column: Column): string | undefined {
  if (column === 'state') return say(`state-${row.state ?? 'UDP'}`);
  if (column === 'organisation' && row.remote_whose !== null) return whoseNote(row.remote_whose);
  if (column === 'peer') return row.peer === null ? undefined : say('peer-note');
  if (column === 'country') return row.remote_whose?.kind === 'network' ? say('country-note') : undefined;
  if (column === 'usual_program' && row.usual_program !== null) return say('usual-program-note');
  if ((column === 'receiving' || column === 'sending') && row.traffic === null) return say('traffic-not-counted');
  if (column === 'pid' && row.owners.length > 1)
    return row.owners.map(({ name, pid }) => programPid(name, pid)).join('\n');
  if (column !== 'program') return undefined;
  if (row.kept_by_kernel) {
    const last = row.last_owners.map((owner) =>
      say('owner-kernel-last', { program: owner.name, pid: String(owner.pid) }),
    );
    const why = waitsToBeAccepted(row) ? say('owner-waiting-why') : say('owner-kernel-why');
    return [why, ...last].join('\n');
  }
  if (row.owner_unknown_because) return say(`owner-gap-${row.owner_unknown_because}-why`);
  return row.owners.map((owner) => `${programPid(owner.name, owner.pid)} ${owner.path ?? ''}`).join('\n');
}

/** Connected, and no process has it: the listener has not accepted it yet. */
export function waitsToBeAccepted(row: Row): boolean {
  return row.kept_by_kernel && ['SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT'].includes(row.state ?? '');
}

/** Whether a cell holds a reason instead of a value. */
export function isVague(row: Row, column: Column): boolean {
  if (column === 'organisation') return row.remote_whose?.kind === 'special';
  if (column === 'peer') return row.peer === '';
  return column === 'program' && row.owners.length === 0;
}

function programText(row: Row): string {
  if (row.owners.length > 0) return several(row.owners, (owner) => owner.label || say('program-being-read'));
  if (row.kept_by_kernel) return waitsToBeAccepted(row) ? say('owner-waiting') : say('owner-kernel');
  return say(`owner-gap-${row.owner_unknown_because ?? 'pending'}`);
}

/** The first, and how many more. */
function several(owners: readonly Owner[], text: (owner: Owner) => string): string {
  const first = owners[0];
  if (!first) return '';
  return owners.length > 1 ? `${text(first)} +${owners.length - 1}` : text(first);
}
