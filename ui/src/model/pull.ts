/**
 * The one loop that pulls frames. Its question is read anew for every call; when the question changes, the answer to an
 * older one is not looked at any more. There is nothing to unlisten and nothing to leak.
 */

import type { Frame } from '../ipc/bindings/Frame';

export interface Pulled {
  /** Asks for the frame after `after`, or for one at once. */
  ask(after: number | null): Promise<Frame>;
  apply(frame: Frame): void;
  failed(reason: unknown): void;
  /** Resolves after some milliseconds; tests replace it. */
  pause(millis: number): Promise<void>;
}

export interface Pull {
  /** The question has changed: ask at once. */
  renew(): void;
  /** Stop asking (nobody looks), until `renew`. */
  rest(): void;
}

/** Scrolling changes the question sixty times a second; a long poll is only begun when it has come to rest. */
const SETTLE = 60;
const FIRST_RETRY = 500;
const LONGEST_RETRY = 8000;

export function startPull({ ask, apply, failed, pause }: Pulled): Pull {
  let turn = 0;
  let underWay = false;
  let again = false;

  async function run(mine: number): Promise<void> {
    let after: number | null = null;
    let retry = FIRST_RETRY;
    while (mine === turn) {
      try {
        const atOnce = after === null;
        underWay = atOnce;
        const frame = await ask(after);
        if (mine !== turn) return;
        underWay = false;
        apply(frame);
        if (again) {
          again = false;
          after = null;
          continue;
        }
        after = frame.sequence;
        retry = FIRST_RETRY;
        if (atOnce) await pause(SETTLE);
      } catch (reason) {
        underWay = false;
        if (mine !== turn) return;
        failed(reason);
        after = null;
        await pause(retry);
        retry = Math.min(retry * 2, LONGEST_RETRY);
      }
    }
  }

  return {
    renew() {
      // While an immediate answer is under way the next question waits for it: one at a time is enough for smoothness.
      if (underWay) {
        again = true;
        return;
      }
      turn += 1;
      again = false;
      void run(turn);
    },
    rest() {
      turn += 1;
      underWay = false;
      again = false;
    },
  };
}
