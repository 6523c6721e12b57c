/** From the words of the command to a plan: reads only. */
import { checks, factsNeeded, runChecks } from '../checks/checks.ts';
import { countByKind } from '../checks/dependents.ts';
import type { ClusterContext, ClusterPort } from '../cluster/port.ts';
import type { Dependent } from '../facts/dependents.ts';
import type { Given, Selection } from '../facts/fact.ts';
import { facts } from '../facts/facts.ts';
import { slicesSeen } from '../facts/services.ts';
import { gather } from '../facts/gather.ts';
import { selectorOfOwner } from '../facts/members.ts';
import type { Looked, Seen } from '../facts/want.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { effectiveGrace, isPodKind } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Pod } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';
import type { DeleteOptionsOfRun } from '../options/options.ts';
import { decide } from '../plan/decide.ts';
import type { JudgedTarget } from '../plan/decide.ts';
import { digestOf } from '../plan/digest.ts';
import type { DependentCount, Plan } from '../plan/plan.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { siteOf } from '../policy/site.ts';
import { resolve } from '../targets/resolve.ts';
import type { Resolved, ResolveError, Sources } from '../targets/resolve.ts';
import type { Expectation } from '../termination/replacement.ts';
import { markOf } from '../termination/status.ts';

export interface Prepared {
  readonly plan: Plan;
  readonly serverVersion: string | null;
  readonly apiWarnings: readonly string[];
  /** By uid of the target: who will create its replacement. */
  readonly expectations: ReadonlyMap<string, Expectation>;
  /** By uid of the target: what hangs on it and is not named. */
  readonly hanging: ReadonlyMap<string, readonly Ref[]>;
  /** EndpointSlices as the checks read them, by namespace of the targets. */
  readonly slices: ReadonlyMap<string, Looked<readonly KubeObject[]>>;
  /** Local time at which the facts began to be read. */
  readonly factsAt: number;
}

export interface PrepareInput {
  readonly options: DeleteOptionsOfRun;
  readonly port: ClusterPort;
  readonly context: ClusterContext;
  /** Discovery, files and standard input. */
  readonly sources: Sources;
  readonly clock: Clock;
  readonly serverNow: () => number;
  readonly signal: AbortSignal;
  /** The rules of the site, if any are in force. */
  readonly policy?: PolicyInForce | null;
}

const versionOf = async (port: ClusterPort, signal: AbortSignal): Promise<string | null> => {
  const answer = await port.raw('/version', { signal });
  const version = answer.ok ? (answer.value as { readonly gitVersion?: unknown } | null)?.gitVersion : undefined;
  return typeof version === 'string' ? version : null;
};

const longestGrace = (dependents: readonly Dependent[]): number | null => {
  const graces = dependents.filter((d) => isPodKind(d.ref)).map((d) => effectiveGrace(d.object, null));
  return graces.length === 0 ? null : Math.max(...graces);
};

const uidsOf = new WeakMap<readonly Pod[], ReadonlySet<string>>();

/** One set for all pods of an owner: each of thousands with thousands of siblings of its own would not fit into memory. */
const knownWith = (uid: string, siblings: readonly Pod[]): ReadonlySet<string> => {
  const uids = uidsOf.get(siblings) ?? new Set(siblings.map((p) => p.metadata.uid));
  uidsOf.set(siblings, uids);
  return uids.has(uid) ? uids : new Set([uid, ...uids]);
};

/** Who will create a pod's replacement. Of a pod that was Terminating before it may be there already: only what is older than the request was there before. */
export const expectationOf = (target: Target, given: Given, seen: Seen): Expectation | null => {
  const { recreation } = facts.owners.view(target, given, seen);
  // Pods of several owners are told apart by their owner's selector; all else comes back under its own name, or is not followed.
  if (recreation.kind !== 'recreated' || (!isPodKind(target.ref) && !recreation.sameName)) return null;
  const since = markOf(target.object)?.requestedAt ?? null;
  const members = facts.members.view(target, given, seen).pods ?? [];
  const before = since === null ? members : members.filter((p) => Date.parse(p.metadata.creationTimestamp ?? '') < Math.floor(since / 1000) * 1000);
  const { owner, sameName } = recreation;
  return { owner: owner.ref, sameName, selector: selectorOfOwner(owner), known: knownWith(target.ref.uid, before) };
};

const judge = (target: Target, given: Given, seen: Seen, skip: readonly string[]): { readonly judged: JudgedTarget; readonly expectation: Expectation | null; readonly hanging: readonly Ref[] } => {
  const { chain, recreation } = facts.owners.view(target, given, seen);
  const recreated = recreation.kind === 'recreated' ? recreation : null;
  const dependents = facts.dependents.view(target, given, seen);
  // What an uppermost owner takes along is told there.
  const others = dependents.withOwner ? [] : dependents.found.filter((d) => !d.named);
  return {
    judged: {
      target,
      outcomes: runChecks(target, given, seen, skip),
      owners: chain.map((link) => link.ref),
      recreatedBy: recreated === null ? null : { owner: recreated.owner.ref, sameName: recreated.sameName },
      ephemeral: facts.ephemeral.view(target, given, seen).marked,
      dependents: countByKind(others).map((c): DependentCount => ({ ...c, atLeast: dependents.atLeast, state: given.cascade === 'orphan' ? 'left-behind' : 'going' })),
      dependentsGraceSeconds: given.cascade === 'orphan' ? null : longestGrace(others),
    },
    hanging: others.map((d) => d.ref),
    expectation: expectationOf(target, given, seen),
  };
};

const selectionOf = ({ selection, connection, words }: DeleteOptionsOfRun): Selection => ({
  all: selection.all,
  allNamespaces: selection.allNamespaces,
  labelSelector: selection.labelSelector,
  fieldSelector: selection.fieldSelector,
  manifests: selection.filenames.length > 0 || selection.kustomize !== null,
  namespaceGiven: connection.namespace !== null,
  categoryAll: (words[0] ?? '').split(',').includes('all'),
});

/** What goes through the Eviction API, and what is waited for one by one, are pods. */
const podsOnlyProblem = (named: readonly { readonly ref: Ref }[], { evict, oneAtATime }: DeleteOptionsOfRun): ResolveError | null => {
  const flag = evict ? '--evict' : oneAtATime ? '--one-at-a-time' : null;
  const other = flag === null ? undefined : named.find((t) => !isPodKind(t.ref))?.ref;
  if (flag === null || other === undefined) return null;
  const why = evict ? `the API server evicts pods only, and ${other.resource}/${other.name} is none` : `it waits for the replacement of each pod, and ${other.resource}/${other.name} is none`;
  return { kind: 'usage', code: 'not-a-pod', message: `${flag} takes pods: ${why}`, remedy: `leave out ${flag}, or name the pods` };
};

/** Asks for the server's version beside `work`. However that ends, no try again later outlives it. */
export const withVersion = async <T>({ port, signal }: PrepareInput, work: (version: Promise<string | null>) => Promise<T>): Promise<T> => {
  const over = new AbortController();
  try {
    return await work(versionOf(port, AbortSignal.any([signal, over.signal])));
  } finally {
    over.abort();
  }
};

/** Everything that the command names. */
export const resolveNamed = async ({ options, port, context, sources, signal }: PrepareInput): Promise<Result<Resolved, ResolveError>> =>
  await resolve({ words: options.words, selection: options.selection, namespace: context.namespace, namespaceGiven: options.connection.namespace !== null }, port, sources, signal);

const prepareWith = async (input: PrepareInput, version: Promise<string | null>): Promise<Result<Prepared, ResolveError>> => {
  const { options, port, context, clock, signal } = input;
  const factsAt = clock.now();
  const resolved = await resolveNamed(input);
  if (!resolved.ok) return fail(resolved.error);
  const { targets, missing } = resolved.value;
  const others = podsOnlyProblem([...targets, ...missing], options);
  if (others !== null) return fail(others);
  const apiWarnings = [...resolved.value.notes, ...resolved.value.apiWarnings];
  const { gracePeriodSeconds, force } = options.deletion;
  const policy = input.policy ?? null;
  const site = policy === null ? null : siteOf(policy.policy, { user: context.user ?? '', context: context.name ?? '', dryRun: options.dryRun !== 'none' });
  const given: Given = { targets, now: input.serverNow(), force, gracePeriodSeconds, cascade: options.deletion.cascade, evict: options.evict, oneAtATime: options.oneAtATime, selection: selectionOf(options), mayProbe: options.dryRun !== 'client', site };
  const applicable = checks.filter((check) => !options.skip.includes(check.id) && targets.some((t) => check.notApplicable(t, given) === null));
  const needed = [...new Set([...factsNeeded(applicable), ...(targets.length === 0 ? [] : [facts.owners, facts.members, facts.ephemeral])])];
  const seen = await gather(port, needed, given, { clock, timeoutMs: options.checkTimeoutMs, signal });
  const judged = targets.map((target) => judge(target, given, seen, options.skip));
  const flags = { allow: options.allow, strict: options.strict, skipBlocked: options.skipBlocked, force, interactive: options.consent.interactive, gracePeriodSeconds, cascade: options.deletion.cascade, patient: options.evict || options.oneAtATime || options.until === 'ready', ...(policy === null ? {} : { severities: policy.policy.severities }) };
  const plan = decide(judged.map((j) => j.judged), missing, flags, options.deletion.timeoutSeconds);
  const scope = { server: context.server, user: context.user, gracePeriodSeconds, cascade: options.deletion.cascade, evict: options.evict, wait: options.deletion.wait, allow: options.allow, strict: options.strict, skip: options.skip, policy: policy?.digest ?? null };
  return ok({
    plan: { ...plan, digest: digestOf(plan, scope) },
    serverVersion: await version,
    apiWarnings,
    expectations: new Map(judged.flatMap((j) => (j.expectation === null ? [] : [[j.judged.target.ref.uid, j.expectation] as const]))),
    hanging: new Map(judged.map((j) => [j.judged.target.ref.uid, j.hanging])),
    slices: slicesSeen(targets, seen),
    factsAt,
  });
};

/** Reads targets and facts, runs the checks and decides. Nothing is written to the cluster. */
export const prepare = async (input: PrepareInput): Promise<Result<Prepared, ResolveError>> => await withVersion(input, async (version) => await prepareWith(input, version));
