/** What is known of each target while a run deletes: sent, answered, decided. It tells every outcome, and each one once. */
import { sendDelete } from '../deletion/delete.ts';
import type { DeletionRequest, DeletionResult } from '../deletion/delete.ts';
import type { Event, Outcome, TargetError } from '../events/event.ts';
import type { Ref } from '../model/ref.ts';
import { sendsDelete } from '../plan/decide.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import { errorOf } from '../termination/follow-target.ts';
import type { PrepareInput } from './prepare.ts';

export interface ExecuteInput extends PrepareInput {
  readonly emit: (event: Event) => void;
}

const nothing = (): void => undefined;

/** For each uid something that happens once and that others wait for. */
class Gates {
  readonly #gates = new Map<string, { readonly passed: Promise<void>; readonly open: () => void }>();

  #gate(uid: string): { readonly passed: Promise<void>; readonly open: () => void } {
    const known = this.#gates.get(uid);
    if (known !== undefined) return known;
    let open = nothing;
    const passed = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { passed, open };
    this.#gates.set(uid, gate);
    return gate;
  }

  open(uid: string): void {
    this.#gate(uid).open();
  }

  async passed(uid: string): Promise<void> {
    await this.#gate(uid).passed;
  }
}

export class Execution {
  readonly #input: ExecuteInput;
  readonly #decided = new Set<string>();
  readonly #request: DeletionRequest;
  readonly #until: number;
  readonly #sent = new Set<string>();
  readonly #decisions = new Gates();
  readonly #answers = new Gates();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(input: ExecuteInput, until: number) {
    this.#input = input;
    const { gracePeriodSeconds, cascade } = input.options.deletion;
    this.#request = { gracePeriodSeconds, cascade };
    this.#until = until;
    this.#signal = AbortSignal.any([input.signal, this.#stop.signal]);
  }

  /** Each target gets one outcome; what comes later is not told. */
  outcome(ref: Ref & { readonly uid: string }, outcome: Outcome, error: TargetError | null = null): void {
    if (this.#decided.has(ref.uid)) return;
    this.#decided.add(ref.uid);
    this.#decisions.open(ref.uid);
    this.#input.emit({ type: 'outcome', at: this.#input.clock.now(), ref, outcome, error });
  }

  /** Resolves when the target has its outcome. */
  async decided(uid: string): Promise<void> {
    await this.#decisions.passed(uid);
  }

  /** All that its DELETE could tell is known: nothing further comes from there. */
  answer(uid: string): void {
    this.#answers.open(uid);
  }

  /** Resolves when its DELETE has been answered, or needs no sending any more. */
  async answered(uid: string): Promise<void> {
    await this.#answers.passed(uid);
  }

  isDecided(uid: string): boolean {
    return this.#decided.has(uid);
  }

  /** The run is about to end: no further DELETE is sent. */
  end(): void {
    this.#stop.abort();
  }

  get isOver(): boolean {
    return this.#signal.aborted;
  }

  /** Its DELETE was sent, or it needs none. */
  wasAskedToGo(planned: PlannedTarget): boolean {
    return this.#sent.has(planned.target.ref.uid) || !sendsDelete(planned, this.#input.options.deletion);
  }

  async send(planned: PlannedTarget): Promise<DeletionResult> {
    const { clock, emit, port } = this.#input;
    const { ref } = planned.target;
    this.#sent.add(ref.uid);
    emit({ type: 'requested', at: clock.now(), ref });
    const result = await sendDelete(port, ref, this.#request, { clock, until: this.#until, signal: this.#signal });
    if (result.kind === 'accepted') for (const text of result.warnings) emit({ type: 'api-warning', at: clock.now(), text });
    return result;
  }

  /** The outcomes that the answer to the DELETE alone decides. */
  settle(ref: Ref & { readonly uid: string }, result: DeletionResult): void {
    switch (result.kind) {
      case 'accepted':
        break;
      case 'already-gone':
        this.outcome(ref, 'already-gone');
        break;
      case 'replaced':
        if (!result.ours) this.outcome(ref, 'replaced', { httpStatus: 409, reason: 'Conflict', message: `another object has the name ${ref.name} now; it was not touched` });
        break;
      case 'failed':
        if (result.problem.kind !== 'aborted') this.outcome(ref, 'failed', errorOf(result.problem));
        break;
    }
  }
}
