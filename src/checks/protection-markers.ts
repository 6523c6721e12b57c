import type { AdmissionView } from '../facts/admission.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isFinished, isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'protection-markers'>;
type MarkerCode = Exclude<Found['code'], 'protected-by-reason'>;
const check = 'protection-markers' as const;

interface Marker {
  readonly by: string;
  readonly code: MarkerCode;
  readonly where: 'label' | 'annotation' | 'either';
  readonly key: string;
  /** The values that mark; every word of a comma list is tried. */
  readonly means: (value: string, object: KubeObject) => boolean;
  /** The marker is about what a tool applies, so it counts on objects that no controller made: pod templates inherit it without meaning it. */
  readonly appliedOnly?: true;
  /** `group/Kind` of what it counts on; absent: everything. */
  readonly on?: readonly string[];
  /** What the admission denial says of it: then the admission check speaks. */
  readonly denial?: RegExp;
}

const is =
  (...values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);
const any = (): boolean => true;

/** Cascading protects what has replicas; for namespaces and definitions only OpenKruise's own webhook knows, and a dry run asks it. */
const ofKruise = (value: string, object: KubeObject): boolean => {
  const replicas = (object as { readonly spec?: { readonly replicas?: unknown } }).spec?.replicas;
  return value === 'Always' || (value === 'Cascading' && typeof replicas === 'number' && replicas > 0);
};

/** Labels and annotations that ask not to delete, with the exact values that do (the projects' own docs). */
const markers: readonly Marker[] = [
  { by: 'OpenKruise', code: 'delete-protection', where: 'label', key: 'policy.kruise.io/delete-protection', means: ofKruise, denial: /ResourcesProtectionDeletion|kruise/iu },
  { by: 'Karmada', code: 'delete-protection', where: 'label', key: 'resourcetemplate.karmada.io/deletion-protected', means: is('Always'), denial: /karmada/iu },
  { by: 'Crossplane', code: 'delete-protection', where: 'label', key: 'crossplane.io/in-use', means: is('true'), denial: /in-use by|crossplane/iu },
  { by: 'Cozystack', code: 'delete-protection', where: 'label', key: 'platform.cozystack.io/no-delete', means: is('true'), denial: /cozystack/iu },
  { by: 'KubeVirt', code: 'delete-protection', where: 'label', key: 'kubevirt.io/vm-delete-protection', means: is('True'), on: ['kubevirt.io/VirtualMachine'], denial: /kubevirt|vm-delete-protection/iu },
  { by: 'Helm', code: 'keep', where: 'annotation', key: 'helm.sh/resource-policy', means: is('keep'), appliedOnly: true },
  { by: 'kapp', code: 'keep', where: 'annotation', key: 'kapp.k14s.io/delete-strategy', means: is('orphan'), appliedOnly: true },
  { by: 'cli-utils', code: 'keep', where: 'annotation', key: 'client.lifecycle.config.k8s.io/deletion', means: is('detach'), appliedOnly: true },
  { by: 'cli-utils', code: 'keep', where: 'annotation', key: 'cli-utils.sigs.k8s.io/on-remove', means: is('keep'), appliedOnly: true },
  { by: 'Tilt', code: 'keep', where: 'annotation', key: 'tilt.dev/down-policy', means: is('keep'), appliedOnly: true },
  { by: 'Argo CD', code: 'keep', where: 'annotation', key: 'argocd.argoproj.io/sync-options', means: is('Delete=false'), appliedOnly: true },
  { by: 'Argo CD', code: 'confirmation-asked', where: 'annotation', key: 'argocd.argoproj.io/sync-options', means: is('Delete=confirm', 'Prune=confirm'), appliedOnly: true },
  { by: 'Argo CD', code: 'not-to-be-pruned', where: 'annotation', key: 'argocd.argoproj.io/sync-options', means: is('Prune=false'), appliedOnly: true },
  { by: 'Flux', code: 'not-to-be-pruned', where: 'either', key: 'kustomize.toolkit.fluxcd.io/prune', means: (v) => v.toLowerCase() === 'disabled', appliedOnly: true },
  { by: 'Cluster Autoscaler', code: 'not-to-be-disrupted', where: 'annotation', key: 'cluster-autoscaler.kubernetes.io/safe-to-evict', means: is('false') },
  { by: 'Cluster Autoscaler', code: 'not-to-be-disrupted', where: 'annotation', key: 'cluster-autoscaler.kubernetes.io/scale-down-disabled', means: is('true'), on: ['/Node'] },
  { by: 'Karpenter', code: 'not-to-be-disrupted', where: 'annotation', key: 'karpenter.sh/do-not-disrupt', means: is('true') },
  { by: 'Karpenter', code: 'not-to-be-disrupted', where: 'annotation', key: 'karpenter.sh/do-not-evict', means: is('true') },
  { by: 'Descheduler', code: 'not-to-be-disrupted', where: 'annotation', key: 'descheduler.alpha.kubernetes.io/prefer-no-eviction', means: any },
  { by: 'CAST AI', code: 'not-to-be-disrupted', where: 'label', key: 'autoscaling.cast.ai/removal-disabled', means: is('true') },
];

/** Kinds whose projects refuse a DELETE until this annotation is "true". */
const confirmations: readonly { readonly by: string; readonly key: string; readonly on: readonly string[]; readonly denial: RegExp }[] = [
  { by: 'Gardener', key: 'confirmation.gardener.cloud/deletion', on: ['core.gardener.cloud/Shoot', 'core.gardener.cloud/Project', 'core.gardener.cloud/ShootState'], denial: /gardener/iu },
  { by: 'OpenShift Data Foundation', key: 'uninstall.ocs.openshift.io/confirm-deletion', on: ['ocs.openshift.io/StorageCluster'], denial: /ocs\.openshift\.io|confirm-deletion/iu },
];

const valuesOf = (object: KubeObject, { where, key }: Pick<Marker, 'where' | 'key'>): readonly string[] => {
  const { labels = {}, annotations = {} } = object.metadata;
  const found = [...(where === 'annotation' ? [] : [labels[key]]), ...(where === 'label' ? [] : [annotations[key]])];
  return found.flatMap((v) => (v === undefined ? [] : [v]));
};

/** Our own: the value is the reason. `false` takes it back without removing it. */
const OWN = { where: 'either', key: 'kubectl-safe-delete/protect' } as const;

const find = (target: Target, admission: AdmissionView): readonly Found[] => {
  const { object, ref } = target;
  const kind = `${ref.group}/${ref.kind}`;
  const applied = !(object.metadata.ownerReferences ?? []).some((r) => r.controller === true);
  const over = isPodKind(ref) && isFinished(object);
  const { answer } = admission;
  const denied = (denial: RegExp | undefined): boolean => denial !== undefined && answer?.kind === 'refused' && denial.test(answer.message);
  const own = valuesOf(object, OWN).filter((v) => v.trim().toLowerCase() !== 'false');
  const found = new Map<string, Found>();
  if (own[0] !== undefined) found.set(OWN.key, { check, code: 'protected-by-reason', data: { key: OWN.key, reason: own[0] }, objects: [] });
  for (const marker of markers) {
    if (marker.on?.includes(kind) === false || (marker.appliedOnly === true && !applied) || denied(marker.denial)) continue;
    // Nothing disrupts what has ended.
    if (over && marker.code === 'not-to-be-disrupted') continue;
    const value = valuesOf(object, marker)
      .flatMap((v) => v.split(','))
      .map((v) => v.trim())
      .find((v) => marker.means(v, object));
    // The first that matches a key is the gravest: Argo CD's list of options may hold several.
    if (value !== undefined && !found.has(marker.key)) found.set(marker.key, { check, code: marker.code, data: { by: marker.by, key: marker.key, value }, objects: [] });
  }
  for (const { by, key, on, denial } of confirmations) {
    if (!on.includes(kind) || denied(denial) || object.metadata.annotations?.[key] === 'true') continue;
    found.set(key, { check, code: 'confirmation-asked', data: { by, key, value: 'true' }, objects: [] });
  }
  return [...found.values()];
};

export const protectionMarkers = defineCheck({
  id: 'protection-markers',
  kinds: 'every',
  needs: [],
  uses: ['admission'],
  notApplicable: notForMirrors,
  find: (_pod, { admission }, _given, target) => find(target, admission),
});
