/** What a policy may hold, what is refused and where, and that the published schema says the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseYaml } from 'yaml';
import { builtInNames } from '../../src/policy/policy.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { loweringFlaw } from '../../src/policy/severities.ts';
import { document, errorOf, policyOf } from './policy-text.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/policy.v1.json', import.meta.url), 'utf8')) as { readonly properties: { readonly rules: { readonly items: { readonly properties: { readonly name: { readonly not: { readonly enum: readonly string[] } } } } } } };
const bySchema = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
const schemaTakes = (text: string): boolean => bySchema(parseYaml(text));

const rule = (more: string): string => `rules:\n- name: r\n  message: m\n${more}`;

const taken: Readonly<Record<string, string>> = {
  'nothing but the head': '',
  'all of it': "severities: {last-replica: blocker, bare-pod: note}\nprotected: {contexts: ['prod-*'], namespaces: [kube-system], labels: ['tier in (gold)', '!temporary']}\nbulkLimit: 20\nrules:\n- {name: r, message: m, severity: note, when: 'true'}",
  'empty collections': 'severities: {}\nprotected: {contexts: [], namespaces: [], labels: []}\nrules: []',
  'an expression over several lines': rule('  when: |\n    object.kind == "Pod" &&\n      targets > 1'),
  'a rule without a severity': rule("  when: 'true'"),
};

/** Document → what the error says, its line and column; `true`: only the plugin can tell, the schema takes it. */
const refused: Readonly<Record<string, readonly [rest: string, says: RegExp, at: readonly [number, number], beyondSchema?: true]>> = {
  'an unknown key': ['bulkLimits: 3', /the key "bulkLimits" is not known here: did you mean bulkLimit\?/, [3, 1]],
  'an unknown key further down': ['protected: {context: [x]}', /"context" is not known here: did you mean contexts/, [3, 13]],
  'an unknown key of a rule': [rule('  when: "true"\n  exec: rm'), /"exec" is not known here; known are name, message, severity, when/, [7, 3]],
  'a key of the prototype': ['__proto__: {bulkLimit: 1}', /"__proto__" is not known here/, [3, 1]],
  'another key of the prototype': ['severities: {constructor: note}', /"constructor" is no check or code/, [3, 14], true],
  'a key twice': ['bulkLimit: 3\nbulkLimit: 4', /the key "bulkLimit" is there twice/, [4, 1], true],
  'another type for a list': ['protected: {contexts: prod}', /protected\.contexts has to be a list, and is a text/, [3, 23]],
  'a list for a map': ['severities: [x]', /severities has to be a map, and is a list/, [3, 13]],
  'nothing for a map': ['protected:', /protected has to be a map, and is nothing/, [3, 11]],
  'a number for a text': ['protected: {namespaces: [12]}', /protected\.namespaces\[0\] has to be a text, and is a number: put it in quotes/, [3, 26]],
  'true for an expression': [rule('  when: true'), /rules\[0\]\.when has to be a text, and is true or false: put it in quotes/, [6, 9]],
  'an empty text': ["protected: {contexts: [' ']}", /is empty/, [3, 24]],
  'a limit of none': ['bulkLimit: 0', /between 1 and 1000000, and is 0/, [3, 12]],
  'a limit that is no whole number': ['bulkLimit: 1.5', /has to be a whole number, and is 1\.5/, [3, 12]],
  'an unknown severity': ['severities: {bare-pod: warn}', /has to be blocker, warning or note, and is "warn": did you mean warning\?/, [3, 24]],
  'a check that is none': ['severities: {last-replicas: blocker}', /"last-replicas" is no check or code: did you mean last-replica\?/, [3, 14], true],
  'a lowered blocker': ['severities:\n  forced-identity: warning', /cannot lower a blocker \(forced-identity\)/, [4, 20], true],
  'a check with a lowered blocker': ['severities: {stateful-set: warning}', /cannot lower a blocker \(stateful-set\/forced-identity\)/, [3, 28], true],
  'what nobody has looked at': ['severities: {check-unknown: note}', /cannot lower that nobody has looked \(check-unknown\)/, [3, 29], true],
  'a refusal of the server': ['severities: {denied: note}', /cannot lower a blocker \(denied\)/, [3, 22], true],
  'a check that has notes only': ['severities: {daemon-set: blocker}', /has notes only: name the code that is meant/, [3, 14], true],
  'the policy itself': ['severities: {rule: note}', /"rule" is of this policy itself/, [3, 14], true],
  'a selector that is none': ["protected: {labels: ['a in b']}", /is no label selector: unable to parse/, [3, 22], true],
  'a rule without a name': ["rules: [{message: m, when: 'true'}]", /rules\[0\] needs name/, [3, 9]],
  'a name with a space': ["rules: [{name: a b, message: m, when: 'true'}]", /lower case letters, digits and dashes/, [3, 16]],
  'a name of the program': ["rules: [{name: bulk-limit, message: m, when: 'true'}]", /is taken/, [3, 16]],
  'a name twice': ["rules: [{name: a, message: m, when: 'true'}, {name: a, message: m, when: 'true'}]", /"a" is used twice/, [3, 53], true],
  'an expression that does not end': [rule("  when: 'targets >'"), /rule r\): found > but expecting|cannot stand here/, [6, 18], true],
  'an expression in a block': [rule('  when: |\n    targets > 1 &&\n      usr == "x"'), /there is no usr: did you mean user\?/, [8, 7], true],
  'an unknown function': [rule("  when: user.startWith('x')"), /there is no function startWith: did you mean startsWith\?/, [6, 13], true],
  'the reserved word': [rule('  when: namespace.metadata.name == "x"'), /did you mean namespaceObject\?/, [6, 9], true],
  'a text as expression': [rule("  when: '\"yes\"'"), /gives no boolean/, [6, 10], true],
  'a pattern that is none': [rule("  when: user.matches('(')"), /missing|parsing regexp/, [6, 22], true],
  'another kind': ['', /kind has to be Policy, and is "Pol"/, [2, 7]],
  'an anchor': ['severities: &a {}', /anchors \(&name\) are not taken/, [3, 16], true],
  'a tag': ['bulkLimit: !!int "3"', /tags \(!name\) are not taken|whole number/, [3, 18], true],
};

describe('a policy is taken with', () => {
  for (const [says, rest] of Object.entries(taken)) {
    test(says, async () => {
      await policyOf(rest);
      assert.ok(schemaTakes(document(rest)), JSON.stringify(bySchema.errors));
    });
  }
});

describe('a policy is refused for', () => {
  for (const [says, [rest, message, [line, column], beyondSchema]] of Object.entries(refused)) {
    test(says, async () => {
      const text = says === 'another kind' ? 'apiVersion: kubectl-safe-delete/v1\nkind: Pol\n' : document(rest);
      const error = await errorOf(text);
      assert.match(error.message, message);
      assert.deepEqual([error.line, error.column], [line, column], error.message);
      if (says !== 'a key twice') assert.equal(schemaTakes(text), beyondSchema === true, 'the schema');
    });
  }
});

test('what cannot be undone may be raised, and not lowered', () => {
  const words = { severity: 'warning', irreversible: true } as const;
  assert.equal(loweringFlaw('data-lost', words, 'note'), 'cannot lower what cannot be undone');
  assert.equal(loweringFlaw('data-lost', words, 'blocker'), null);
});

test('the schema knows the names that no rule may take', () => {
  assert.deepEqual(schema.properties.rules.items.properties.name.not.enum, builtInNames);
});

describe('hostile text is refused within two seconds of computing', () => {
  const texts: Readonly<Record<string, string>> = {
    'nothing': '',
    'a comment': '# nothing\n',
    'no YAML': '{[}',
    'two documents': `${document('')}---\n${document('')}`,
    'brackets': '['.repeat(1_000_000),
    'braces': '{a: '.repeat(250_000),
    'dashes': '- '.repeat(500_000),
    'steps': Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    'aliases of aliases': `a: &a [x, x]\n${Array.from({ length: 40 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}\n`,
    'a merge key': document('<<: {bulkLimit: 3}'),
    'many keys': document(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')),
    'many rules': document(`rules:\n${Array.from({ length: 201 }, (_, i) => `- {name: r${i}, message: m, when: 'true'}`).join('\n')}`),
    'a long expression': document(rule(`  when: ${'true || '.repeat(1_000)}true`)),
    'deep parentheses': document(rule(`  when: "${'('.repeat(2_000)}true${')'.repeat(2_000)}"`)),
    'control characters': document('bulkLimit: "\u0000"'),
  };
  for (const [says, text] of Object.entries(texts)) {
    test(says, async () => {
      const start = process.cpuUsage();
      const error = await errorOf(text);
      const spent = process.cpuUsage(start).user / 1000;
      assert.ok(spent < 2_000, `${Math.round(spent)} ms`);
      assert.ok(error.line >= 1 && error.column >= 1 && error.message !== '');
    });
  }
});

test('a policy that is taken says everything that it was given', async () => {
  const policy = await policyOf(taken['all of it'] ?? '');
  assert.deepEqual([...policy.severities], [['last-replica', 'blocker'], ['bare-pod', 'note']]);
  assert.deepEqual([policy.contexts, policy.namespaces, policy.labels.map((l) => l.text), policy.bulkLimit], [['prod-*'], ['kube-system'], ['tier in (gold)', '!temporary'], 20]);
  assert.deepEqual(policy.rules.map(({ name, message, severity, readsNamespace }) => ({ name, message, severity, readsNamespace })), [{ name: 'r', message: 'm', severity: 'note', readsNamespace: false }]);
});

test('without rules the expressions are not loaded, and it is the same policy', async () => {
  assert.deepEqual((await parsePolicy(document('bulkLimit: 3'))).ok, true);
});
