// docs/rbac.yaml against what the facts say that they read.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { Right } from '../../src/facts/fact.ts';
import { documentsOf, root } from './yaml-files.ts';

interface Role {
  readonly rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const spelled = (rights: readonly { readonly group: string; readonly resource: string; readonly verbs: readonly string[] }[]): readonly string[] => [
  ...new Set(rights.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`))),
];

const rightsOf = (value: unknown): readonly Right[] =>
  typeof value === 'object' && value !== null && 'rights' in value && Array.isArray(value.rights) ? (value.rights as readonly Right[]) : [];

const wanted: Right[] = [];
for (const file of await readdir(new URL('src/facts/', root))) {
  const room = (await import(new URL(`src/facts/${file}`, root).href)) as Readonly<Record<string, unknown>>;
  wanted.push(...Object.values(room).flatMap(rightsOf));
}

test('docs/rbac.yaml grants what the checks read, what the deletion needs, and nothing else', async () => {
  const roles = (await documentsOf('docs/rbac.yaml')) as readonly Role[];
  const granted = spelled(roles.flatMap(({ rules }) => rules.flatMap(({ apiGroups, resources, verbs }) => apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verbs }))))));
  const deletion = ['get pods', 'list pods', 'watch pods', 'delete pods'];
  assert.ok(wanted.length > 5);
  assert.deepEqual([...granted].toSorted(), [...new Set([...spelled(wanted), ...deletion])].toSorted());
});
