/**
 * The scripted computer as the page's host, in `vite --mode fake`. The address says what it is like:
 * `?rows=100000&churn=200&pace=1000&language=zh-CN&theme=dark&system=windows`. Tests reach it as `window.computer`.
 */

import type { Backend } from '../../src/ipc/backend';
import type { Language } from '../../src/ipc/bindings/Language';
import type { Theme } from '../../src/ipc/bindings/Theme';
import { crowd, windowsRows } from './cast';
import { Computer } from './computer';

const wanted = new URLSearchParams(location.search);
const rows = crowd(Number(wanted.get('rows') ?? 0));
if (wanted.get('system') === 'windows') rows.push(...windowsRows());
const computer = new Computer(rows, {
  language: (wanted.get('language') ?? 'en') as Language,
  theme: (wanted.get('theme') ?? 'light') as Theme,
});
computer.churn = Number(wanted.get('churn') ?? 0);
const pace = Number(wanted.get('pace') ?? 0);
if (pace > 0) setInterval(() => computer.tick(), pace);
Object.assign(window, { computer });

export const host: Backend = computer;
