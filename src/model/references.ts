/** What a pod, or a template of pods, refers to by name. Names only: what a Secret or ConfigMap holds is never looked at. */
import type { Pod } from './wire.ts';

type PodSpec = NonNullable<Pod['spec']>;
type PodVolume = NonNullable<PodSpec['volumes']>[number];
type Container = Pick<PodSpec['containers'][number], 'env' | 'envFrom'>;

export type UsedKind = 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim' | 'RuntimeClass';

export interface Reference {
  readonly kind: UsedKind;
  readonly name: string;
  /** The field that names it: `volume`, `env`, ... */
  readonly how: string;
  /** `optional: true`: the pod starts without it. */
  readonly optional: boolean;
}

const reference = (kind: UsedKind, name: string | undefined, how: string, optional: boolean | undefined = false): readonly Reference[] => (name === undefined || name === '' ? [] : [{ kind, name, how, optional }]);

const inVolume = (v: PodVolume, pod: string | null): readonly Reference[] => [
  ...reference('ConfigMap', v.configMap?.name, 'volume', v.configMap?.optional),
  ...reference('Secret', v.secret?.secretName, 'volume', v.secret?.optional),
  ...(v.projected?.sources ?? []).flatMap((s) => [
    ...reference('ConfigMap', s.configMap?.name, 'projected volume', s.configMap?.optional),
    ...reference('Secret', s.secret?.name, 'projected volume', s.secret?.optional),
  ]),
  ...reference('PersistentVolumeClaim', v.persistentVolumeClaim?.claimName, 'volume'),
  // The claim of a generic ephemeral volume is called POD-VOLUME; a template has no such claim.
  ...(v.ephemeral === undefined || pod === null ? [] : reference('PersistentVolumeClaim', `${pod}-${v.name}`, 'ephemeral volume')),
  ...[v.csi?.nodePublishSecretRef, v.cephfs?.secretRef, v.cinder?.secretRef, v.flexVolume?.secretRef, v.iscsi?.secretRef, v.rbd?.secretRef, v.scaleIO?.secretRef, v.storageos?.secretRef].flatMap((s) =>
    reference('Secret', s?.name, 'credentials of a volume'),
  ),
  ...reference('Secret', v.azureFile?.secretName, 'credentials of a volume'),
];

const inContainer = (c: Container): readonly Reference[] => [
  ...(c.env ?? []).flatMap(({ valueFrom }) => [
    ...reference('ConfigMap', valueFrom?.configMapKeyRef?.name, 'env', valueFrom?.configMapKeyRef?.optional),
    ...reference('Secret', valueFrom?.secretKeyRef?.name, 'env', valueFrom?.secretKeyRef?.optional),
  ]),
  ...(c.envFrom ?? []).flatMap((from) => [
    ...reference('ConfigMap', from.configMapRef?.name, 'envFrom', from.configMapRef?.optional),
    ...reference('Secret', from.secretRef?.name, 'envFrom', from.secretRef?.optional),
  ]),
];

/** Everything that the spec names; `pod` is the name of the pod that has it, null for a template. */
export const referencesOf = (spec: PodSpec | undefined, pod: string | null): readonly Reference[] => {
  if (spec === undefined) return [];
  const containers: readonly Container[] = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  return [
    ...(spec.volumes ?? []).flatMap((v) => inVolume(v, pod)),
    ...containers.flatMap(inContainer),
    ...(spec.imagePullSecrets ?? []).flatMap((s) => reference('Secret', s.name, 'imagePullSecrets')),
    // A template without a name gets the account that is there in every namespace.
    ...reference('ServiceAccount', spec.serviceAccountName ?? spec.serviceAccount ?? 'default', 'serviceAccountName'),
    ...reference('RuntimeClass', spec.runtimeClassName, 'runtimeClassName'),
  ];
};
