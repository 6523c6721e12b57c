/** Below the plan nothing decides: sends the DELETEs of a plan that has consent, and follows each target to its end. */
import type { EvictionResult } from '../deletion/evict.ts';
import { provesAbsence } from '../facts/absence.ts';
import { whenAborted } from '../model/abort.ts';
import type { KubeObject } from '../model/wire.ts';
import { inParallel } from '../model/in-parallel.ts';
import { sendsDelete } from '../plan/decide.ts';
import { inWaves } from '../plan/order.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import { errorOf } from '../termination/follow-target.ts';
import type { FollowedTarget } from '../termination/follow-target.ts';
import { tellDependents } from './dependents-left.ts';
import { Execution } from './execution.ts';
import type { ExecuteInput } from './execution.ts';
import { Following } from './follow.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Prepared } from './prepare.ts';
import { Replacements } from './until-ready.ts';

/** How long the first watch may take to stand; the requests behind it have shorter limits of their own. */
const STANDING_MS = 15_000;
/** For the last look and the reasons when --timeout is over: the process has to end within a second of it. */
const LAST_LOOK_MS = 700;
/** For the look at what went along. */
const DEPENDENTS_MS = 2000;
const IN_FLIGHT = 64;
const BETWEEN_WAVES_MS = 500;
const FOREVER_MS = 7 * 24 * 3600 * 1000;

/** Evictions have a pace of their own, and one that waits for a budget holds up no other. */
const widthOf = ({ options }: ExecuteInput): number => (options.evict ? Number.POSITIVE_INFINITY : IN_FLIGHT);

/** Until when it may take, as its mark says: with --wait=false the report has it from nowhere else. */
const tellDeadline = ({ target: { ref } }: PlannedTarget, { metadata }: KubeObject, { clock, emit }: ExecuteInput): void => {
  if (metadata.deletionTimestamp === undefined) return;
  emit({ type: 'deadline', at: clock.now(), ref, deadline: metadata.deletionTimestamp, gracePeriodSeconds: metadata.deletionGracePeriodSeconds ?? 0 });
};

/** --wait=false: sends the DELETEs and returns once they are accepted. */
const sendOnly = async (going: readonly PlannedTarget[], input: ExecuteInput, execution: Execution): Promise<void> => {
  for (const wave of inWaves(going)) {
    await inParallel(wave, widthOf(input), async (planned) => {
      if (execution.isOver) return;
      const { ref } = planned.target;
      if (!sendsDelete(planned, input.options.deletion)) {
        tellDeadline(planned, planned.target.object, input);
        execution.outcome(ref, 'accepted');
        return;
      }
      const result = await execution.send(planned);
      if (result.kind === 'accepted' && !result.gone && result.object !== null) tellDeadline(planned, result.object, input);
      execution.settle(ref, result);
      if (result.kind === 'accepted') execution.outcome(ref, result.gone ? 'deleted' : 'accepted');
      if (result.kind === 'replaced' && result.ours) execution.outcome(ref, 'deleted');
    });
  }
};

/** Read through a function: it may have changed while an answer was awaited. */
const isGone = (followed: FollowedTarget): boolean => followed.isGone;

/** Not by a request of this run. */
const goneByItself = (followed: FollowedTarget): EvictionResult => (followed.hasSuccessor ? { kind: 'replaced', ours: false } : { kind: 'already-gone' });

/** Sends for one target and hands the answer to its follower. */
const sendFor = async (followed: FollowedTarget, input: ExecuteInput, execution: Execution): Promise<void> => {
  const { ref } = followed.planned.target;
  if (execution.isOver) return;
  if (isGone(followed)) {
    // It went before its turn, and not by its own DELETE.
    execution.settle(ref, goneByItself(followed));
    return;
  }
  if (!sendsDelete(followed.planned, input.options.deletion)) {
    followed.present(followed.last);
    // It may have gone between the plan and the watch, and no answer to a DELETE tells.
    const now = await input.port.get(ref, { signal: input.signal });
    if (now.ok) followed.present(now.value);
    else if (provesAbsence(now.problem)) followed.absent();
    return;
  }
  const gone = new AbortController();
  void followed.done.then(() => {
    gone.abort();
  });
  // An eviction may be refused for long: its request counts from the mark.
  if (!input.options.evict) followed.requested();
  const result = await execution.send(followed.planned, gone.signal);
  if (result.kind === 'accepted' && result.object !== null && result.readLater !== true) followed.answered(result.object);
  execution.settle(ref, (result.kind === 'failed' || result.kind === 'evict-refused') && isGone(followed) ? goneByItself(followed) : result);
  if (execution.isDecided(ref.uid)) return;
  if (result.kind === 'accepted' && result.gone && result.object !== null) followed.deleted(result.object);
  // Not over what the watch has shown meanwhile: the answer may be older.
  else if (result.kind === 'accepted' && result.object !== null && followed.mark === null) followed.present(result.object);
  else if ((result.kind === 'accepted' && result.gone) || result.kind === 'replaced') followed.absent();
};

/**
 * Sends wave by wave. A controller sees its owner's end a moment after the API server has it: what it owns is asked to go only when the
 * owner is gone, or soon after for an owner that stays a while.
 */
const sendInWaves = async (following: Following, input: ExecuteInput, execution: Execution): Promise<void> => {
  const byUid = new Map(following.targets.map((f) => [f.uid, f]));
  const waves = inWaves(following.targets.map((f) => f.planned)).map((wave) => wave.flatMap((t) => byUid.get(t.target.ref.uid) ?? []));
  for (const [index, wave] of waves.entries()) {
    await inParallel(wave, widthOf(input), async (followed) => {
      await sendFor(followed, input, execution);
      execution.answer(followed.uid);
    });
    if (index === waves.length - 1 || execution.isOver) return;
    const enough = new AbortController();
    await Promise.race([Promise.all(wave.map(async (f) => await Promise.race([f.done, execution.decided(f.uid)]))), input.clock.sleep(BETWEEN_WAVES_MS, enough.signal)]);
    enough.abort();
  }
};

/** With --until=ready the run goes on until what comes after is Ready; the outcome of the target itself does not wait for that. */
const finishedAndReplaced = async (followed: FollowedTarget, execution: Execution, replacements: Replacements | null): Promise<void> => {
  await finished(followed, execution);
  const outcome = execution.outcomeOf(followed.uid);
  if (replacements !== null && (outcome === 'deleted' || outcome === 'already-gone') && !execution.isOver) await replacements.ready(followed);
};

const finished = async (followed: FollowedTarget, execution: Execution): Promise<void> => {
  // Gone counts as deleted only when its own DELETE has not said otherwise: somebody else may have removed or replaced it.
  await Promise.race([Promise.all([followed.done, execution.answered(followed.uid)]), execution.decided(followed.uid)]);
  execution.outcome(followed.planned.target.ref, 'deleted');
};

/** The time was over before it was asked to go, or while a budget refused its eviction. */
const tellUnasked = ({ uid, planned: { target } }: FollowedTarget, execution: Execution): void => {
  const refusal = execution.refusalOf(uid);
  execution.outcome(target.ref, refusal === null ? 'not-attempted' : 'evict-refused', refusal);
};

/** At the end of the time: one last look at what is still there, so that "still there" is a fact too. */
const lastLook = async (following: Following, prepared: Prepared, input: ExecuteInput, execution: Execution): Promise<void> => {
  const { clock, port } = input;
  const enough = new AbortController();
  const limit = clock.sleep(LAST_LOOK_MS, enough.signal);
  const looks = following.targets
    .filter((p) => !execution.isDecided(p.uid))
    .map(async (pod) => {
      const { ref } = pod.planned.target;
      if (!execution.wasAskedToGo(pod.planned)) {
        tellUnasked(pod, execution);
        return;
      }
      const answer = await port.get(ref, { signal: input.signal, timeoutMs: LAST_LOOK_MS });
      if (answer.ok) {
        pod.present(answer.value);
        if (answer.value.metadata.uid === pod.uid) {
          if (answer.value.metadata.deletionTimestamp === undefined && execution.refusalOf(pod.uid) !== null) tellUnasked(pod, execution);
          else execution.outcome(ref, 'still-there');
        }
      } else if (provesAbsence(answer.problem)) pod.absent();
      else execution.outcome(ref, 'unobserved', errorOf(answer.problem));
      if (pod.isGone) await pod.done;
      if (pod.isGone) execution.outcome(ref, 'deleted');
    });
  const asked = following.targets.map((f) => f.planned).filter((planned) => execution.wasAskedToGo(planned));
  await Promise.race([Promise.all([following.diagnose(LAST_LOOK_MS), tellDependents(asked, prepared.hanging, input, LAST_LOOK_MS), ...looks]), limit]);
  enough.abort();
  for (const pod of following.targets) {
    execution.outcome(pod.planned.target.ref, pod.isGone ? 'deleted' : 'unobserved', pod.isGone ? null : { httpStatus: null, reason: null, message: 'the API server did not answer before the time was over' });
  }
};

/** What a sequence did not come to. */
const tellRest = (following: Following, execution: Execution, why: string | null): void => {
  for (const pod of following.targets) {
    if (pod.isGone || execution.wasAskedToGo(pod.planned) || execution.refusalOf(pod.uid) !== null) continue;
    execution.outcome(pod.planned.target.ref, 'not-attempted', why === null ? null : { httpStatus: null, reason: null, message: why });
  }
};

const inSequence = async (following: Following, prepared: Prepared, limitMs: number, input: ExecuteInput, execution: Execution): Promise<Ending> => {
  const end = await oneAtATime(following.targets, prepared.expectations, limitMs, input, execution, {
    send: async (followed) => {
      await sendFor(followed, input, execution);
      execution.answer(followed.uid);
    },
    finished: async (followed) => {
      await finished(followed, execution);
    },
  });
  if (end.kind === 'all') return 'all';
  tellRest(following, execution, end.why);
  return end.kind === 'timeout' ? 'timeout' : 'all';
};

/** What ended the wait: everything is gone, the time, a lasting refusal to read, or a signal. */
type Ending = 'all' | 'timeout' | 'shut-out' | 'interrupted';

/**
 * Deletes the targets that the plan lets go, each with its uid, and follows them until they are gone, the time is over or a signal comes. Every
 * target gets exactly one outcome event. The watch stands before the first DELETE is sent.
 */
export const execute = async (prepared: Prepared, going: readonly PlannedTarget[], input: ExecuteInput): Promise<void> => {
  const { clock, emit, options, port, signal } = input;
  const { plan } = prepared;
  const limitMs = plan.timeoutSeconds === 0 ? FOREVER_MS : plan.timeoutSeconds * 1000;
  if (!options.deletion.wait) {
    const execution = new Execution(input, clock.now() + limitMs);
    const over = new AbortController();
    // An eviction that budgets refuse ends with the time.
    if (options.evict) {
      void clock.sleep(limitMs, over.signal).then(() => {
        execution.end();
      });
    }
    await sendOnly(going, input, execution);
    over.abort();
    if (signal.aborted) return;
    for (const planned of going) execution.outcome(planned.target.ref, execution.wasAskedToGo(planned) ? 'unobserved' : 'not-attempted');
    return;
  }
  const following = new Following(going, prepared.expectations, { port, clock, emit, serverNow: input.serverNow, logs: options.logs, slices: prepared.slices });
  const timers = new AbortController();
  const until = AbortSignal.any([signal, timers.signal]);
  try {
    const stands = await Promise.race([following.standing.then(() => true), clock.sleep(STANDING_MS, until).then(() => false)]);
    if (signal.aborted) return;
    if (!stands) {
      emit({ type: 'error', at: clock.now(), code: 'watch-not-accepted', message: `the API server accepted no watch within ${STANDING_MS / 1000} s, so the end could not be followed: nothing was deleted`, remedy: 'Try again, or pass --wait=false to delete without following.' });
      return;
    }
    const execution = new Execution(input, clock.now() + limitMs);
    const replacements = options.until === 'ready' && !options.oneAtATime ? new Replacements(prepared.expectations, following.taken, input, until) : null;
    const ending: Ending = await Promise.race([
      options.oneAtATime ? inSequence(following, prepared, limitMs, input, execution) : Promise.all([sendInWaves(following, input, execution), ...following.targets.map(async (f) => await finishedAndReplaced(f, execution, replacements))]).then((): Ending => 'all'),
      // One at a time it counts for each pod.
      clock.sleep(options.oneAtATime ? FOREVER_MS : limitMs, until).then((): Ending => (signal.aborted ? 'interrupted' : 'timeout')),
      following.shutOut.then((): Ending => 'shut-out'),
      whenAborted(signal).then((): Ending => 'interrupted'),
    ]);
    execution.end();
    switch (ending) {
      case 'all':
        await tellDependents(going.filter((planned) => execution.wasAskedToGo(planned)), prepared.hanging, input, DEPENDENTS_MS);
        await following.lastLines();
        break;
      case 'timeout':
        await lastLook(following, prepared, input, execution);
        break;
      case 'shut-out': {
        const problem = following.unobservable;
        for (const pod of following.targets) {
          if (!execution.wasAskedToGo(pod.planned)) tellUnasked(pod, execution);
          else if (!pod.isGone) execution.outcome(pod.planned.target.ref, 'unobserved', problem === null ? null : errorOf(problem));
        }
        await Promise.all(following.targets.filter((p) => p.isGone).map(async (p) => await p.done));
        for (const pod of following.targets) execution.outcome(pod.planned.target.ref, 'deleted');
        break;
      }
      case 'interrupted':
        if (options.oneAtATime) tellRest(following, execution, null);
        for (const pod of following.targets) execution.outcome(pod.planned.target.ref, !pod.isGone ? 'interrupted' : execution.wasAskedToGo(pod.planned) ? 'deleted' : 'already-gone');
        break;
    }
  } finally {
    timers.abort();
    await following.stop();
  }
};

