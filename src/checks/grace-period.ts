import type { ClaimsView } from '../facts/claims.ts';
import type { Given } from '../facts/fact.ts';
import type { Views } from '../facts/facts.ts';
import { provedDead } from '../facts/node.ts';
import { statefulSetOf } from '../facts/owners.ts';
import type { FindingOf } from '../findings/finding.ts';
import { identityFrom } from '../model/owner.ts';
import { effectiveGrace, isFinished, isPodKind } from '../model/pod.ts';
import { groupVersion } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import { writableClaims } from '../model/volumes.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'grace-period'>;
type Container = NonNullable<Pod['spec']>['containers'][number];
const check = 'grace-period' as const;

/** Kubernetes' own default. Below it someone chose a short one; a database or batch job that keeps the default is too common to speak of. */
const SHORT_SECONDS = 30;
/** What is usual: time to flush and hand over, or to reach a checkpoint. */
const USUAL_SECONDS = { stateful: 600, batch: 300 } as const;

/** What a second process would write to as well, or an early SIGKILL would leave half written. null: nothing that is known. */
const atRisk = (pod: Pod, claims: ClaimsView): { readonly set: string | null; readonly claims: readonly string[] } | null => {
  const readOnly = new Set(claims.claims.filter((c) => (c.claim?.spec?.accessModes ?? ['?']).every((mode) => mode === 'ReadOnlyMany')).map((c) => c.ref.name));
  const writable = [...new Set(writableClaims(pod))].filter((name) => !readOnly.has(name));
  const set = identityFrom(pod.metadata)?.name ?? null;
  return set === null && writable.length === 0 ? null : { set, claims: writable };
};

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** Seconds that the hook takes at least: of `sleep`, the hook's own or in its command line. null: nothing says. */
const preStopSeconds = (container: Container): number | null => {
  const hook = container.lifecycle?.preStop;
  if (hook?.sleep !== undefined) return hook.sleep.seconds;
  const sleeps = [...(hook?.exec?.command ?? []).join(' ').matchAll(/\bsleep\s+(\d+(?:\.\d+)?)([smh]?)\b/gu)];
  return sleeps.length === 0 ? null : sleeps.reduce((sum, [, seconds = '0', unit = '']) => sum + Number(seconds) * (units[unit] ?? 1), 0);
};

/** Hooks that the grace period cuts, or may cut where it is shorter than the one they were written for. Sidecars' hooks run too (KEP-753). */
const hooks = (pod: Pod, grace: number, own: number): readonly Found[] =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always')].flatMap((c): readonly Found[] => {
    if (c.lifecycle?.preStop === undefined) return [];
    const seconds = preStopSeconds(c);
    if (seconds !== null && seconds > grace) return [{ check, code: 'pre-stop-overruns', data: { container: c.name, seconds, grace, own }, objects: [] }];
    return seconds === null && grace < own ? [{ check, code: 'pre-stop-may-be-cut', data: { container: c.name, grace, own }, objects: [] }] : [];
  });

const isBatch = (pod: Pod): boolean => (pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && r.kind === 'Job' && groupVersion(r.apiVersion).group === 'batch');

const shortForItsKind = (pod: Pod, grace: number): readonly Found[] => {
  const kind = identityFrom(pod.metadata) !== null ? 'stateful' : isBatch(pod) ? 'batch' : null;
  return kind === null || grace >= SHORT_SECONDS ? [] : [{ check, code: 'short-for-its-kind', data: { kind, grace, usual: USUAL_SECONDS[kind] }, objects: [] }];
};

const find = (pod: Pod, views: Pick<Views, 'claims' | 'node' | 'owners'>, given: Given): readonly Found[] => {
  if (provedDead(pod, views.node)) return [];
  const requested = given.gracePeriodSeconds;
  const own = effectiveGrace(pod, null);
  const grace = effectiveGrace(pod, requested);
  const risk = atRisk(pod, views.claims);
  const objects = risk === null ? [] : views.claims.claims.filter((c) => risk.claims.includes(c.ref.name)).map((c) => c.ref);
  const { node } = views;
  // The same fact is stateful-set's blocker where the pod has an identity of apps/StatefulSet.
  if (requested === 0) return statefulSetOf(views.owners.chain) === null ? [{ check, code: 'force-not-proved', data: { node: node.name }, objects }] : [];
  if (grace === 0) {
    return risk === null ? [{ check, code: 'zero-grace', data: { node: node.name }, objects: [] }] : [{ check, code: 'zero-grace-with-data', data: { ...risk, node: node.name }, objects }];
  }
  const shorter: readonly Found[] =
    grace >= own ? [] : risk === null ? [{ check, code: 'shorter-grace', data: { grace, own }, objects: [] }] : [{ check, code: 'shorter-grace-with-data', data: { grace, own, ...risk }, objects }];
  return [...shorter, ...(requested === null ? shortForItsKind(pod, grace) : []), ...hooks(pod, grace, own)];
};

/** The garbage collector deletes them, without the options of this run (garbagecollector.go deleteObject). */
const ofDependents = ({ dependents }: Pick<Views, 'dependents'>, { gracePeriodSeconds: grace, cascade }: Given): readonly Found[] => {
  const pods = dependents.found.filter((d) => isPodKind(d.ref) && !d.named && !isFinished(d.object));
  if (grace === null || cascade === 'orphan' || pods.length === 0 || dependents.withOwner) return [];
  const longest = Math.max(...pods.map((d) => effectiveGrace(d.object, null)));
  return grace === longest ? [] : [{ check, code: 'grace-not-passed-on', data: { grace, pods: pods.length, longest }, objects: [] }];
};

const notApplicable = (pod: Pod, given: Given, { ref }: Target): string | null => {
  if (!isPodKind(ref)) return given.gracePeriodSeconds === null ? 'no grace period is asked for' : null;
  return notForMirrors(pod) ?? (isFinished(pod) ? 'has ended: there is nothing to stop' : (pod.spec?.nodeName ?? '') === '' ? 'not scheduled: there is nothing to stop' : null);
};

export const gracePeriod = defineCheck({
  id: 'grace-period',
  kinds: 'every',
  needs: [],
  // All of them are judged as the worse case when unread: a claim as writable, a node as one whose processes run.
  uses: ['claims', 'node', 'owners', 'dependents'],
  notApplicable,
  find: (pod, views, given, target) => (isPodKind(target.ref) ? find(pod, views, given) : ofDependents(views, given)),
});
