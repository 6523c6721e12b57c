import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readKubeconfig } from '../../src/connection/kubeconfig-text.ts';

const errorOf = async (text: string): Promise<string> => {
  const read = await readKubeconfig(text, '/home/u/.kube/config');
  assert.ok(!read.ok, 'the text must be refused');
  return read.error;
};

const user = (field: string): string => `apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    ${field}\n`;

const rows: readonly (readonly [name: string, text: string, error: RegExp])[] = [
  ['a token that is a number', user('token: 123456'), /^line 6: users\[0\]\.user\.token must be a string, not a number: put it in quotes$/u],
  ['a token that is a list', user('token: [secret-value]'), /^line 6: users\[0\]\.user\.token must be a string, not a list/u],
  ['data that is not base64', user('client-key-data: "secret-value!"'), /^line 6: users\[0\]\.user\.client-key-data illegal base64 data$/u],
  ['a boolean that is text', 'clusters:\n- name: c\n  cluster:\n    server: x\n    insecure-skip-tls-verify: "true"\n', /^line 5: clusters\[0\]\.cluster\.insecure-skip-tls-verify must be true or false, not a string$/u],
  ['a list that is a map', 'users:\n  u: {token: secret-value}\n', /^line 2: users must be a list, not a map$/u],
  ['an entry that is text', 'users:\n- secret-value\n', /^line 2: users\[0\] must be a map, not a string$/u],
  ['text instead of a map', 'secret-value\n', /^line 1: must be a map, not a string$/u],
  ['a wrong version', 'apiVersion: v2\nkind: Config\n', /^line 1: apiVersion no kind "Config" is registered for version "v2"$/u],
  ['broken YAML', 'users:\n- name: u\n  user: {token: "secret-value\n', /^yaml: line \d+: /u],
  ['a tab as indentation', 'users:\n\t- name: u\n', /^yaml: line 2: /u],
  ['JSON with a wrong type', '{\n "users": [\n  {"name": "u", "user": {"token": 5}}\n ]\n}', /^line 3: users\[0\]\.user\.token must be a string/u],
  ['an argument that is a number', user('exec: {command: x, args: [1]}'), /^line 6: users\[0\]\.user\.exec\.args\[0\] must be a string/u],
];

describe('an error of a kubeconfig names line and field, and never a value', () => {
  for (const [name, text, error] of rows) {
    test(name, async () => {
      const message = await errorOf(text);
      assert.match(message, error);
      assert.doesNotMatch(message, /secret-value|123456/u);
    });
  }

  test('an empty text, a comment and null are empty configurations', async () => {
    for (const text of ['', '\n', '# nothing\n', 'null\n', '---\n', '{}']) {
      const read = await readKubeconfig(text, '/config');
      assert.ok(read.ok, JSON.stringify([text, read]));
      assert.deepEqual([read.value.currentContext, read.value.clusters.size], ['', 0]);
    }
  });

  test('of a repeated key the last one counts, as in kubectl', async () => {
    const read = await readKubeconfig('current-context: a\ncurrent-context: b\n', '/config');
    assert.equal(read.ok && read.value.currentContext, 'b');
  });

  test('a name that looks like a time or a date stays text', async () => {
    const read = await readKubeconfig('current-context: 2026-01-01\n', '/config');
    assert.equal(read.ok && read.value.currentContext, '2026-01-01');
  });
});

test('a merge of what is no map ends in a sentence that quotes nothing', async () => {
  const read = await readKubeconfig('clusters:\n- <<: SECRET\n  name: &a b\n', '/home/kubeconfig');
  assert.ok(!read.ok);
  assert.equal(read.error, 'yaml: an alias or a merge in it leads nowhere');
});
