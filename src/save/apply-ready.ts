/** An object as `kubectl apply` takes it back: without what only the API server and controllers write. Pure. */
import type { KubeObject, OwnerReference } from '../model/wire.ts';

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);
const partOf = (value: unknown): Part => (isPart(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

const without = (part: Part, ...names: readonly string[]): Part => Object.fromEntries(Object.entries(part).filter(([name]) => !names.includes(name)));

/** Written by controllers about this one object: wrong, or refused, on a new one. */
const OWN_ANNOTATIONS =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|pv\.kubernetes\.io\/.*|volume(?:\.beta)?\.kubernetes\.io\/(?:storage-provisioner|selected-node)|control-plane\.alpha\.kubernetes\.io\/leader|batch\.kubernetes\.io\/job-tracking)$/u;
/** Put on again by admission or the controller that takes them off. Those of other products stay. */
const OWN_FINALIZERS = /^(?:orphan|foregroundDeletion|kubernetes|(?:[a-z0-9.-]+\.)?kubernetes\.io\/.*|(?:[a-z0-9.-]+\.)?k8s\.io\/.*)$/u;

/** `goes`: whether this owner is deleted in the same run; its successor has another uid, and a reference to the old one would get the object collected. */
const metadataOf = (metadata: Part, goes: (uid: string) => boolean): Part => {
  const annotations = Object.fromEntries(Object.entries(partOf(metadata['annotations'])).filter(([name]) => !OWN_ANNOTATIONS.test(name)));
  const finalizers = listOf(metadata['finalizers']).filter((f) => typeof f === 'string' && !OWN_FINALIZERS.test(f));
  const owners = (listOf(metadata['ownerReferences']) as readonly OwnerReference[]).filter((o) => !goes(o.uid));
  const kept = without(metadata, 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields', 'generateName', 'annotations', 'finalizers', 'ownerReferences');
  return {
    ...kept,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(owners.length === 0 ? {} : { ownerReferences: owners }),
  };
};

/** The token volume that admission puts into every pod. */
const isTokenVolume = (volume: unknown): boolean => {
  const { name } = partOf(volume);
  return typeof name === 'string' && /^kube-api-access-[a-z0-9]{5}$/u.test(name);
};

const withoutTokens = (container: unknown, tokens: ReadonlySet<unknown>): Part => {
  const part = partOf(container);
  const mounts = listOf(part['volumeMounts']).filter((m) => !tokens.has(partOf(m)['name']));
  return { ...without(part, 'volumeMounts'), ...(mounts.length === 0 ? {} : { volumeMounts: mounts }) };
};

/** Its place is the scheduler's to choose again; priority and token come from admission, debugging containers from `kubectl debug`. */
const podSpec = (spec: Part): Part => {
  const tokens = new Set(listOf(spec['volumes']).filter(isTokenVolume).map((v) => partOf(v)['name']));
  const volumes = listOf(spec['volumes']).filter((v) => !isTokenVolume(v));
  const containers = ['containers', 'initContainers'].filter((name) => spec[name] !== undefined).map((name) => [name, listOf(spec[name]).map((c) => withoutTokens(c, tokens))] as const);
  return { ...without(spec, 'nodeName', 'priority', 'preemptionPolicy', 'ephemeralContainers', 'volumes', 'serviceAccount'), ...Object.fromEntries(containers), ...(volumes.length === 0 ? {} : { volumes }) };
};

/** A headless Service says so in its clusterIP; addresses and ports of others are given anew. */
const serviceSpec = (spec: Part): Part => (spec['clusterIP'] === 'None' ? spec : without(spec, 'clusterIP', 'clusterIPs', 'healthCheckNodePort'));

/** A claim that was bound by the controller gets a new volume; one that names its volume itself keeps it. */
const claimSpec = (spec: Part, metadata: Part): Part => (partOf(metadata['annotations'])['pv.kubernetes.io/bound-by-controller'] === 'yes' ? without(spec, 'volumeName') : spec);

/** Of a retained volume the old claim's uid would keep every new claim away. */
const volumeSpec = (spec: Part): Part => {
  const claim = partOf(spec['claimRef']);
  return claim['uid'] === undefined ? spec : { ...spec, claimRef: without(claim, 'uid', 'resourceVersion') };
};

const JOB_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid', 'job-name', 'batch.kubernetes.io/job-name'];

/** Selector and labels that the API server made from the Job's uid: it makes them anew. */
const jobSpec = (spec: Part): Part => {
  if (spec['manualSelector'] === true) return spec;
  const template = partOf(spec['template']);
  const metadata = partOf(template['metadata']);
  const labels = without(partOf(metadata['labels']), ...JOB_LABELS);
  const rest = { ...without(metadata, 'labels', 'creationTimestamp'), ...(Object.keys(labels).length === 0 ? {} : { labels }) };
  return { ...without(spec, 'selector'), template: { ...without(template, 'metadata'), ...(Object.keys(rest).length === 0 ? {} : { metadata: rest }) } };
};

const specOf = (kind: string, spec: Part, metadata: Part): Part => {
  switch (kind) {
    case '/Pod':
      return podSpec(spec);
    case '/Service':
      return serviceSpec(spec);
    case '/PersistentVolumeClaim':
      return claimSpec(spec, metadata);
    case '/PersistentVolume':
      return volumeSpec(spec);
    case '/Namespace':
      return without(spec, 'finalizers');
    case 'batch/Job':
      return jobSpec(spec);
    default:
      return spec;
  }
};

/** `kind` as the object's own apiVersion and kind, which items of a list do not carry. */
export const applyReady = (object: KubeObject, kind: { readonly apiVersion: string; readonly group: string; readonly kind: string }, goes: (uid: string) => boolean): Part => {
  const { metadata, spec, ...rest } = object as KubeObject & { readonly spec?: unknown };
  const own = metadata as unknown as Part;
  const made = isPart(spec) ? specOf(`${kind.group}/${kind.kind}`, spec, own) : spec;
  const clean = metadataOf(own, goes);
  // Labels of a Job's pod, and a Job's own, name its uid.
  const labels = kind.group === 'batch' && kind.kind === 'Job' ? without(partOf(clean['labels']), ...JOB_LABELS) : clean['labels'];
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { ...without(clean, 'labels'), ...(isPart(labels) && Object.keys(labels).length > 0 ? { labels } : {}) },
    ...(made === undefined ? {} : { spec: made }),
    ...without(rest, 'apiVersion', 'kind', 'status'),
  };
};
