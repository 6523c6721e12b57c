/**
 * --one-at-a-time: the next pod goes when the replacement of the last is Ready, and when the budgets allow one more to be down. It stops at
 * the first pod that does not go or does not come back within the time, which counts for each pod. Of a StatefulSet the highest ordinal
 * goes first, as in its own rolling updates; all else goes in the order of the command. What nothing recreates is not waited for.
 */
import type { ClusterPort } from '../cluster/port.ts';
import { waitingFor } from '../diagnosis/waiting-on.ts';
import type { Replacement } from '../events/event.ts';
import { provesAbsence } from '../facts/absence.ts';
import { lookingAt } from '../facts/fact.ts';
import { facts } from '../facts/facts.ts';
import { ordinalOf } from '../facts/owners.ts';
import { gather } from '../facts/gather.ts';
import { isAborted, whenAborted } from '../model/abort.ts';
import { isTerminating } from '../model/pod.ts';
import { typeSlashName } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import type { Pod } from '../model/wire.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import type { FollowedTarget } from '../termination/follow-target.ts';
import { findReplacement, replacementEvents, replacementOf } from '../termination/replacement.ts';
import type { Expectation } from '../termination/replacement.ts';
import type { Execution, ExecuteInput } from './execution.ts';

const LOOK_MS = 500;
const BUDGET_LOOK_MS = 1000;
const BUDGET_READ_MS = 5000;

const turnOf = ({ target, recreatedBy }: PlannedTarget): number | null => (recreatedBy?.sameName === true ? ordinalOf(target.object) : null);

/** Pods of one StatefulSet exchange their places until the highest ordinal goes first; nothing else moves. Pure. */
export const inTurn = (targets: readonly PlannedTarget[]): readonly PlannedTarget[] => {
  const sets = new Map<string, { readonly t: PlannedTarget; readonly ordinal: number }[]>();
  for (const t of targets) {
    const ordinal = turnOf(t);
    const set = ordinal === null ? null : (t.recreatedBy?.owner.uid ?? null);
    if (set !== null && ordinal !== null) sets.set(set, [...(sets.get(set) ?? []), { t, ordinal }]);
  }
  const queues = new Map([...sets].map(([set, pods]) => [set, pods.toSorted((a, b) => b.ordinal - a.ordinal).values()]));
  return targets.map((t) => {
    const next = turnOf(t) === null ? undefined : queues.get(t.recreatedBy?.owner.uid ?? '')?.next();
    return next === undefined || next.done === true ? t : next.value.t;
  });
};

/** How the sequence ended. `why` tells the pods that it did not come to. */
export type SequenceEnd = { readonly kind: 'all' } | { readonly kind: 'timeout' | 'stopped'; readonly why: string };

export interface Steps {
  readonly send: (followed: FollowedTarget) => Promise<void>;
  /** Resolves when the target has its outcome. */
  readonly finished: (followed: FollowedTarget) => Promise<void>;
}

interface Turn {
  readonly input: ExecuteInput;
  readonly execution: Execution;
  /** The pod's time is over, or the run is. */
  readonly over: AbortSignal;
}

/** The budget that has no room for one more pod to be down; null: all have, or they may not be read, which the plan has said. */
const fullBudget = async ({ planned: { target }, last }: FollowedTarget, { input, over }: Turn): Promise<{ readonly ref: Ref; readonly message: string } | null> => {
  const now = { ref: target.ref, object: last };
  const given = { ...lookingAt([now], input.serverNow()), oneAtATime: true };
  const seen = await gather(input.port, [facts.budgets], given, { clock: input.clock, timeoutMs: BUDGET_READ_MS, signal: over });
  for (const { ref, budget } of facts.budgets.view(now, given, seen).budgets) {
    const { status } = budget;
    if ((status?.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) return { ref, message: 'it is being computed' };
    if ((status?.disruptionsAllowed ?? 0) < 1) return { ref, message: `it needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0}` };
  }
  return null;
};

/** Waits until every budget on the pod has room; gives what is said when the time is over before. With --evict the server does that. */
const roomInBudgets = async (followed: FollowedTarget, turn: Turn): Promise<string | null> => {
  const { clock, emit } = turn.input;
  const { ref } = followed.planned.target;
  let said = false;
  for (;;) {
    const full = await fullBudget(followed, turn);
    if (isAborted(turn.over)) return full === null ? 'the time was over' : `budget ${full.ref.name} allows no disruption: ${full.message}`;
    if (full === null) {
      if (said) emit({ type: 'waiting', at: clock.now(), ref, on: [] });
      return null;
    }
    if (!said) emit({ type: 'waiting', at: clock.now(), ref, on: [waitingFor({ kind: 'budget', name: full.ref.name, message: full.message, remedy: 'Wait until more of its pods are Ready, or change the budget.', objects: [full.ref] })] });
    said = true;
    await clock.sleep(BUDGET_LOOK_MS, turn.over);
  }
};

/** The pod of the last look, as it is now; null when it is gone or on its way out, so that another one will come. */
const again = async (port: ClusterPort, pod: Pod, signal: AbortSignal): Promise<Pod | null | 'no-answer'> => {
  const { namespace, name, uid } = pod.metadata;
  const answer = await port.get({ group: '', version: 'v1', resource: 'pods', namespace: namespace ?? null, name }, { signal });
  if (!answer.ok) return provesAbsence(answer.problem) ? null : 'no-answer';
  return answer.value.metadata.uid === uid && !isTerminating(answer.value) ? answer.value : null;
};

/** Waits until the replacement is Ready; gives what is said when the time is over before. */
const readyAgain = async (followed: FollowedTarget, expected: Expectation, taken: Set<string>, turn: Turn): Promise<string | null> => {
  const { clock, emit, port } = turn.input;
  const { ref } = followed.planned.target;
  // Its owner's uid tells it from all others: of owners whose selector is not known all pods are looked at.
  const wanted = { ...expected, selector: expected.selector ?? '' };
  let pod: Pod | null = null;
  let told = '';
  const tell = (replacement: Replacement): void => {
    const now = JSON.stringify(replacement);
    if (now === told) return;
    told = now;
    for (const event of replacementEvents(ref, replacement, clock.now())) emit(event);
  };
  for (;;) {
    const now: Pod | null | 'no-answer' = pod === null ? await findReplacement(port, ref.namespace, wanted, taken, followed.mark?.requestedAt ?? null, turn.over) : await again(port, pod, turn.over);
    if (now !== 'no-answer' && !isAborted(turn.over)) pod = now;
    if (pod !== null) {
      const replacement = replacementOf(pod);
      tell(replacement);
      if (replacement.ready) {
        taken.add(pod.metadata.uid);
        return null;
      }
    }
    if (isAborted(turn.over)) {
      if (pod === null) return `${typeSlashName(ref)} was not recreated by ${typeSlashName(expected.owner)}`;
      const { reason } = replacementOf(pod);
      return `its replacement ${pod.metadata.name} was not Ready${reason === null ? '' : ` (${reason})`}`;
    }
    await clock.sleep(LOOK_MS, turn.over);
  }
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

/** Goes through the pods one by one. Resolves at the end of the sequence; what ends the run from outside ends it through `execution`. */
export const oneAtATime = async (
  following: readonly FollowedTarget[],
  expectations: ReadonlyMap<string, Expectation>,
  limitMs: number,
  input: ExecuteInput,
  execution: Execution,
  steps: Steps,
): Promise<SequenceEnd> => {
  const byUid = new Map(following.map((f) => [f.uid, f]));
  const order = inTurn(following.map((f) => f.planned)).flatMap((t) => byUid.get(t.target.ref.uid) ?? []);
  const asksBudgets = !input.options.evict && !input.options.allow.some((id) => id === 'disruption-budget' || id === 'budget-exceeded');
  const taken = new Set<string>();
  for (const [index, followed] of order.entries()) {
    const at = typeSlashName(followed.planned.target.ref);
    const stopped = (why: string, kind: 'stopped' | 'timeout' = 'stopped'): SequenceEnd => ({ kind, why: `stopped at ${at}: ${why}` });
    const timer = new AbortController();
    const done = new AbortController();
    void input.clock.sleep(limitMs, done.signal).then(() => {
      timer.abort();
    });
    execution.renew(input.clock.now() + limitMs, timer.signal);
    const over = AbortSignal.any([timer.signal, execution.over]);
    const turn = { input, execution, over };
    try {
      // What the plan itself has just judged is not asked again.
      const full = asksBudgets && index > 0 && !followed.isGone ? await roomInBudgets(followed, turn) : null;
      if (execution.isOver) return { kind: 'all' };
      if (full !== null) return stopped(`${full} within ${seconds(limitMs)}`);
      await Promise.race([Promise.all([steps.send(followed), steps.finished(followed)]), whenAborted(over)]);
      if (isAborted(execution.over)) return { kind: 'all' };
      const outcome = execution.outcomeOf(followed.uid);
      if (outcome === null) return stopped(`it did not go within ${seconds(limitMs)}`, 'timeout');
      if (outcome !== 'deleted' && outcome !== 'already-gone') return stopped(`it was ${outcome.replaceAll('-', ' ')}`);
      const expected = expectations.get(followed.uid);
      if (expected === undefined) continue;
      const missing = await readyAgain(followed, expected, taken, turn);
      if (isAborted(execution.over)) return { kind: 'all' };
      if (missing !== null) return stopped(`${missing} within ${seconds(limitMs)}`);
    } finally {
      done.abort();
    }
  }
  return { kind: 'all' };
};
