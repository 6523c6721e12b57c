/** Small whole objects as the API server sends them, frozen all the way down. */
import { builtInKinds } from '../../src/discovery/built-in.ts';
import { groupVersion } from '../../src/model/ref.ts';
import type { ResourceKind } from '../../src/model/ref.ts';
import type { Target } from '../../src/model/target.ts';
import type { KubeObject, Pod } from '../../src/model/wire.ts';

/** The API server's time in every case. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

/** RFC 3339 with a resolution of one second, as metav1.Time: `seconds` after NOW. */
export const time = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString().replace(/\.\d+Z$/u, 'Z');

export const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

type Part = Readonly<Record<string, unknown>>;
export interface Parts {
  readonly metadata?: Part;
  readonly spec?: Part;
  readonly status?: Part;
}

/** Any object; its uid is `uid-NAME` and its namespace `shop` unless `parts` say otherwise. */
export const object = (apiVersion: string, kind: string, name: string, parts: Parts = {}): KubeObject => {
  const { group } = groupVersion(apiVersion);
  const namespaced = builtInKinds.find((k) => k.group === group && k.kind === kind)?.namespaced ?? true;
  const metadata = { name, uid: `uid-${name}`, ...(namespaced ? { namespace: 'shop' } : {}), creationTimestamp: time(-3600), ...parts.metadata };
  return frozen({ apiVersion, kind, metadata, ...(parts.spec === undefined ? {} : { spec: parts.spec }), ...(parts.status === undefined ? {} : { status: parts.status }) });
};

export const running = (name: string, more: Part = {}): Part => ({
  name,
  ready: true,
  restartCount: 0,
  image: 'app',
  imageID: 'app',
  containerID: `containerd://${name}-1`,
  state: { running: { startedAt: time(-3000) } },
  ...more,
});

/** A container's end as the kubelet reports it. */
export const ended = (name: string, exitCode: number, finishedAt: number, more: Part = {}): Part => ({
  ...running(name),
  ready: false,
  state: {
    terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: time(-3000), finishedAt: time(finishedAt), containerID: `containerd://${name}-1`, ...more },
  },
});

/** A Ready pod with one container on node-1, grace period 30 s. */
export const pod = (name: string, parts: Parts = {}): Pod =>
  object('v1', 'Pod', name, {
    metadata: parts.metadata ?? {},
    spec: { nodeName: 'node-1', terminationGracePeriodSeconds: 30, containers: [{ name: 'app', image: 'app' }], ...parts.spec },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [running('app')], ...parts.status },
  });

export const ownedBy = (apiVersion: string, kind: string, name: string, more: Part = {}): Part => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `uid-${name}`, controller: true, ...more }],
});

export const notReady: Part = { conditions: [{ type: 'Ready', status: 'False' }] };

/** The mark of a DELETE that was requested `agoSeconds` before NOW. */
export const marked = (graceSeconds: number, agoSeconds: number): Part => ({
  deletionTimestamp: time(graceSeconds - agoSeconds),
  deletionGracePeriodSeconds: graceSeconds,
});

/** Node node-1, Ready, with a fresh Lease. */
export const healthyNode = (name = 'node-1'): readonly KubeObject[] => [node(name, 'True'), nodeLease(name, 3)];

export const node = (name: string, ready: 'True' | 'False' | 'Unknown', spec: Part = {}): KubeObject =>
  object('v1', 'Node', name, { spec, status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: time(-600), reason: ready === 'True' ? 'KubeletReady' : 'NodeStatusUnknown' }] } });

export const nodeLease = (name: string, ageSeconds: number): KubeObject =>
  object('coordination.k8s.io/v1', 'Lease', name, { metadata: { namespace: 'kube-node-lease', uid: `uid-lease-${name}` }, spec: { renewTime: time(-ageSeconds) } });

/** The object as a target; without a kind it is a pod, as items of a list have none. */
export const target = (of: KubeObject, customs: readonly Pick<ResourceKind, 'group' | 'version' | 'kind' | 'resource'>[] = []): Target => {
  const { group } = groupVersion(of.apiVersion ?? 'v1');
  const kind = of.kind ?? 'Pod';
  const found = [...builtInKinds, ...customs].find((k) => k.group === group && k.kind === kind);
  if (found === undefined) throw new Error(`no kind ${group}/${kind}`);
  return { ref: { group, version: found.version, kind, resource: found.resource, namespace: of.metadata.namespace ?? null, name: of.metadata.name, uid: of.metadata.uid }, object: of };
};
