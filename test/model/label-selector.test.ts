import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseLabelSelector } from '../../src/model/label-selector.ts';

const labels = { app: 'web', tier: '3', 'example.test/x': '', a: 'b' };

const truths: Readonly<Record<string, boolean>> = {
  '': true,
  'app=web': true,
  'app==web': true,
  ' app = web ': true,
  'app!=web': false,
  'nothing!=web': true,
  'app=web,a=b': true,
  'app=web,a=c': false,
  app: true,
  'example.test/x': true,
  'example.test/x=': true,
  nothing: false,
  '!nothing': true,
  '! app': false,
  'app in (web)': true,
  'app in ( api , web ),a': true,
  'app in (api)': false,
  'nothing in (x)': false,
  'app notin (api)': true,
  'app notin (api,web)': false,
  'nothing notin (x)': true,
  'app in (api,)': false,
  'app in ()': false,
  'app notin (,  ,)': true,
  'tier>2': true,
  'tier > 3': false,
  'tier<4': true,
  'app>1': false,
  'in in (x)': false,
};

describe('labels are selected', () => {
  for (const [text, expected] of Object.entries(truths)) {
    test(`${text === '' ? '(everything)' : text}: ${expected}`, () => {
      const matches = parseLabelSelector(text);
      assert.ok(matches.ok, matches.ok ? '' : matches.error);
      assert.equal(matches.value(labels), expected);
    });
  }
  test('by their own names only', () => {
    const matches = parseLabelSelector('constructor');
    assert.equal(matches.ok && matches.value({}), false);
  });
});

describe('a selector that cannot be read is refused', () => {
  for (const text of [',', 'a=b,', '=b', 'a=b c', 'a in', 'a in (b', 'a in (b c)', 'a in b', 'a=(b)', 'tier>x', '-a', 'a===b', 'a b']) test(text, () => assert.equal(parseLabelSelector(text).ok, false));
});
