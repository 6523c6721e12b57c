// Writes docs/rbac.yaml from the rights that the facts use: node .ci/rbac.ts (npm run rbac). A test holds the file to it.
import { readdir, writeFile } from 'node:fs/promises';
import type { Right } from '../src/facts/fact.ts';

interface Granted {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** What the deletion itself needs, beside the checks, and what it looks at while a pod stops. */
const deletion: readonly Granted[] = [
  { group: '', resource: 'pods', verbs: ['get', 'list', 'watch', 'delete'] },
  { group: '', resource: 'pods/eviction', verbs: ['create'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'events', verbs: ['list', 'watch'] },
  { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list', 'watch'] },
];
const order = ['get', 'list', 'watch', 'create', 'delete'];

const isFact = (value: unknown): value is { readonly rights: readonly Right[] } => typeof value === 'object' && value !== null && 'rights' in value && Array.isArray(value.rights);

/** One line a group and set of verbs, in the order of groups and names. */
const rulesOf = (rights: readonly Granted[]): string => {
  const verbsOf = new Map<string, Set<string>>();
  for (const { group, resource, verbs } of rights) {
    const key = `${group}/${resource}`;
    verbsOf.set(key, new Set([...(verbsOf.get(key) ?? []), ...verbs]));
  }
  const resourcesOf = new Map<string, string[]>();
  for (const [key, verbs] of [...verbsOf].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [group = ''] = key.split('/');
    const resource = key.slice(group.length + 1);
    const rule = `${group}/${order.filter((verb) => verbs.has(verb)).join(', ')}`;
    resourcesOf.set(rule, [...(resourcesOf.get(rule) ?? []), resource]);
  }
  return [...resourcesOf]
    .map(([rule, resources]) => {
      const [group = '', verbs = ''] = rule.split('/');
      return `  - apiGroups: [${group === '' ? '""' : group}]\n    resources: [${resources.join(', ')}]\n    verbs: [${verbs}]`;
    })
    .join('\n');
};

const role = (name: string, rights: readonly Granted[]): string => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${name}
rules:
${rulesOf(rights)}
`;

const head = `# What a person or a CI job needs to delete pods with every check made. Written by \`npm run rbac\`, from what the checks read.
#
# Needed: get and delete on pods; with --evict create on pods/eviction instead of delete. list and watch on pods are wanted: without them the run polls. All else is for the checks: what is
# missing is shown as unknown. get on pods/log, and watch on endpointslices and events, show more of how it stops: without them that part
# is said not to be observed. Owners that are custom resources want \`get\` on their kind.
#
# Bind the first with a RoleBinding in each namespace, the second with a ClusterRoleBinding. Of leases only those in kube-node-lease
# (heartbeats of nodes) and kube-system (controllers that remove finalizers) are read.
`;

/** The text of docs/rbac.yaml. */
export const renderRbac = async (): Promise<string> => {
  const folder = new URL('../src/facts/', import.meta.url);
  const rights: Right[] = [];
  for (const file of await readdir(folder)) {
    const exported = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>;
    rights.push(...Object.values(exported).filter(isFact).flatMap((fact) => fact.rights));
  }
  const namespaced = rights.filter(({ scope }) => scope === 'namespace');
  const others = rights.filter(({ scope }) => scope !== 'namespace');
  return [head + role('safe-delete-pods', [...deletion, ...namespaced]), role('safe-delete-cluster', others)].join('---\n');
};

if (import.meta.main) await writeFile(new URL('../docs/rbac.yaml', import.meta.url), await renderRbac());
