/** The examples of docs/policy.md are policies, and their rules do what they say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Scope } from '../../src/policy/cel.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Rule } from '../../src/policy/policy.ts';
import { document } from './policy-text.ts';

const docs = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const examples = [...docs.matchAll(/^```yaml\n([\s\S]*?)^```$/gmu)].map(([, text = '']) => (text.startsWith('apiVersion') ? text : document(text)));
const parsed = await Promise.all(examples.map(async (text) => await parsePolicy(text)));
const rules = parsed.flatMap((p) => (p.ok ? p.value.rules : []));

/** A Monday. */
const NOW = Date.parse('2026-03-02T12:00:00Z');
const scope: Scope = {
  object: { kind: 'Pod', metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2026-03-01T12:00:00Z', labels: { team: 'jane' } }, spec: { containers: [{ name: 'app', image: 'registry.example.test/app:1' }] } },
  namespaceObject: { metadata: { name: 'shop' } }, user: 'jane@example.test', context: 'dev', now: NOW, targets: 1, dryRun: false,
};

/** What makes each rule true; in `scope` none is. */
const found: Readonly<Record<string, Partial<Scope>>> = {
  'no-friday': { now: Date.parse('2026-03-06T12:00:00Z'), object: { kind: 'Pod', metadata: { namespace: 'shop' } } },
  'other-team': { user: 'joe@example.test' },
  young: { now: Date.parse('2026-03-01T12:05:00Z') },
  'frozen-namespace': { namespaceObject: { metadata: { annotations: { 'example.test/frozen': '' } } } },
  'foreign-image': { object: { kind: 'Pod', metadata: {}, spec: { containers: [{ name: 'app', image: 'elsewhere.test/app' }] } } },
  'one-at-a-time-in-production': { targets: 2, context: 'prod-eu' },
};

test('every example is a policy', () => {
  assert.ok(parsed.length >= 2);
  assert.deepEqual(parsed.map((p) => (p.ok ? null : p.error)), parsed.map(() => null));
});

const answer = (rule: Rule, changed: Partial<Scope>): unknown => rule.evaluate({ ...scope, ...changed }, { left: 1_000_000 });

describe('the rule of the docs', () => {
  for (const rule of rules) {
    test(`${rule.name} is found where it should be, and not elsewhere`, () => {
      assert.deepEqual(answer(rule, found[rule.name] ?? {}), { ok: true, value: true });
      assert.deepEqual(answer(rule, {}), { ok: true, value: false });
      // Of an object with nothing but a name none of them is without an answer, and what speaks of pods only is quiet.
      if (rule.name !== 'young' && rule.name !== 'no-friday') assert.deepEqual(answer(rule, { object: { kind: 'Node', metadata: { name: 'node-1' } }, namespaceObject: null }), { ok: true, value: false });
    });
  }
});
