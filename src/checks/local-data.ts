import type { ClaimsView } from '../facts/claims.ts';
import type { FindingOf } from '../findings/finding.ts';
import { identityFrom } from '../model/owner.ts';
import { isFinished } from '../model/pod.ts';
import { groupVersion } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import { mountsOf } from '../model/volumes.ts';
import type { Mount } from '../model/volumes.ts';
import type { OwnerReference, Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'local-data'>;
type Volume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];
const check = 'local-data' as const;

/** Provisioners whose volumes lie on one node, as their claims name them. */
const onOneNode: ReadonlySet<string> = new Set([
  'rancher.io/local-path',
  'openebs.io/local',
  'local.csi.openebs.io',
  'topolvm.io',
  'topolvm.cybozu.com',
  'k8s.io/minikube-hostpath',
  'microk8s.io/hostpath',
  'docker.io/hostpath',
]);

/** Where programs put what they need for the moment only. */
const scratchPath = /^\/(?:tmp|var\/tmp|run|var\/run|dev\/shm)(?:\/|$)/u;

/** Nothing there is missed: only proxies or sidecars have it, the application only reads what an init container makes anew, or it is a folder for temporary files. */
const isScratch = (mounts: readonly Mount[]): boolean => {
  if (mounts.length === 0) return false;
  const written = mounts.filter((m) => m.role === 'app' && !m.readOnly);
  return written.every((m) => m.path !== null && scratchPath.test(m.path));
};

const onDisk = (v: Volume): boolean => v.emptyDir !== undefined && (v.emptyDir.medium ?? '') === '';

const setRef = (owner: OwnerReference, pod: Pod): Ref => {
  const { group, version } = groupVersion(owner.apiVersion);
  return { group, version, kind: owner.kind, resource: 'statefulsets', namespace: pod.metadata.namespace ?? null, name: owner.name, uid: owner.uid };
};

const localClaims = (claims: ClaimsView): readonly Ref[] =>
  claims.claims
    .filter((c) => {
      const annotations = c.claim?.metadata.annotations ?? {};
      return onOneNode.has(annotations['volume.kubernetes.io/storage-provisioner'] ?? annotations['volume.beta.kubernetes.io/storage-provisioner'] ?? '');
    })
    .map((c) => c.ref);

const find = (pod: Pod, { claims }: { readonly claims: ClaimsView }): readonly Found[] => {
  const found: Found[] = [];
  const volumes = (pod.spec?.volumes ?? []).map((v) => ({ v, mounts: mountsOf(pod, v.name) }));
  const node = pod.spec?.nodeName ?? '';
  const set = identityFrom(pod.metadata);
  const lost = volumes.filter(({ v, mounts }) => set !== null && onDisk(v) && !isScratch(mounts));
  if (set !== null && lost.length > 0) {
    const ref = setRef(set, pod);
    const data = lost.map(({ v, mounts }) => {
      const mount = mounts.find((m) => m.role === 'app') ?? mounts[0];
      return { name: v.name, container: mount?.container ?? null, path: mount?.path ?? null };
    });
    found.push({ check, code: 'member-data-lost', data: { set: ref, volumes: data }, objects: [ref] });
  }
  const others = volumes.filter((x) => x.v.emptyDir !== undefined && !lost.includes(x));
  if (others.length > 0) {
    found.push({ check, code: 'local-data-lost', data: { volumes: others.map(({ v }) => ({ name: v.name, medium: onDisk(v) ? ('disk' as const) : ('memory' as const) })) }, objects: [] });
  }
  const paths = volumes.flatMap(({ v, mounts }) => (v.hostPath === undefined || (mounts.length > 0 && mounts.every((m) => m.readOnly)) ? [] : [v.hostPath.path]));
  if (paths.length > 0) found.push({ check, code: 'host-path-stays', data: { node, paths }, objects: [] });
  const local = localClaims(claims);
  if (local.length > 0) found.push({ check, code: 'volume-on-one-node', data: { node, claims: local.map((c) => c.name) }, objects: local });
  return found;
};

/** No container has run yet: there is nothing in its volumes that somebody could miss. */
const neverStarted = (pod: Pod): boolean => {
  const statuses = pod.status?.containerStatuses ?? [];
  return statuses.length > 0 && statuses.every((s) => s.state?.waiting !== undefined && s.restartCount === 0 && s.lastState?.terminated === undefined);
};

export const localData = defineCheck({
  id: 'local-data',
  needs: [],
  // Only notes come of claims, and persistent-volume-claims says what could not be read of them.
  uses: ['claims'],
  notApplicable: (pod) => {
    const mirror = notForMirrors(pod);
    if (mirror !== null) return mirror;
    if (isFinished(pod)) return 'has ended: the kubelet has cleared its local volumes';
    if ((pod.spec?.nodeName ?? '') === '') return 'not scheduled to a node';
    if (neverStarted(pod)) return 'none of its containers has started';
    return (pod.spec?.volumes ?? []).some((v) => v.emptyDir !== undefined || v.hostPath !== undefined || v.persistentVolumeClaim !== undefined) ? null : 'it has no emptyDir, hostPath or claim';
  },
  find,
});
