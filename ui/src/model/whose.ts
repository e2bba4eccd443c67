/** Whose an address is, in words. */

import type { Whose } from '../ipc/bindings/Whose';
import { countryName } from './format';
import { say } from './words.svelte';

/** The organisation, or what a special address is; empty where nothing is known. */
export function whoseText(whose: Whose): string {
  if (whose.kind === 'special') return say(`special-${whose.what}`);
  return (whose.kind === 'network' && whose.organisation) || '';
}

/** What is said beside it. */
export function whoseNote(whose: Whose): string {
  if (whose.kind === 'special') return say(`special-${whose.what}-why`);
  if (whose.kind === 'unknown') return say('network-unknown');
  return [systemOf(whose), placeOf(whose)].filter(Boolean).join('\n');
}

/** The number of the autonomous system, as everybody writes it. */
export function systemOf(whose: Whose): string {
  return whose.kind === 'network' && whose.asn !== null ? `AS${whose.asn}` : '';
}

/** Where the address is registered. */
export function placeOf(whose: Whose): string {
  if (whose.kind !== 'network' || whose.country === null) return '';
  return say('network-registered', { country: `${countryName(whose.country)} (${whose.country})` });
}
