/** Ending a program: asked once, done to exactly the process shown, then told what became of the port. */

import type { EndOutcome } from '../ipc/bindings/EndOutcome';
import type { EndPlan } from '../ipc/bindings/EndPlan';
import type { Failure } from '../ipc/bindings/Failure';
import type { ProcessRef } from '../ipc/bindings/ProcessRef';
import { failureOf, type Backend } from '../ipc/backend';

export type Stage = 'closed' | 'planning' | 'asking' | 'ending' | 'told' | 'failed';

/** How long a program has that was asked to end, in milliseconds: the engine's own figure. */
export const GRACE = 5000;

export class Ending {
  #backend: Backend;
  stage = $state<Stage>('closed');
  plan = $state.raw<EndPlan | null>(null);
  outcome = $state.raw<EndOutcome | null>(null);
  failure = $state.raw<Failure | null>(null);
  withChildren = $state(false);
  forced = $state(false);
  /** The order was given with administrator rights. It stays so: what was refused once would be refused again. */
  elevated = $state(false);
  #turn = 0;
  #port: number | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Shows what will go. `port`: the one that the person asked about, looked at afterwards in any case. */
  async open({ pid, start }: ProcessRef, port: number | null): Promise<void> {
    const turn = ++this.#turn;
    this.stage = 'planning';
    this.plan = this.outcome = this.failure = null;
    this.withChildren = this.forced = this.elevated = false;
    this.#port = port;
    try {
      const plan = await this.#backend.planEnd({ pid, start });
      if (turn !== this.#turn) return;
      this.plan = plan;
      this.stage = 'asking';
    } catch (reason) {
      this.#fail(turn, reason);
    }
  }

  /** Whether the system refused, and can be asked to let an administrator do it. */
  get forAdministrator(): boolean {
    const refused = this.failure?.refusal === 'not_allowed' || this.failure?.code === 'not_elevated';
    return this.stage === 'failed' && refused && this.plan?.elevation_possible === true;
  }

  /** Gives the order that was refused once more, with administrator rights. */
  carryOutElevated(): Promise<void> {
    this.elevated = true;
    return this.carryOut(this.forced);
  }

  /** Gives the order. */
  async carryOut(force: boolean): Promise<void> {
    const plan = this.plan;
    if (!plan || this.stage === 'ending') return;
    const turn = ++this.#turn;
    this.stage = 'ending';
    this.forced = force;
    try {
      const children = this.withChildren ? plan.children.filter((child) => child.refusal === null) : [];
      const outcome = await this.#backend.endProcess({
        process: plan.process.process,
        children: children.map((child) => child.process),
        force,
        elevated: this.elevated,
        ports: this.#ports(plan),
      });
      if (turn !== this.#turn) return;
      this.outcome = outcome;
      this.stage = 'told';
    } catch (reason) {
      this.#fail(turn, reason);
    }
  }

  /** Lets go of the dialog; an order that was given goes on. */
  close(): void {
    this.#turn += 1;
    this.stage = 'closed';
  }

  #ports(plan: EndPlan): number[] {
    const ports = plan.ports.map((planned) => planned.port);
    const all = this.#port === null ? ports : [this.#port, ...ports];
    return all.filter((port, place) => all.indexOf(port) === place);
  }

  #fail(turn: number, reason: unknown): void {
    if (turn !== this.#turn) return;
    this.failure = failureOf(reason);
    this.stage = 'failed';
  }
}
