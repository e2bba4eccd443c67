/**
 * The scripted computer as the page's host, in `vite --mode fake`. The address says what it is like:
 * `?rows=100000&churn=200&pace=1000&language=zh-CN&theme=dark&system=windows`. Tests reach it as `window.computer`; with
 * `beside` it is in a thread of its own, and only what the page may ask of it can be asked.
 */

import type { Backend } from '../../src/ipc/backend';
import { scripted } from './scripted';

export const host: Backend = new URLSearchParams(location.search).has('beside') ? beside() : scripted(location.search);
Object.assign(window, { computer: host });

function beside(): Backend {
  const worker = new Worker(new URL('./beside.ts', import.meta.url), { type: 'module', name: location.search });
  const open = new Map<number, { done(answer: unknown): void; failed(failure: unknown): void }>();
  let calls = 0;
  worker.onmessage = ({ data }: MessageEvent<string>) => {
    const { call, answer, failure } = JSON.parse(data);
    const asked = open.get(call);
    open.delete(call);
    if (failure === undefined) asked?.done(answer);
    else asked?.failed(failure);
  };
  const ask = (act: string, given: unknown[]) =>
    new Promise((done, failed) => {
      calls += 1;
      open.set(calls, { done, failed });
      worker.postMessage(JSON.stringify({ call: calls, act, given }));
    });
  return new Proxy({} as Backend, {
    get:
      (_, act) =>
      (...given: unknown[]) =>
        ask(String(act), given),
  });
}
