// docs/rbac.yaml against what the facts say that they read.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { renderRbac } from '../../.ci/rbac.ts';
import { documentsOf, root } from './yaml-files.ts';

interface Role {
  readonly rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

test('docs/rbac.yaml is what the facts read and the deletion needs (npm run rbac writes it)', async () => {
  assert.equal(await readFile(new URL('docs/rbac.yaml', root), 'utf8'), await renderRbac());
});

test('docs/rbac.yaml has two roles, of which only the first may delete or evict, and only pods', async () => {
  const roles = (await documentsOf('docs/rbac.yaml')) as readonly Role[];
  assert.equal(roles.length, 2);
  const writes = roles.map(({ rules }) => rules.filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb))));
  assert.deepEqual(writes, [
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'] },
      { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
    ],
    [],
  ]);
});
