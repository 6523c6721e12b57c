/** --attach: follows and explains what is Terminating already. The same view and report as a deletion's, and nothing is sent but reads. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { lookingAt } from '../facts/fact.ts';
import { facts } from '../facts/facts.ts';
import { gather } from '../facts/gather.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { isPodKind, isTerminating } from '../model/pod.ts';
import { confirmWordOf, defaultTimeout } from '../plan/decide.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import type { ResolveError } from '../targets/resolve.ts';
import { FollowedTarget } from '../termination/follow-target.ts';
import { Reasons } from './ask-why.ts';
import { execute } from './delete.ts';
import type { ExecuteInput } from './execution.ts';
import { expectationOf, resolveNamed, withVersion } from './prepare.ts';
import type { Prepared } from './prepare.ts';

/** For the reasons, where they are told once. */
const READ_MS = 10_000;

/** Whatever the code above it does: no request that could change something leaves this process. */
const readOnly = (port: ClusterPort): ClusterPort => {
  const problem: Problem = { kind: 'status', httpStatus: 405, reason: 'MethodNotAllowed', message: '--attach only reads', details: null, retryAfterSeconds: null };
  const refuse = async (): Promise<{ readonly ok: false; readonly problem: Problem }> => await Promise.resolve({ ok: false, problem });
  return { ...port, delete: refuse, create: refuse };
};

export interface Attached {
  readonly prepared: Prepared;
  /** Of the targets of the plan those that are on their way out. */
  readonly going: readonly PlannedTarget[];
}

/** What a selector or --all matches is narrowed to what is Terminating; what is named has to be. */
const isSelection = ({ options: { selection } }: ExecuteInput): boolean => selection.all || selection.labelSelector !== null || selection.fieldSelector !== null;

const lookWith = async (input: ExecuteInput, version: Promise<string | null>): Promise<Result<Attached, ResolveError>> => {
  const { options, port, clock, signal } = input;
  const factsAt = clock.now();
  const resolved = await resolveNamed(input);
  if (!resolved.ok) return fail(resolved.error);
  const { missing, notes } = resolved.value;
  const targets = isSelection(input) ? resolved.value.targets.filter((t) => isTerminating(t.object)) : resolved.value.targets;
  const given = lookingAt(targets, input.serverNow());
  const needed = targets.length === 0 ? [] : [facts.owners, facts.members];
  const seen = await gather(port, needed, given, { clock, timeoutMs: options.checkTimeoutMs, signal });
  const planned = targets.map((target): PlannedTarget => {
    const { chain, recreation } = facts.owners.view(target, given, seen);
    return {
      target,
      findings: [],
      checks: [],
      verdict: 'proceed',
      owners: chain.map((link) => link.ref),
      recreatedBy: recreation.kind === 'recreated' ? { owner: recreation.owner.ref, sameName: recreation.sameName } : null,
      gracePeriodSeconds: isPodKind(target.ref) ? (target.object.metadata.deletionGracePeriodSeconds ?? null) : null,
    };
  });
  const going = planned.filter((t) => isTerminating(t.target.object));
  const expectations = going.flatMap((t) => {
    const expectation = expectationOf(t.target, given, seen);
    return expectation === null ? [] : [[t.target.ref.uid, expectation] as const];
  });
  const plan = { targets: planned, missing, verdict: 'proceed' as const, confirmWord: confirmWordOf(planned.map((t) => t.target)), digest: null, timeoutSeconds: options.deletion.timeoutSeconds ?? defaultTimeout(going, 'background', options.until === 'ready') };
  const prepared: Prepared = { plan, serverVersion: await version, apiWarnings: [...notes, ...resolved.value.apiWarnings], expectations: new Map(expectations), hanging: new Map(), slices: new Map(), factsAt };
  return ok({ prepared, going });
};

/** Reads the targets and who comes after them. No check is made: nothing is asked of the cluster. */
export const lookAttached = async (input: ExecuteInput): Promise<Result<Attached, ResolveError>> => await withVersion(input, async (version) => await lookWith(input, version));

const notTerminating = ({ target: { ref } }: PlannedTarget, input: ExecuteInput): void => {
  const message = `${ref.kind.toLowerCase()} "${ref.name}" is not being deleted: there is nothing to follow`;
  input.emit({ type: 'outcome', at: input.clock.now(), ref, outcome: 'not-terminating', error: { httpStatus: null, reason: null, message } });
};

/** --wait=false: what is known now, and why it is still there. */
const tellOnce = async (going: readonly PlannedTarget[], input: ExecuteInput): Promise<void> => {
  const { clock, emit, port, signal, serverNow } = input;
  const followed = going.map((t) => new FollowedTarget(t, port, null, new Set(), { clock, serverNow, signal }, emit));
  for (const f of followed) f.present(f.last);
  await new Reasons(followed, { port, clock, emit, serverNow }, signal).diagnose(READ_MS);
  if (signal.aborted) return;
  for (const { target } of going) emit({ type: 'outcome', at: clock.now(), ref: target.ref, outcome: 'still-there', error: null });
};

/** Follows what is going, or says once why it is still there. */
export const attach = async ({ prepared, going }: Attached, input: ExecuteInput): Promise<void> => {
  const reading: ExecuteInput = { ...input, port: readOnly(input.port) };
  for (const t of prepared.plan.targets) if (!going.includes(t)) notTerminating(t, input);
  if (going.length === 0) return;
  if (input.options.deletion.wait) await execute(prepared, going, reading);
  else await tellOnce(going, reading);
};

