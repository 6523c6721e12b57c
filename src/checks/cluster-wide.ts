import type { Views } from '../facts/facts.ts';
import { giving } from '../facts/role-bindings.ts';
import type { FindingOf } from '../findings/finding.ts';
import { subjectNames } from '../model/rbac.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import { asRecord, asText } from '../model/unstructured.ts';
import type { ApiService, PriorityClass, Unstructured } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'cluster-wide'>;
type NotInUse = Extract<Found, { code: 'not-in-use' }>['data']['because'];
const check = 'cluster-wide' as const;

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

const notInUse = (because: NotInUse): readonly Found[] => [{ check, code: 'not-in-use', data: { because }, objects: [] }];
const placed = (refs: readonly Ref[]): readonly string[] => refs.map((r) => (r.namespace === null ? r.name : `${r.namespace}/${r.name}`));

/** One whose backend is dead checks nothing: it refuses what it would have checked, or lets it through. */
const webhooks = (target: Target, setup: Views['admissionSetup']): readonly Found[] => {
  const answering = setup.webhooks.filter((w) => w.answers && w.resources.length > 0);
  if (answering.length === 0) return notInUse('no-webhook-answers');
  const resources = [...new Set(answering.flatMap((w) => w.resources))];
  return [{ check, code: 'admission-ends', data: { webhooks: answering.map((w) => w.name), resources, mutates: target.ref.kind.startsWith('Mutating') }, objects: [] }];
};

const admissionPolicy = (target: Target, { partners }: Views['admissionSetup']): readonly Found[] => {
  const isBinding = target.ref.kind.endsWith('Binding');
  if (partners.length === 0) return notInUse(isBinding ? 'no-policy' : 'no-binding');
  const policy = isBinding ? (asText(asRecord((target.object as Unstructured).spec)['policyName']) ?? '') : target.ref.name;
  return [{ check, code: 'admission-policy-ends', data: { policy, bindings: isBinding ? [target.ref.name] : partners }, objects: [] }];
};

const apiService = ({ object }: Target, { kinds }: Views['classUse']): readonly Found[] => {
  const { spec, status } = object as ApiService;
  const [group, version] = [spec?.group ?? '', spec?.version ?? ''];
  if (spec?.service === undefined) return [{ check, code: 'api-registered-again', data: { group, version }, objects: [] }];
  const available = (status?.conditions ?? []).some((c) => c.type === 'Available' && c.status === 'True');
  return available ? [{ check, code: 'api-ends', data: { group, version, kinds }, objects: [] }] : notInUse('api-unavailable');
};

/** What an API server makes again when it starts, unless somebody switched that off (rbac bootstrap policy). */
const isRestored = ({ metadata }: Target['object']): boolean => metadata.labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults' && metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] !== 'false';

const clusterRole = (target: Target, { staying, aggregatedBy }: Views['roleBindings']): readonly Found[] => {
  const roles = [target.ref.name, ...aggregatedBy].map((name) => ({ kind: 'ClusterRole' as const, name, namespace: null }));
  const bindings = giving(staying, roles).filter((b) => (b.object.subjects ?? []).length > 0);
  if (bindings.length === 0) return notInUse('nobody-bound');
  const given = new Set(bindings.map((b) => b.object.roleRef.name));
  const data = {
    bindings: bindings.map((b) => `${b.ref.kind} ${placed([b.ref])[0] ?? ''}`),
    subjects: [...new Set(bindings.flatMap((b) => subjectNames(b.object)))],
    aggregatedBy: aggregatedBy.filter((name) => given.has(name)),
    restored: isRestored(target.object),
  };
  return [{ check, code: 'cluster-role-given', data, objects: bindings.map((b) => b.ref) }];
};

const storageClass = ({ object }: Target, { claims, volumes }: Views['classUse']): readonly Found[] => {
  const isDefault = object.metadata.annotations?.[DEFAULT_CLASS] === 'true';
  if (!isDefault && claims.length + volumes.length === 0) return notInUse('nothing-names-it');
  return [{ check, code: 'storage-class-used', data: { claims: claims.length, volumes: volumes.length, names: placed([...claims, ...volumes]), isDefault }, objects: [...claims, ...volumes] }];
};

const priorityClass = ({ object }: Target, { pods }: Views['classUse']): readonly Found[] => {
  const isDefault = (object as PriorityClass).globalDefault === true;
  if (!isDefault && pods.length === 0) return notInUse('nothing-names-it');
  return [{ check, code: 'priority-class-used', data: { pods: pods.length, names: placed(pods), isDefault }, objects: pods }];
};

const csiDriver = ({ volumes, nodes }: Views['classUse']): readonly Found[] =>
  volumes.length + nodes.length === 0 ? notInUse('nothing-names-it') : [{ check, code: 'csi-driver-used', data: { volumes: volumes.length, nodes }, objects: volumes }];

type Facts = Pick<Views, 'admissionSetup' | 'roleBindings' | 'classUse'>;

const kinds: Readonly<Record<string, (target: Target, views: Facts) => readonly Found[]>> = {
  ...Object.fromEntries(['Validating', 'Mutating'].map((k) => [`admissionregistration.k8s.io/${k}WebhookConfiguration`, (target: Target, views: Facts) => webhooks(target, views.admissionSetup)])),
  ...Object.fromEntries(
    ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'].map((k) => [`admissionregistration.k8s.io/${k}`, (target: Target, views: Facts) => admissionPolicy(target, views.admissionSetup)]),
  ),
  'apiregistration.k8s.io/APIService': (target, views) => apiService(target, views.classUse),
  'rbac.authorization.k8s.io/ClusterRole': (target, views) => clusterRole(target, views.roleBindings),
  'storage.k8s.io/StorageClass': (target, views) => storageClass(target, views.classUse),
  'scheduling.k8s.io/PriorityClass': (target, views) => priorityClass(target, views.classUse),
  'storage.k8s.io/CSIDriver': (_target, views) => csiDriver(views.classUse),
};

export const clusterWide = defineCheck({
  id: 'cluster-wide',
  kinds: Object.keys(kinds),
  needs: ['admissionSetup', 'roleBindings', 'classUse'],
  find: (_object, views, _given, target) => {
    const found = kinds[`${target.ref.group}/${target.ref.kind}`]?.(target, views) ?? [];
    // What could not be read is not said to be unused.
    const unread = views.admissionSetup.unread.length + views.roleBindings.unread.length + views.classUse.unread.length > 0;
    return unread ? found.filter((f) => f.code !== 'not-in-use') : found;
  },
});
