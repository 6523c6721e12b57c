import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filesFor } from '../../src/targets/paths.ts';
import type { PathWorld } from '../../src/targets/paths.ts';

const codeError = (code: string): Error => Object.assign(new Error(code), { code });

/** A disk of these files, below /w. */
const disk = (...paths: readonly string[]): PathWorld => {
  const all = paths.map((path) => `/w/${path}`);
  const isFolder = (path: string): boolean => all.some((file) => file.startsWith(`${path}/`));
  return {
    workingDirectory: '/w',
    files: {
      look: async (path) => {
        if (path.endsWith('/locked')) throw codeError('EACCES');
        if (all.includes(path)) return await Promise.resolve('file');
        if (isFolder(path)) return 'directory';
        throw codeError('ENOENT');
      },
      list: async (path) => {
        const names = new Set(all.filter((file) => file.startsWith(`${path}/`)).map((file) => file.slice(path.length + 1).split('/')[0] ?? ''));
        return await Promise.resolve([...names].toSorted().map((name) => ({ name, directory: isFolder(`${path}/${name}`) })));
      },
    },
  };
};

const world = disk('a.yaml', 'b.json', 'plain', 'sub/c.yml', 'sub/notes.txt', 'sub/.d.yaml', 'sub/deep/e.yaml', 'sub/deep/[x].yaml', 'empty/readme.md');

const cases: Readonly<Record<string, readonly string[]>> = {
  'a.yaml': ['a.yaml'],
  plain: ['plain'],
  sub: ['sub/.d.yaml', 'sub/c.yml'],
  'sub -R': ['sub/.d.yaml', 'sub/c.yml', 'sub/deep/[x].yaml', 'sub/deep/e.yaml'],
  empty: [],
  '*.yaml': ['a.yaml'],
  '?.*': ['a.yaml', 'b.json'],
  '[ab].*': ['a.yaml', 'b.json'],
  '[^a].*': ['b.json'],
  's*': ['sub/.d.yaml', 'sub/c.yml'],
  's*/*/e.yaml': ['sub/deep/e.yaml'],
  '*/c.yml': ['sub/c.yml'],
  'sub/deep/[x].yaml': ['sub/deep/[x].yaml'],
  'sub/deep/\\[*': ['sub/deep/[x].yaml'],
  '/w/*.json': ['/w/b.json'],
};

describe('the files for a path', () => {
  for (const [line, expected] of Object.entries(cases)) {
    const [path = '', recursive] = line.split(' ');
    test(line, async () => assert.deepEqual(await filesFor(path, recursive === '-R', world), { ok: true, value: expected }));
  }

  const refused: Readonly<Record<string, RegExp>> = {
    'missing.yaml': /^the path "missing\.yaml" does not exist$/,
    'x*.yaml': /^the path "x\*\.yaml" does not exist$/,
    'a.yaml/b': /^the path "a\.yaml\/b" does not exist$/,
    '[a': /^pattern "\[a" is not valid: syntax error in pattern$/,
    locked: /^the path "locked" cannot be accessed: EACCES$/,
  };
  for (const [path, says] of Object.entries(refused)) {
    test(`${path} is refused`, async () => {
      const found = await filesFor(path, false, world);
      assert.ok(!found.ok);
      assert.match(found.error, says);
    });
  }
});
