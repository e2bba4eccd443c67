/** The scripted computer that an address asks for. */

import type { Language } from '../../src/ipc/bindings/Language';
import type { Theme } from '../../src/ipc/bindings/Theme';
import { crowd, windowsRows } from './cast';
import { Computer } from './computer';
import { ScriptedPast } from './past';

export function scripted(search: string): Computer {
  const wanted = new URLSearchParams(search);
  const rows = crowd(Number(wanted.get('rows') ?? 0));
  if (wanted.get('system') === 'windows') rows.push(...windowsRows());
  const computer = new Computer(rows, {
    language: (wanted.get('language') ?? 'en') as Language,
    theme: (wanted.get('theme') ?? 'light') as Theme,
  });
  computer.churn = Number(wanted.get('churn') ?? 0);
  computer.past = new ScriptedPast(Number(wanted.get('events') ?? 400));
  const pace = Number(wanted.get('pace') ?? 0);
  if (pace > 0) setInterval(() => computer.tick(), pace);
  return computer;
}
