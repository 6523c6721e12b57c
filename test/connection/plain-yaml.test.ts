import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments, stringify } from 'yaml';
import { readPlainYaml } from '../../src/connection/plain-yaml.ts';

/** As src/connection/kubeconfig-text.ts asks the library. */
const byLibrary = (text: string): unknown => {
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'silent',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && Reflect.get(tag, 'format') !== 'TIME')),
  });
  if (document === undefined || !('contents' in document)) return null;
  return document.errors.length > 0 ? 'an error' : document.toJS();
};

const usual = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
    server: https://api.example.com:6443
  name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
- cluster:
    insecure-skip-tls-verify: true
    server: "https://10.0.0.1:6443"
  name: 'second one'
contexts:
- context:
    cluster: kind-kind
    namespace: team-a
    user: kind-kind
  name: kind-kind
current-context: kind-kind
kind: Config
preferences: {}
# mine
users:
  - name: kind-kind
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        args:
        - --region
        - eu-west-1

        - get-token
        command: aws
        env: null
        interactiveMode: IfAvailable
        provideClusterInfo: false
  - name: empty
    user:
`;

describe('plain YAML', () => {
  const plain = usual.replace('        - --region\n', '');

  test('as kubectl and cloud tools write it is read without the library, to the same value', () => {
    const value = readPlainYaml(plain);
    assert.notEqual(value, undefined);
    assert.deepEqual(value, byLibrary(plain));
  });

  const unsure: readonly string[] = [
    'a: 1',
    'a: 1.5',
    'a: 0x1f',
    'a: 1:20',
    'a: 2026-01-01',
    'a: yes',
    'a: No',
    'a: ~',
    'a: TRUE',
    'a: .inf',
    'on: a',
    'a: "x\\ny"',
    "a: 'it''s'",
    'a: b c',
    'a: b # c',
    'a: b:',
    'a: [b]',
    'a: {b: c}',
    'a: &x b',
    'a: *x',
    'a: !t b',
    'a: |\n  b',
    'a: b\n  c',
    'a: b\n  c: d',
    'a:\n  b\n',
    'a: b\na: c',
    'a:b',
    '- - a',
    '-\n  a',
    '? a\n: b',
    '---\na: b',
    'a: b\n---\nc: d',
    'a: b\n...\n',
    'a:\tb',
    'a: b\r\n',
    'a: ü',
    '<<: b',
    'a:\n    b: c\n  d: e',
    '  a: b\nc: d',
    'text',
    'a: - b',
    'a: "b" c',
    '- a\nb: c',
    'a:\n- b\n - c',
    'a: =',
    '"a": b',
    '__proto__: a',
  ];
  for (const text of unsure) {
    test(`${JSON.stringify(text)} is left to the library`, () => {
      assert.equal(readPlainYaml(text), undefined);
    });
  }

  test('where it gives a value, that is the library’s: 4,000 texts, made by changing a usual one', () => {
    let seed = 20_261_121;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const pieces = [' ', '  ', '\n', '- ', ': ', ':', '#', ' #', '"', "'", 'a', '1', 'yes', 'null', '{}', '[', '&a', '|', '---\n', '~', 'key: value\n', '- item\n', '  deeper: x\n', '\\', '!', '*', ',', '%', '@', '`', '.', '='];
    let understood = 0;
    for (let run = 0; run < 4000; run += 1) {
      let text = random(3) === 0 ? plain.split('\n').slice(random(8), 8 + random(40)).join('\n') : plain;
      for (let change = random(2); change >= 0; change -= 1) {
        const at = random(text.length + 1);
        text = text.slice(0, at) + (random(4) === 0 ? '' : (pieces[random(pieces.length)] ?? '')) + text.slice(at + random(3));
      }
      const value = readPlainYaml(text);
      if (value === undefined) continue;
      understood += 1;
      assert.deepEqual(value, byLibrary(text), JSON.stringify(text));
    }
    assert.ok(understood > 400, `only ${understood} texts were plain`);
  });

  test('what the library writes is read back', () => {
    const value = { a: [{ name: 'x', b: { c: 'https://x:1/y', d: true, e: null, f: {} } }, { name: 'z' }], g: 'h' };
    assert.deepEqual(readPlainYaml(stringify(value)), value);
  });
});
