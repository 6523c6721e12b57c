import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explained, explainText } from '../../src/cli/explain.ts';
import { checkIds } from '../../src/findings/catalogue.ts';

describe('explain', () => {
  test('without a topic it names every check, and what each looks at', () => {
    assert.deepEqual(explained(null).map((c) => c.id), [...checkIds]);
    for (const { id, looksAt } of explained(null)) assert.ok(explainText(null).includes(`  ${id} `) && looksAt.length > 0, id);
  });

  test('of a check it gives every code with severity, meaning, what to do and what accepts it; of a code only that', () => {
    const [check] = explained('finalizers');
    assert.deepEqual([check?.codes.length, check?.codes[0]?.code, check?.codes[0]?.severity, check?.codes[0]?.acceptedBy], [4, 'finalizer-controller-missing', 'warning', '--yes']);
    assert.deepEqual(explained('bare-pod').map((c) => [c.id, c.codes.map((k) => k.code)]), [['owner-controller', ['bare-pod']]]);
    assert.match(explainText('bare-pod'), /bare-pod \(warning; accepted by --yes\)\n.*\n {4}What to do: /u);
  });

  test('what to do is a sentence for every code, with placeholders for what only a finding knows', () => {
    for (const { code, remedy, means } of explained(null).flatMap((c) => c.codes)) {
      assert.match(remedy, /^[A-Z][^[\]]*\.$/u, code);
      assert.doesNotMatch(`${remedy} ${means}`, /undefined|NaN|null|object Object|function|=>|<>/u, code);
    }
    assert.equal(explained('node-not-ready')[0]?.codes[0]?.remedy, 'Get node <node> back, or make sure that it is powered off.');
  });

  test('no line is wider than 80 columns', () => {
    for (const id of checkIds) for (const line of explainText(id).split('\n')) assert.ok(line.length <= 80, line);
  });
});
