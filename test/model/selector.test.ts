import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { selectorText, selects, serviceSelects, textSelects } from '../../src/model/selector.ts';
import type { LabelSelector } from '../../src/model/selector.ts';

type Labels = Readonly<Record<string, string>>;
const web: Labels = { app: 'web', tier: 'front', empty: '' };

const rows: readonly (readonly [says: string, selector: LabelSelector, labels: Labels, expected: boolean])[] = [
  ['the empty selector selects everything', {}, web, true],
  ['the empty selector selects an object without labels', {}, {}, true],
  ['a selector of empty parts selects everything', { matchLabels: {}, matchExpressions: [] }, web, true],
  ['equal labels are selected', { matchLabels: { app: 'web' } }, web, true],
  ['every label has to be equal', { matchLabels: { app: 'web', tier: 'back' } }, web, false],
  ['a missing label is not equal', { matchLabels: { zone: 'a' } }, web, false],
  ['an empty value is a value', { matchLabels: { empty: '' } }, web, true],
  ['an empty value is not a missing label', { matchLabels: { zone: '' } }, web, false],
  ['a name of the prototype is no label', { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, web, false],
  ['In takes one of several', { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, web, true],
  ['In needs the label', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, web, false],
  ['NotIn refuses its values', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api', 'web'] }] }, web, false],
  ['NotIn takes other values', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, web, true],
  ['NotIn takes an object without the label', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, web, true],
  ['Exists needs the label, whatever its value', { matchExpressions: [{ key: 'empty', operator: 'Exists' }] }, web, true],
  ['Exists refuses an object without the label', { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, web, false],
  ['DoesNotExist takes an object without the label', { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, web, true],
  ['DoesNotExist takes an object without labels', { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, {}, true],
  ['DoesNotExist refuses the label', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, web, false],
  ['labels and expressions all have to hold', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, web, false],
  ['labels and expressions that all hold select', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'back'] }, { key: 'zone', operator: 'DoesNotExist' }] }, web, true],
];

describe('a label selector', () => {
  for (const [says, selector, labels, expected] of rows) {
    test(says, () => {
      assert.equal(selects(selector, labels), expected);
    });
    test(`${says}, as a request spells it`, () => {
      const text = selectorText(selector);
      assert.ok(text !== null);
      assert.equal(textSelects(text, labels), expected);
    });
  }
  test('an absent selector selects nothing', () => {
    assert.equal(selects(undefined, web), false);
    assert.equal(selects(null, web), false);
    assert.equal(selectorText(undefined), null);
  });
  test('an object whose labels are absent is selected like one with none', () => {
    assert.equal(selects({}, undefined), true);
    assert.equal(selects({ matchLabels: { app: 'web' } }, undefined), false);
  });
  for (const bad of [
    { key: 'app', operator: 'Gt', values: ['1'] },
    { key: 'app', operator: 'In', values: [] },
    { key: 'app', operator: 'NotIn' },
    { key: 'app', operator: 'Exists', values: ['web'] },
    { key: 'zone', operator: 'DoesNotExist', values: ['a'] },
  ]) {
    test(`an invalid requirement selects nothing: ${JSON.stringify(bad)}`, () => {
      assert.equal(selects({ matchExpressions: [bad] }, web), false);
    });
  }
});

describe("a Service's selector", () => {
  const services: readonly (readonly [string, Labels | undefined, boolean])[] = [
    ['equal labels are selected', { app: 'web' }, true],
    ['other labels are not', { app: 'api' }, false],
    ['without a selector it selects nothing', undefined, false],
    ['an empty selector selects nothing', {}, false],
  ];
  for (const [says, selector, expected] of services) {
    test(says, () => {
      assert.equal(serviceSelects(selector, web), expected);
    });
  }
});
