/** What an expression can say, and that none takes long or does anything else than answer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../src/policy/cel.ts';
import type { Scope } from '../../src/policy/cel.ts';
import { NOW } from '../model/objects.ts';

const object = {
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', labels: { tier: 'gold' }, creationTimestamp: '2026-02-28T12:00:00Z', annotations: { ['__proto__']: 'x' } },
  spec: { priority: 100, ratio: 0.5, containers: [{ name: 'app', image: 'registry.test/app:1.2' }, { name: 'proxy', image: 'other.test/proxy:3' }] },
};
const scope: Scope = { object, namespaceObject: { metadata: { labels: { team: 'blue' } } }, user: 'jane@example.test', context: 'prod-eu', now: NOW, targets: 3, dryRun: false };

const answer = (text: string, changed: Partial<Scope> = {}, budget = { left: 1_000_000 }): boolean | string => {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(`${compiled.error.offset}: ${compiled.error.message}`);
  const given = compiled.value.evaluate({ ...scope, ...changed }, budget);
  return given.ok ? given.value : given.error;
};

describe('an expression', () => {
  const truths: Readonly<Record<string, boolean>> = {
    "object.metadata.labels.tier == 'gold'": true,
    "object.metadata.labels['tier'] in ['silver', 'bronze']": false,
    'has(object.metadata.labels.team)': false,
    'object.spec.priority + 1 == 101': true,
    'object.spec.priority > 99.5 && object.spec.ratio < 1.0': true,
    "object.spec.containers.exists(c, c.image.startsWith('other.test/'))": true,
    "object.spec.containers.all(c, c.image.matches('^registry\\\\.test/[a-z]{1,20}:'))": false,
    'size(object.spec.containers) == 2 && object.spec.containers.map(c, c.name).size() == 2': true,
    "object.spec.containers.filter(c, c.name == 'app').size() == 1": true,
    "timestamp(object.metadata.creationTimestamp) < now - duration('23h')": true,
    "now.getDayOfWeek('Europe/Berlin') == 0 && now.getHours() == 12": true,
    "user.endsWith('@example.test') && context.startsWith('prod-') && targets == 3 && !dryRun": true,
    "namespaceObject.metadata.labels.team == 'blue'": true,
    "namespaceObject != null ? object.metadata.name == 'web-1' : false": true,
    "object.metadata.name.lowerAscii().split('-')[0] == 'web'": true,
    "type(object.spec.priority) == int && object.metadata.annotations['__proto__'] == 'x'": true,
    'true': true,
  };
  for (const [text, expected] of Object.entries(truths)) test(`${text} is ${String(expected)}`, () => assert.equal(answer(text), expected));

  test('sees null where there is no namespace', () => assert.equal(answer('namespaceObject == null', { namespaceObject: null }), true));
});

describe('an expression gives no answer, and says why, when', () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    "object.metadata.labels.team == 'blue'": /^field not found: team; has\(\) tells whether it is there$/,
    'object.metadata.constructor == 1': /^field not found: constructor/,
    "object.metadata.name": /^it gives no boolean$/,
    'object.metadata.name > 1': /no matching overload/,
    "timestamp(object.metadata.name) < now": /./,
    'object.spec.priority / 0 == 1': /./,
    'object.metadata.name.matches(object.metadata.name + "(")': /regexp|missing/,
  };
  for (const [text, reason] of Object.entries(reasons)) {
    test(text, () => {
      const given = answer(text);
      assert.equal(typeof given, 'string');
      assert.match(String(given), reason);
    });
  }
});

describe('what an expression costs is bounded', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => i);
  const literal = `[${Array.from({ length: 60 }, () => '1').join(',')}]`;
  const costly: Readonly<Record<string, readonly [text: string, object: unknown]>> = {
    'loops in loops': ['object.l.all(a, object.l.all(b, object.l.all(c, a + b + c >= 0)))', { l: many }],
    'loops over literals': [`${literal}.all(a, ${literal}.all(b, ${literal}.all(c, ${literal}.all(d, ${literal}.all(e, a > 0)))))`, {}],
    'lists that grow': ['object.l.map(a, object.l.map(b, object.l)).size() > 0', { l: many }],
    'a long text against a large pattern': ["object.t.matches('(?:a?){500}a{500}')", { t: 'a'.repeat(20_000) }],
    'a pattern from the object': ['object.t.matches(object.p)', { t: 'a'.repeat(100_000), p: '(a?)'.repeat(1_000) }],
  };
  for (const [says, [text, of]] of Object.entries(costly)) {
    test(says, () => {
      const start = process.cpuUsage();
      assert.equal(answer(text, { object: of }), 'it takes too many steps');
      assert.ok(process.cpuUsage(start).user < 3_000_000);
    });
  }

  test('patterns that backtrack elsewhere are answered at once', () => {
    const start = process.cpuUsage();
    assert.equal(answer("object.t.matches('^(a+)+$')", { object: { t: `${'a'.repeat(30_000)}!` } }), false);
    assert.equal(answer("object.t.matches('^(([a-z])+.)+[A-Z]([a-z])+$')", { object: { t: 'a'.repeat(30_000) } }), false);
    assert.ok(process.cpuUsage(start).user < 3_000_000);
  });

  test('a loop that was cut off proves nothing, even where the rest would', () => {
    assert.equal(answer('object.l.all(a, object.l.all(b, a + b >= 0)) || true', { object: { l: many } }), 'it takes too many steps');
  });

  test('all rules of a run share what is left', () => {
    const budget = { left: 5 };
    assert.equal(answer('[1, 2, 3].all(a, a > 0)', {}, budget), true);
    assert.equal(answer('[1, 2, 3].all(a, a > 0)', {}, budget), 'it takes too many steps');
  });
});

describe('an expression cannot be made of', () => {
  const flaws: Readonly<Record<string, RegExp>> = {
    'process.env': /there is no process/,
    'require("fs")': /there is no function require/,
    'object.metadata.name.replace("a", "b") == ""': /there is no function replace/,
    'google.protobuf.Timestamp{seconds: 1} == now': /no message of type google\.protobuf\.Timestamp/,
    '@tick(true)': /./,
    ['a'.repeat(4_097)]: /at most 4096 characters/,
  };
  for (const [text, says] of Object.entries(flaws)) {
    test(text.slice(0, 40), () => {
      const compiled = compile(text);
      assert.ok(!compiled.ok);
      assert.match(compiled.error.message, says);
    });
  }
});
