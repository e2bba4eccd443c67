/** Pictures of programs, asked for once a program file. */

import type { Backend } from '../ipc/backend';
import type { ProcessRef } from '../ipc/bindings/ProcessRef';

/** More are not kept: a page that is open for weeks sees many programs. */
const MOST = 256;

export class Icons {
  #backend: Pick<Backend, 'programIcon'>;
  #known = new Map<string, Promise<string | null>>();

  constructor(backend: Pick<Backend, 'programIcon'>) {
    this.#backend = backend;
  }

  /** The picture of the file at `path`, asked by way of a process that runs it. Never rejects. */
  of(path: string, { pid, start }: ProcessRef): Promise<string | null> {
    const known = this.#known.get(path);
    if (known) return known;
    if (this.#known.size >= MOST) this.#known.clear();
    const picture = this.#backend.programIcon({ pid, start }).catch(() => {
      // The process ended meanwhile: another of the same file may be asked later.
      this.#known.delete(path);
      return null;
    });
    this.#known.set(path, picture);
    return picture;
  }
}
