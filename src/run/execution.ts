/** What is known of each target while a run deletes: sent, answered, decided. It tells every outcome, and each one once. */
import { sendDelete } from '../deletion/delete.ts';
import { Evictions, waitingOnBudget, wordsOf } from '../deletion/evict.ts';
import type { EvictionResult, Refusal } from '../deletion/evict.ts';
import type { DeletionRequest } from '../deletion/fate.ts';
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
  readonly #decided = new Map<string, Outcome>();
  readonly #request: DeletionRequest;
  #until: number;
  #limit: AbortSignal | null = null;
  readonly #evictions: Evictions | null;
  readonly #sent = new Set<string>();
  /** Evictions of which the last was refused. */
  readonly #refusals = new Map<string, Refusal>();
  readonly #decisions = new Gates();
  readonly #answers = new Gates();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(input: ExecuteInput, until: number) {
    this.#input = input;
    const { gracePeriodSeconds, cascade } = input.options.deletion;
    this.#request = { gracePeriodSeconds, cascade };
    this.#until = until;
    this.#evictions = input.options.evict ? new Evictions(input.port, this.#request, input.clock) : null;
    this.#signal = AbortSignal.any([input.signal, this.#stop.signal]);
  }

  /** Each target gets one outcome; what comes later is not told. */
  outcome(ref: Ref & { readonly uid: string }, outcome: Outcome, error: TargetError | null = null): void {
    if (this.#decided.has(ref.uid)) return;
    this.#decided.set(ref.uid, outcome);
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

  /** null: none yet. */
  outcomeOf(uid: string): Outcome | null {
    return this.#decided.get(uid) ?? null;
  }

  /** The time begins anew, for the pod whose turn it is. */
  renew(until: number, limit: AbortSignal): void {
    this.#until = until;
    this.#limit = limit;
  }

  /** Fires when nothing further is sent. */
  get over(): AbortSignal {
    return this.#signal;
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

  /** Sends the DELETE, or asks for the eviction until it is accepted. `gone` fires when the object is gone whoever removed it. */
  async send(planned: PlannedTarget, gone?: AbortSignal): Promise<EvictionResult> {
    return this.#evictions === null ? await this.#delete(planned) : await this.#evict(this.#evictions, planned, gone);
  }

  /** What refused its eviction last; null when nothing did, or it was accepted after all. */
  refusalOf(uid: string): TargetError | null {
    const refusal = this.#refusals.get(uid);
    return refusal === undefined ? null : { httpStatus: refusal.httpStatus, reason: refusal.reason === '' ? null : refusal.reason, message: wordsOf(refusal) };
  }

  async #evict(evictions: Evictions, { target: { ref, object }, findings }: PlannedTarget, gone: AbortSignal | undefined): Promise<EvictionResult> {
    const { clock, emit } = this.#input;
    const seen = findings.filter((f) => f.check === 'disruption-budget').flatMap((f) => f.finding.objects);
    const budget = seen.length === 1 ? (seen[0] ?? null) : null;
    let budgets: Refusal['budgets'] = [];
    let lastMessage: string | null = null;
    let asked = 0;
    const limits = { clock, until: this.#until, signal: AbortSignal.any([this.#signal, gone, this.#limit].filter((s) => s !== null && s !== undefined)) };
    const result = await evictions.evict({ ref, object, budget }, limits, {
      asking: (attempts) => {
        asked = attempts;
        this.#sent.add(ref.uid);
        emit({ type: 'requested', at: clock.now(), ref });
        emit({ type: 'eviction', at: clock.now(), ref, eviction: { attempts, budgets, lastMessage }, refused: false });
        emit({ type: 'phase', at: clock.now(), ref, phase: 'evicting', evidence: 'observed', message: 'its eviction is asked for' });
      },
      refused: (attempts, refusal) => {
        ({ budgets } = refusal);
        lastMessage = refusal.message;
        this.#sent.delete(ref.uid);
        this.#refusals.set(ref.uid, refusal);
        const at = clock.now();
        emit({ type: 'eviction', at, ref, eviction: { attempts, budgets, lastMessage }, refused: true });
        emit({ type: 'phase', at, ref, phase: 'eviction-refused', evidence: 'observed', message: `eviction refused: ${wordsOf(refusal)}` });
        emit({ type: 'waiting', at, ref, on: [waitingOnBudget(refusal)] });
      },
    });
    if (result.kind === 'accepted') {
      for (const text of result.warnings) emit({ type: 'api-warning', at: clock.now(), text });
      if (this.#refusals.delete(ref.uid)) {
        emit({ type: 'waiting', at: clock.now(), ref, on: [] });
        emit({ type: 'eviction', at: clock.now(), ref, eviction: { attempts: asked, budgets, lastMessage }, refused: false });
      }
    }
    return result;
  }

  async #delete(planned: PlannedTarget): Promise<EvictionResult> {
    const { clock, emit, port } = this.#input;
    const { ref } = planned.target;
    this.#sent.add(ref.uid);
    emit({ type: 'requested', at: clock.now(), ref });
    const result = await sendDelete(port, ref, this.#request, { clock, until: this.#until, signal: this.#signal });
    if (result.kind === 'accepted') for (const text of result.warnings) emit({ type: 'api-warning', at: clock.now(), text });
    return result;
  }

  /** The outcomes that the answer to the DELETE alone decides. */
  settle(ref: Ref & { readonly uid: string }, result: EvictionResult): void {
    switch (result.kind) {
      case 'accepted':
        break;
      case 'already-gone':
        this.outcome(ref, 'already-gone');
        break;
      case 'replaced':
        if (!result.ours) this.outcome(ref, 'replaced', { httpStatus: 409, reason: 'Conflict', message: `another object has the name ${ref.name} now; it was not touched` });
        break;
      case 'evict-refused':
        // After an interrupt that is what ended it.
        if (!this.#input.signal.aborted) this.outcome(ref, 'evict-refused', this.refusalOf(ref.uid));
        break;
      case 'failed':
        if (result.problem.kind !== 'aborted') this.outcome(ref, 'failed', errorOf(result.problem));
        break;
    }
  }
}
