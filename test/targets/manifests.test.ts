import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { manifestsIn, textOf } from '../../src/targets/manifests.ts';

/** Objects as `apiVersion kind namespace/name`. */
const found = async (text: string): Promise<readonly string[]> => {
  const result = await manifestsIn(text, 'FILE');
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value.map((m) => `${m.apiVersion} ${m.kind} ${m.namespace ?? ''}/${m.name}`);
};
const flaw = async (text: string): Promise<string> => {
  const result = await manifestsIn(text, 'FILE');
  assert.ok(!result.ok);
  return result.error;
};
const pod = (name: string): string => `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "${name}"}}`;

const texts: Readonly<Record<string, readonly [text: string, objects: readonly string[]]>> = {
  'one document': ['apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: ns\n', ['v1 Pod ns/a']],
  'many documents, some of them empty': [`---\n# nothing\n---\n${pod('a')}\n---\n---\n${pod('b')}\n`, ['v1 Pod /a', 'v1 Pod /b']],
  'JSON': [pod('a'), ['v1 Pod /a']],
  'JSON values one after another': [`${pod('a')}${pod('b')}\n ${pod('c')}`, ['v1 Pod /a', 'v1 Pod /b', 'v1 Pod /c']],
  'brackets and quotes in JSON strings': [`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "annotations": {"x": "}\\"{"}}}${pod('b')}`, ['v1 Pod /a', 'v1 Pod /b']],
  'flow YAML that looks like JSON': ['{apiVersion: v1, kind: Pod, metadata: {name: a}}', ['v1 Pod /a']],
  'a list': [`apiVersion: v1\nkind: List\nitems: [${pod('a')}, ${pod('b')}]`, ['v1 Pod /a', 'v1 Pod /b']],
  'lists in lists': [`apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: [${pod('a')}]}\n- ${pod('b')}`, ['v1 Pod /a', 'v1 Pod /b']],
  'items of a typed list, which do not say what they are': ['apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}', ['apps/v1 Deployment /a']],
  'an empty namespace as none': ['apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ""}', ['v1 Pod /a']],
  'merge keys and anchors': ['apiVersion: v1\nkind: Pod\nbase: &b {name: a}\nmetadata: {<<: *b, namespace: ns}', ['v1 Pod ns/a']],
  'the last of a repeated key': ['apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nmetadata: {name: b}', ['v1 Pod /b']],
  'a name that looks like a date': ['apiVersion: v1\nkind: Pod\nmetadata: {name: 2001-01-01}', ['v1 Pod /2001-01-01']],
  'a name that looks like a time': ['apiVersion: v1\nkind: Pod\nmetadata: {name: 12:30}', ['v1 Pod /12:30']],
  'nothing': ['', []],
  'comments alone': ['# a\n---\n# b\n', []],
};

const flaws: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'no kind': ['apiVersion: v1\nmetadata: {name: a}', /^unable to decode "FILE": Object 'Kind' is missing$/],
  'no apiVersion': ['kind: Pod\nmetadata: {name: a}', /^unable to decode "FILE": Object 'apiVersion' is missing$/],
  'no name': ['apiVersion: v1\nkind: Pod\nmetadata: {}', /^FILE: resource name may not be empty for a Pod$/],
  'no metadata': ['apiVersion: v1\nkind: Pod', /resource name may not be empty for a Pod$/],
  'a name that is to be generated': ['apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}', /: generateName "x-" names no object$/],
  'a name that YAML takes for a truth value': ['apiVersion: v1\nkind: Pod\nmetadata: {name: no}', /have to be text$/],
  'a name that YAML takes for a truth value, in one letter': ['apiVersion: v1\nkind: Pod\nmetadata: {name: n}', /have to be text$/],
  'a name that YAML takes for a number': ['apiVersion: v1\nkind: Pod\nmetadata: {name: 10}', /have to be text$/],
  'labels that are no text': ['apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: 1}}', /have to be text$/],
  'text that is no YAML': ['a: [1', /^error parsing FILE: error converting YAML to JSON: yaml: .*line 1/],
  'a document that is no object': ['- a\n- b', /^error parsing FILE: a document is no object$/],
  'an item that is no object': ['apiVersion: v1\nkind: List\nitems: [1]', /an item of a list is no object$/],
  'one wrong document among right ones': [`${pod('a')}\n---\nkind: Pod`, /'apiVersion' is missing/],
  'aliases that explode': [`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`, /alias/i],
};

describe('objects in a file', () => {
  for (const [name, [text, objects]] of Object.entries(texts)) test(name, async () => assert.deepEqual(await found(text), objects));
  test('keep their labels', async () => {
    const result = await manifestsIn('apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: web}}', 'FILE');
    assert.deepEqual(result.ok && result.value[0]?.labels, { app: 'web' });
  });
});

describe('a file with a flaw is refused as a whole', () => {
  for (const [name, [text, says]] of Object.entries(flaws)) test(name, async () => assert.match(await flaw(text), says));
});

describe('the text of a file', () => {
  const bytes: Readonly<Record<string, readonly number[]>> = {
    'UTF-8': [0x61, 0xc3, 0xa9],
    'UTF-8 with a byte order mark': [0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9],
    'UTF-16, little end first': [0xff, 0xfe, 0x61, 0, 0xe9, 0],
    'UTF-16, big end first': [0xfe, 0xff, 0, 0x61, 0, 0xe9],
  };
  for (const [name, data] of Object.entries(bytes)) test(`may be ${name}`, () => assert.equal(textOf(Uint8Array.from(data)), 'aé'));
});
