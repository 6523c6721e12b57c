import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SelectionFlags } from '../../src/options/options.ts';
import { askedFor, nameFlaw } from '../../src/targets/words.ts';
import type { Asked } from '../../src/targets/words.ts';

const none: SelectionFlags = { labelSelector: null, fieldSelector: null, all: false, allNamespaces: false, filenames: [], kustomize: null, recursive: false };

const wordsOf = (line: string): readonly string[] => line.split(' ').filter((word) => word !== '');

const named = (...pairs: readonly string[]): Asked => ({
  by: 'names',
  named: pairs.map((pair) => {
    const [type = '', name = ''] = pair.split('/');
    return { type, name };
  }),
});
const selected = (types: readonly string[], labelSelector: string | null = null, fieldSelector: string | null = null): Asked => ({ by: 'selection', types, labelSelector, fieldSelector });

const asked: readonly (readonly [line: string, flags: Partial<SelectionFlags>, expected: Asked])[] = [
  ['pod a b', {}, { by: 'type-and-names', type: 'pod', names: ['a', 'b'] }],
  ['pod a a', {}, { by: 'type-and-names', type: 'pod', names: ['a'] }],
  ['pod,pod a', {}, { by: 'type-and-names', type: 'pod', names: ['a'] }],
  ['pod/a svc/b pod/a', {}, named('pod/a', 'svc/b')],
  ['pod,svc a b', {}, named('pod/a', 'pod/b', 'svc/a', 'svc/b')],
  ['pods', {}, { by: 'types', types: ['pods'] }],
  ['pods,svc,pods', {}, { by: 'types', types: ['pods', 'svc'] }],
  ['pods', { all: true }, selected(['pods'])],
  ['pods,svc', { labelSelector: 'a=b' }, selected(['pods', 'svc'], 'a=b')],
  ['pods', { fieldSelector: 'c=d', labelSelector: 'a=b' }, selected(['pods'], 'a=b', 'c=d')],
  ['', { filenames: ['x'], labelSelector: 'a=b' }, { by: 'files', filenames: ['x'], kustomize: null, recursive: false, labelSelector: 'a=b' }],
  ['', { kustomize: 'd' }, { by: 'files', filenames: [], kustomize: 'd', recursive: false, labelSelector: null }],
];

const refused: readonly (readonly [line: string, flags: Partial<SelectionFlags>, message: RegExp])[] = [
  ['', {}, /^You must provide one or more resources by argument or filename\.$/],
  ['', { all: true }, /^at least one resource must be specified to use a selector$/],
  ['pod/a b', {}, /^there is no need to specify a resource type as a separate argument/],
  ['pod a pod/b', {}, /^there is no need to specify a resource type as a separate argument/],
  ['pod/a/b', {}, /^arguments in resource\/name form may not have more than one slash$/],
  ['pod/', {}, /^arguments in resource\/name form must have a single resource and name$/],
  ['/a', {}, /^arguments in resource\/name form must have a single resource and name$/],
  ['pod,svc/a', {}, /^arguments in resource\/name form must have a single resource and name$/],
  ['pod a', { all: true }, /^name cannot be provided when a selector is specified$/],
  ['pod/a', { labelSelector: 'a=b' }, /^selectors and the all flag cannot be used when passing resource\/name arguments$/],
  ['pods', { filenames: ['x'] }, /^when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well$/],
  ['pod a', { kustomize: 'x' }, /^when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well$/],
  ['pod/a', { filenames: ['x'] }, /^resource\/name arguments cannot be provided when a path is specified$/],
];

const flagsText = (flags: Partial<SelectionFlags>): string => Object.entries(flags).map(([name, value]) => ` ${name}=${String(value)}`).join('');

describe('what a command line asks for', () => {
  for (const [line, flags, expected] of asked) test(`${line}${flagsText(flags)}`, () => assert.deepEqual(askedFor(wordsOf(line), { ...none, ...flags }), { ok: true, value: expected }));
});

describe('what does not go together is refused in the words of kubectl', () => {
  for (const [line, flags, message] of refused) {
    test(`${line}${flagsText(flags)}`, () => {
      const result = askedFor(wordsOf(line), { ...none, ...flags });
      assert.ok(!result.ok);
      assert.match(result.error.message, message);
    });
  }
});

describe('a name that would change the path of a request', () => {
  for (const name of ['', '.', '..', 'a/b', 'a%2f']) test(`is refused: ${JSON.stringify(name)}`, () => assert.notEqual(nameFlaw(name, 'resource name'), null));
  for (const name of ['a', 'A b', '...', 'system:node']) test(`is not: ${JSON.stringify(name)}`, () => assert.equal(nameFlaw(name, 'resource name'), null));
});
