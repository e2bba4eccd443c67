/**
 * The scripted computer in a thread of its own, as the engine is in a process of its own: what it works out for a look is
 * none of the page's work. What it is asked and what it answers goes as JSON, as to and from the shell.
 */

import { scripted } from './scripted';

/** The thread bears the address's search as its name. */
const computer = scripted(self.name);
const acts = computer as unknown as Record<string, (...given: unknown[]) => unknown>;

self.onmessage = async ({ data }: MessageEvent<string>) => {
  const { call, act, given } = JSON.parse(data);
  try {
    self.postMessage(JSON.stringify({ call, answer: await acts[act]?.call(computer, ...given) }));
  } catch (failure) {
    self.postMessage(JSON.stringify({ call, failure }));
  }
};
