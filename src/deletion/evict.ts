/**
 * Pods through the Eviction API, so that the server enforces disruption budgets. A refusal by a budget is asked about again until the time
 * is over; it never becomes a DELETE. An eviction that was accepted is a DELETE by the server, with the same options and precondition.
 */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { waitingFor } from '../diagnosis/waiting-on.ts';
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import { budgetKind } from '../discovery/built-in.ts';
import type { BudgetNumbers } from '../events/event.ts';
import { evictionBody } from '../facts/ask-server.ts';
import type { Ref } from '../model/ref.ts';
import { selects } from '../model/selector.ts';
import type { Budget, KubeObject } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';
import { sendUntilKnown } from './fate.ts';
import type { DeletionRequest, DeletionResult, SendLimits } from './fate.ts';
import { Pace } from './pace.ts';

/** What a budget, or several, said to one pod. */
export interface Refusal {
  readonly httpStatus: number;
  readonly reason: string;
  readonly message: string;
  readonly budgets: readonly BudgetNumbers[];
  /** Asking again cannot help: more than one budget selects the pod. */
  readonly final: boolean;
}

export type EvictionResult = DeletionResult | { readonly kind: 'evict-refused'; readonly refusal: Refusal };

export interface EvictionTold {
  readonly asking: (attempts: number) => void;
  readonly refused: (attempts: number, refusal: Refusal) => void;
}

export interface EvictedPod {
  readonly ref: Ref & { readonly uid: string };
  readonly object: KubeObject;
  /** The budget that the plan saw on it; null: none, several or not known. */
  readonly budget: Ref | null;
}

type Evictor = Pick<ClusterPort, 'get' | 'create' | 'list'>;
type StatusProblem = Extract<Problem, { kind: 'status' }>;

/** eviction.go: both sentences have no reason of their own, and the first comes as 500. */
const SEVERAL = /more than one PodDisruptionBudget/u;
const BY_BUDGET = /violate the pod's disruption budget/u;
const NUMBERS = /The disruption budget (\S+) needs (\d+) healthy pods and has (\d+) currently/u;
const NAMED = /The disruption budget (\S+) /u;

const isSeveral = (problem: Problem): problem is StatusProblem => problem.kind === 'status' && problem.httpStatus === 500 && SEVERAL.test(problem.message);

/** A 429 of a budget, not of a server that has too much to do: it names its cause. */
const isByBudget = (problem: Problem): problem is StatusProblem =>
  problem.kind === 'status' && problem.httpStatus === 429 && (BY_BUDGET.test(problem.message) || (problem.details?.causes ?? []).some((c) => c.reason === 'DisruptionBudget'));

const isRefusal = (problem: Problem): problem is StatusProblem => isSeveral(problem) || isByBudget(problem);

const budgetRef = (namespace: string | null, name: string, uid: string | null): Ref => ({ group: budgetKind.group, version: budgetKind.version, kind: budgetKind.kind, resource: budgetKind.resource, namespace, name, uid });

const healthy = (count: number): string => `${count} healthy pod${count === 1 ? '' : 's'}`;

const numbersOf = ({ needs, has }: BudgetNumbers): string => (needs === null || has === null ? 'its numbers are not known' : `needs ${healthy(needs)} and has ${has}`);

/** The budgets of a refusal in words: for the timeline, the reasons to wait and the outcome. */
export const wordsOf = ({ budgets, final, message }: Refusal): string => {
  const names = budgets.map((b) => b.ref.name);
  if (final) return `${names.length > 1 ? `budgets ${names.join(' and ')} select it together` : 'more than one budget selects it'}: the Eviction API refuses such a pod, however healthy it is`;
  const [only] = budgets;
  return only === undefined ? message : `budget ${only.ref.name} ${numbersOf(only)}`;
};

export const waitingOnBudget = (refusal: Refusal): WaitingOn =>
  waitingFor({
    kind: 'budget',
    name: refusal.budgets.map((b) => b.ref.name).join(', '),
    message: wordsOf(refusal),
    remedy: refusal.final ? 'Keep one of the budgets.' : 'Wait until more of its pods are Ready, or change the budget.',
    objects: refusal.budgets.map((b) => b.ref),
    commands: refusal.budgets.slice(0, 1).map(({ ref }) => ({ argv: ['kubectl', 'describe', 'poddisruptionbudgets.policy', ref.name, ...(ref.namespace === null ? [] : ['-n', ref.namespace])], why: 'what it counts' })),
    danger: 'A plain DELETE does not ask the budget: fewer pods serve then than its owner said are needed.',
  });

export class Evictions {
  readonly #port: Evictor;
  readonly #request: DeletionRequest;
  readonly #pace: Pace;

  constructor(port: Evictor, request: DeletionRequest, clock: Clock) {
    this.#port = port;
    this.#request = request;
    this.#pace = new Pace(clock);
  }

  /** Asks until the eviction is accepted, decided otherwise, or the signal fires; then the last refusal is the result. */
  async evict(pod: EvictedPod, limits: SendLimits, told: EvictionTold): Promise<EvictionResult> {
    let lane = pod.budget === null ? pod.ref.uid : this.#laneOf(pod.ref, pod.budget.name);
    let attempts = 0;
    let last: Refusal | null = null;
    for (;;) {
      const turn = await this.#pace.take(lane, last !== null, limits.signal);
      if (turn === null) return last === null ? { kind: 'failed', problem: { kind: 'aborted' } } : { kind: 'evict-refused', refusal: last };
      const result = await this.#ask(pod, limits, () => {
        attempts += 1;
        told.asking(attempts);
      });
      if (result.kind !== 'failed' || !isRefusal(result.problem)) {
        turn.end('passed');
        return result;
      }
      const { problem } = result;
      last = await this.#refusalOf(problem, pod, limits.signal);
      told.refused(attempts, last);
      turn.end('refused', problem.retryAfterSeconds === null ? null : problem.retryAfterSeconds * 1000);
      if (last.final) return { kind: 'evict-refused', refusal: last };
      const [budget] = last.budgets;
      if (budget !== undefined) lane = this.#laneOf(pod.ref, budget.ref.name);
    }
  }

  #laneOf(ref: Ref, budget: string): string {
    return `${ref.namespace ?? ''}/${budget}`;
  }

  async #ask(pod: EvictedPod, limits: SendLimits, asking: () => void): Promise<DeletionResult> {
    const { group, version, resource, namespace, name } = pod.ref;
    const at = { group, version, resource, namespace, name, subresource: 'eviction' };
    const body = evictionBody(pod.ref, { ...this.#request, dryRun: false });
    return await sendUntilKnown({
      send: async () => {
        asking();
        // What a budget answers is told at once: the transport itself would wait as long as the server asks it to.
        const answer = await this.#port.create(at, body, { signal: limits.signal, once: true });
        return answer.ok ? { ok: true, value: { object: null, gone: false }, warnings: answer.warnings } : answer;
      },
      get: this.#port.get,
      ref: pod.ref,
      request: this.#request,
      limits,
      decides: isRefusal,
    });
  }

  /** The numbers come from the answer where it has them, else from the budgets themselves. */
  async #refusalOf(problem: StatusProblem, pod: EvictedPod, signal: AbortSignal): Promise<Refusal> {
    const { httpStatus, reason, message } = problem;
    const final = isSeveral(problem);
    const cause = problem.details?.causes?.find((c) => c.reason === 'DisruptionBudget')?.message ?? '';
    const said = NUMBERS.exec(cause);
    const common = { httpStatus, reason, message: cause === '' ? message : cause, final };
    if (said?.[1] !== undefined) return { ...common, budgets: [{ ref: budgetRef(pod.ref.namespace, said[1], null), needs: Number(said[2]), has: Number(said[3]) }] };
    const budgets = await this.#budgetsOf(pod, signal);
    const named = NAMED.exec(cause)?.[1];
    if (named === undefined) return { ...common, budgets };
    return { ...common, budgets: budgets.filter((b) => b.ref.name === named).concat(budgets.some((b) => b.ref.name === named) ? [] : [{ ref: budgetRef(pod.ref.namespace, named, null), needs: null, has: null }]) };
  }

  /** The budgets that select the pod now; none when they may not be listed. */
  async #budgetsOf({ ref, object }: EvictedPod, signal: AbortSignal): Promise<readonly BudgetNumbers[]> {
    const answer = await this.#port.list({ group: budgetKind.group, version: budgetKind.version, resource: budgetKind.resource, namespace: ref.namespace, name: null }, { signal });
    if (!answer.ok) return [];
    return (answer.value.items as readonly Budget[])
      .filter((b) => selects(b.spec?.selector, object.metadata.labels))
      .map((b) => ({ ref: budgetRef(ref.namespace, b.metadata.name, b.metadata.uid), needs: b.status?.desiredHealthy ?? null, has: b.status?.currentHealthy ?? null }));
  }
}
