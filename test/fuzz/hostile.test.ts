/** Texts made to exhaust whoever reads them: each ends in a sentence, none throws, and none takes longer than its limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExecCredential } from '../../src/connection/exec-plugin.ts';
import { readKubeconfig } from '../../src/connection/kubeconfig-text.ts';
import { parseLabelSelector } from '../../src/model/label-selector.ts';
import { knownFlags } from '../../src/options/flags.ts';
import { read } from '../../src/options/grammar.ts';
import { compile } from '../../src/policy/cel.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { printable, safeJson } from '../../src/report/printable.ts';
import { manifestsIn } from '../../src/targets/manifests.ts';

/** Some hundred times what it takes on an idle machine; what grows with the square of its input takes longer. */
const LIMIT_MS = 20_000;

const laughs = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(',')}]\n`).join('');
const bigObject = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, 'v'.repeat(85)])) });
const list = '{"apiVersion":"v1","kind":"List","items":[';
const prototypes = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

/** What refuses it, of kubeconfig, manifest and policy; what is not named here may take it. */
const texts: Readonly<Record<string, readonly [text: string, refusedBy: readonly string[]]>> = {
  'a billion laughs': [laughs, ['kubeconfig', 'manifest', 'policy']],
  'an object that holds itself': ['a: &a\n  b: *a\n', ['policy']],
  'a merge of itself': ['a: &a\n  <<: *a\n', ['policy']],
  '100,000 brackets': ['['.repeat(100_000), ['kubeconfig', 'manifest', 'policy']],
  '100,000 brackets that close': ['['.repeat(100_000) + ']'.repeat(100_000), ['kubeconfig', 'manifest', 'policy']],
  '3,000 levels of block YAML': [Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), ['manifest', 'policy']],
  '100,000 dashes': [`${'- '.repeat(100_000)}x`, ['kubeconfig', 'manifest', 'policy']],
  '100,000 levels of JSON': [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, ['manifest', 'policy']],
  '100,000 lists in lists': [list.repeat(100_000) + ']}'.repeat(100_000), ['kubeconfig', 'manifest', 'policy']],
  '30,000 anchors on nothing': ['&a '.repeat(30_000), ['kubeconfig', 'manifest', 'policy']],
  '30,000 tags on nothing': ['!a '.repeat(30_000), ['kubeconfig', 'manifest', 'policy']],
  '30,000 aliases': [`x: &x 1\ny: [${'*x,'.repeat(30_000)}]`, ['policy']],
  '30,000 documents': ['---\n'.repeat(30_000), ['policy']],
  'an object of 10 MB': [bigObject, ['kubeconfig']],
  'keys of prototypes, as JSON': [`{${prototypes},"apiVersion":"v1","kind":"Pod","metadata":{"name":"x",${prototypes}}}`, ['kubeconfig', 'policy']],
  'keys of prototypes, as YAML': [`${prototypes.replaceAll('",', '",\n').replaceAll('},', '}\n')}\napiVersion: v1\nkind: Pod\n`, ['kubeconfig', 'manifest', 'policy']],
  'null characters': ['\0'.repeat(100_000), ['manifest', 'policy']],
};

const readers: Readonly<Record<string, (text: string) => Promise<{ readonly ok: boolean; readonly error?: unknown }>>> = {
  kubeconfig: async (text) => await readKubeconfig(text, '/home/jane/.kube/config'),
  manifest: async (text) => await manifestsIn(text, 'FILE'),
  policy: async (text) => await parsePolicy(text),
};

const timed = async (what: string, act: () => unknown): Promise<void> => {
  const from = performance.now();
  await act();
  const took = performance.now() - from;
  assert.ok(took < LIMIT_MS, `${what} took ${Math.round(took)} ms`);
};

for (const [what, [text, refusedBy]] of Object.entries(texts)) {
  for (const [reader, take] of Object.entries(readers)) {
    // A policy has at most 1 MiB, whatever it holds (src/policy/load.ts).
    if (reader === 'policy' && text.length > 1_048_576) continue;
    test(`a ${reader} of ${what} ends in a ${refusedBy.includes(reader) ? 'sentence' : 'result'}, soon`, async () => {
      await timed(what, async () => {
        const found = await take(text);
        if (refusedBy.includes(reader)) assert.equal(found.ok, false, 'it was taken');
        if (!found.ok) assert.ok(JSON.stringify(found.error).length < 1500, 'one sentence, not the file');
      });
      assert.equal(({} as { readonly polluted?: number }).polluted, undefined);
    });
  }
}

test('an exec plugin that prints a bomb gives no credential, soon, and nothing of it is repeated', async () => {
  for (const text of [laughs, '['.repeat(50_000), `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'SECRET\u001b[2J', '{"kind":"ExecCredential","apiVersion":"x","status":{"token":"SECRET"}}']) {
    await timed('the credential', async () => {
      const made = await readExecCredential(text, 'client.authentication.k8s.io/v1');
      assert.ok(!made.ok);
      assert.doesNotMatch(made.error, /SECRET/);
    });
  }
});

test('selectors that invite a regular expression to look twice end soon', async () => {
  for (const text of [`a${'.'.repeat(100_000)}`, `a in (${'b, '.repeat(30_000)}`, `a in (${' '.repeat(50_000)}`, `a in (${',  '.repeat(60)}`, '!'.repeat(100_000), `${'a,'.repeat(30_000)}=`, ' '.repeat(100_000), `n>${'9'.repeat(100_000)}`]) await timed(text.slice(0, 12), () => parseLabelSelector(text));
});

test('a command line of 20,000 arguments is read soon', async () => {
  await timed('the grammar', () => read(Array.from({ length: 20_000 }, (_, i) => ['-n', 'pod', `--x${i}`, '-y'][i % 4] ?? ''), knownFlags.slice(0)));
});

test('an expression that is made to run for ever does not: its steps are counted, and so is its matching', async () => {
  const object = { items: Array.from({ length: 5000 }, (_, i) => `item-${i}`), text: 'a'.repeat(100_000) };
  for (const when of [
    'object.items.all(a, object.items.all(b, object.items.all(c, a + b != c)))',
    'object.text.matches("(a+)+$b")',
    'object.text.matches("((a{1,100}){1,10}){1,10}b")',
    'object.items.map(a, object.items.map(b, a + b)).size() > 0',
  ]) {
    const compiled = compile(when);
    if (!compiled.ok) continue;
    await timed(when, () => {
      compiled.value.evaluate({ object, namespaceObject: null, user: '', context: '', now: 0, targets: 1, dryRun: false }, { left: 1_000_000 });
    });
  }
});

test('a text of 10 MB is made printable, and JSON, soon', async () => {
  for (const text of ['\u001b]0;'.repeat(2_500_000), '\u202e'.repeat(10_000_000), 'x'.repeat(10_000_000), '\u001b['.repeat(5_000_000)]) {
    await timed('printable', () => printable(text));
    await timed('safeJson', () => safeJson({ text }));
  }
});
