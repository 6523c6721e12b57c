/** What the command lines of the grammar check name: kinds of all sorts, definitions that share words with built-in kinds, files. */
type Fields = Readonly<Record<string, unknown>>;

export const group = 'grammar.safe-delete.test';

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const definition = (
  names: { readonly plural: string; readonly singular?: string; readonly kind: string; readonly shortNames?: readonly string[]; readonly categories?: readonly string[] },
  more: { readonly group?: string; readonly scope?: 'Cluster'; readonly versions?: readonly string[] } = {},
): Fields => {
  const inGroup = more.group ?? group;
  const [storage = 'v1', ...others] = more.versions ?? ['v1'];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${inGroup}` },
    spec: {
      group: inGroup,
      scope: more.scope ?? 'Namespaced',
      names,
      versions: [storage, ...others].map((name) => ({ name, served: true, storage: name === storage, schema: { openAPIV3Schema: anything } })),
    },
  };
};

export const definitions: readonly Fields[] = [
  definition({ plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd', 'wdg'], categories: ['all', 'grammar-things'] }, { versions: ['v1beta1', 'v1'] }),
  definition({ plural: 'gadgets', singular: 'gadget', kind: 'Gadget', shortNames: ['gg'], categories: ['grammar-things'] }, { scope: 'Cluster' }),
  // A singular that is not the kind in lower case, and a kind of several words.
  definition({ plural: 'bigboxes', singular: 'big-box', kind: 'BigBox' }),
  // Words that built-in kinds have too.
  definition({ plural: 'pods', singular: 'pod', kind: 'Pod', shortNames: ['po'] }, { group: `metrics.${group}` }),
  definition({ plural: 'deployments', singular: 'deployment', kind: 'Deployment', shortNames: ['deploy'] }, { group: `apps.${group}` }),
  definition({ plural: 'ingresses', singular: 'ingress', kind: 'Ingress', shortNames: ['ing'] }, { group: `legacy.${group}` }),
  // One short name in two groups.
  definition({ plural: 'alphas', singular: 'alpha', kind: 'Alpha', shortNames: ['zz'] }, { group: `a.${group}` }),
  definition({ plural: 'omegas', singular: 'omega', kind: 'Omega', shortNames: ['zz'] }, { group: `b.${group}` }),
];

const object = (apiVersion: string, kind: string, name: string, more: Fields = {}): Fields => ({ apiVersion, kind, metadata: { name, labels: { app: 'web', [`has-${name}`]: 'yes' } }, ...more });

const waiting = { schedulingGates: [{ name: 'example.test/never' }], containers: [{ name: 'c', image: 'localhost/busybox:1', imagePullPolicy: 'Never' }] };
const template = { metadata: { labels: { app: 'none' } }, spec: waiting };
const custom = (sub: string): string => `${sub === '' ? '' : `${sub}.`}${group}/v1`;

/** Of the first namespace; nothing of it starts a process. */
export const objectsOfOne: readonly Fields[] = [
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => object('v1', 'Pod', name, { spec: waiting })),
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'plain', labels: { app: 'other', tier: 'back' } }, spec: waiting },
  object('v1', 'Service', 'a', { spec: { ports: [{ port: 80 }], selector: { app: 'none' } } }),
  object('v1', 'ConfigMap', 'a'),
  object('v1', 'ConfigMap', 'b', { data: { key: 'value' } }),
  object('v1', 'Secret', 'a'),
  object('v1', 'ServiceAccount', 'a'),
  object('v1', 'PersistentVolumeClaim', 'a', { spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Mi' } } } }),
  object('apps/v1', 'Deployment', 'a', { spec: { replicas: 0, selector: { matchLabels: { app: 'none' } }, template } }),
  object('apps/v1', 'StatefulSet', 'a', { spec: { replicas: 0, serviceName: 'a', selector: { matchLabels: { app: 'none' } }, template } }),
  object('batch/v1', 'CronJob', 'a', { spec: { suspend: true, schedule: '0 0 1 1 *', jobTemplate: { spec: { template: { spec: { ...waiting, restartPolicy: 'Never' } } } } } }),
  object('batch/v1', 'Job', 'a', { spec: { suspend: true, template: { spec: { ...waiting, restartPolicy: 'Never' } } } }),
  object('networking.k8s.io/v1', 'Ingress', 'a', { spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } } }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'a', { spec: { podSelector: {} } }),
  object('policy/v1', 'PodDisruptionBudget', 'a', { spec: { maxUnavailable: 1 } }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'a'),
  object(custom(''), 'Widget', 'a'),
  object(custom(''), 'Widget', 'b'),
  object(custom(''), 'BigBox', 'a'),
  object(custom('metrics'), 'Pod', 'a'),
  object(custom('apps'), 'Deployment', 'a'),
  object(custom('legacy'), 'Ingress', 'a'),
  object(custom('a'), 'Alpha', 'a'),
  object(custom('b'), 'Omega', 'a'),
];

/** Of the second namespace. */
export const objectsOfTwo: readonly Fields[] = [object('v1', 'Pod', 'a', { spec: waiting }), object('v1', 'ConfigMap', 'other'), object(custom(''), 'Widget', 'z')];

/** Of no namespace. */
export const objectsOfNone: readonly Fields[] = [object(custom(''), 'Gadget', 'grammar-a'), object(custom(''), 'Gadget', 'grammar-b'), object('scheduling.k8s.io/v1', 'PriorityClass', 'grammar-low', { value: 1 })];

const yaml = (apiVersion: string, kind: string, name: string, namespace?: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`;
const json = (apiVersion: string, kind: string, name: string): string => JSON.stringify({ apiVersion, kind, metadata: { name, labels: { app: 'web' } } });

/** Path → text. `TWO` stands for the second namespace. */
export const files = (two: string): Readonly<Record<string, string>> => ({
  'pod.yaml': yaml('v1', 'Pod', 'a'),
  'pod.json': json('v1', 'Pod', 'b'),
  'anyname': yaml('v1', 'Pod', 'c'),
  'many.yaml': `# first\n---\n${yaml('v1', 'Pod', 'a')}---\n${yaml('v1', 'ConfigMap', 'b')}---\n---\n${yaml(custom(''), 'Widget', 'a')}`,
  'stream.json': `${json('v1', 'Pod', 'a')}${json('v1', 'Pod', 'b')}\n${json('v1', 'Secret', 'a')}\n`,
  'list.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'd' } })}\n- ${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })}\n`,
  'podlist.json': JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'a' } }, { metadata: { name: 'f' } }] }),
  'other.yaml': yaml('v1', 'ConfigMap', 'other', two),
  'cluster.yaml': yaml(custom(''), 'Gadget', 'grammar-a', 'default'),
  'beta.yaml': yaml(`${group}/v1beta1`, 'Widget', 'b'),
  'labels.yaml': `${yaml('v1', 'Pod', 'a')}  labels: {app: web, tier: "1"}\n---\n${yaml('v1', 'Pod', 'b')}  labels: {app: other}\n---\n${yaml('v1', 'Pod', 'c')}`,
  'nokind.yaml': 'apiVersion: v1\nmetadata: {name: a}\n',
  'unknown.yaml': yaml('example.test/v1', 'Nothing', 'a'),
  'unserved.yaml': yaml('apps/v1beta1', 'Deployment', 'a'),
  'generated.yaml': 'apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: x-\n',
  'dates.yaml': `${yaml('v1', 'Pod', '2001-01-01')}---\n${yaml('v1', 'Pod', '12:30')}`,
  'twice.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nmetadata: {name: b}\n',
  'truth.yaml': yaml('v1', 'Pod', 'n'),
  'number.yaml': yaml('v1', 'Pod', '010'),
  'empty.yaml': '# nothing\n',
  'broken.yaml': 'apiVersion: v1\nkind: [Pod\n',
  'dir/one.yaml': yaml('v1', 'Pod', 'a'),
  'dir/two.yml': yaml('v1', 'Pod', 'b'),
  'dir/three.json': json('v1', 'Pod', 'c'),
  'dir/notes.txt': 'not read',
  'dir/.hidden.yaml': yaml('v1', 'Pod', 'd'),
  'dir/deeper/four.yaml': yaml('v1', 'Pod', 'e'),
  'nothing/notes.txt': 'not read',
  'kustom/kustomization.yaml': 'namePrefix: ""\nresources: [w.yaml]\nconfigMapGenerator:\n- {name: a, literals: [k=v], options: {disableNameSuffixHash: true}}\n',
  'kustom/w.yaml': yaml(custom(''), 'Widget', 'a'),
});
