/** The rooms of the source and which may import which. A room imports from a lower number only, types included. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { all, apart, files, type Import, isRoomFile, mayImportApart, numberOf, numbers, portFiles, roomOf, root } from './import-graph.ts';

const shown = (i: Import): string => `${i.from}:${i.line} imports ${i.to}`;

/** A file without its comments. */
const code = (file: string): string =>
  readFileSync(path.join(root, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
    .replaceAll(/^\s*\/\/.*$/gmu, '');

describe('the rooms', () => {
  test('the imports are found at all', () => {
    assert.ok(files.length > 80, `${files.length} files`);
    assert.ok(all.length > 300, `${all.length} imports`);
  });

  test('every room has a number', () => {
    const unknown = [...new Set(files.filter(isRoomFile).map(roomOf))].filter((room) => numbers[room] === undefined && !apart.has(room));
    assert.deepEqual(unknown, []);
  });

  test('a room imports from a lower number only', () => {
    const wrong = all.filter((i) => {
      if (!i.to.startsWith('src/') || !isRoomFile(i.from) || roomOf(i.from) === roomOf(i.to)) return false;
      const from = numberOf(i.from);
      const to = numberOf(i.to);
      return from !== undefined && (to === undefined || to >= from);
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  test('only main imports the connection and the implementation of the port', () => {
    const wrong = all.filter((i) => {
      if (!i.to.startsWith('src/') || !apart.has(roomOf(i.to)) || portFiles.has(i.to) || i.from === 'src/main.ts') return false;
      return !(mayImportApart[roomOf(i.from)] ?? []).includes(roomOf(i.to));
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  test('the connection and the port know nothing of what is above the options', () => {
    const wrong = all.filter((i) => apart.has(roomOf(i.from)) && i.to.startsWith('src/') && !apart.has(roomOf(i.to)) && (numberOf(i.to) ?? 99) > 1);
    assert.deepEqual(wrong.map(shown), []);
  });

  test('nothing imports main but the executable, and nothing imports that', () => {
    assert.deepEqual(all.filter((i) => i.to === 'src/main.ts').map((i) => i.from), ['src/bin.ts']);
    assert.deepEqual(all.filter((i) => i.to === 'src/bin.ts').map(shown), []);
  });

  test('no source imports a test, a build script or a file outside', () => {
    const wrong = all.filter((i) => !i.to.startsWith('src/') && (i.to.startsWith('.') || i.to.startsWith('/') || /^(?:test|\.ci|docs|bin)\//u.test(i.to)) && i.to !== 'package.json');
    assert.deepEqual(wrong.map(shown), []);
  });

  test('imported files exist under that name', () => {
    const known = new Set(files);
    assert.deepEqual(all.filter((i) => i.to.startsWith('src/') && !known.has(i.to)).map(shown), []);
  });
});

describe('packages have one room each', () => {
  const owners: Readonly<Record<string, (file: string) => boolean>> = {
    yargs: (file) => file.startsWith('src/cli/'),
    ora: (file) => file.startsWith('src/report/human/'),
    'cli-table3': (file) => file.startsWith('src/report/human/'),
  };

  for (const [name, mayImport] of Object.entries(owners)) {
    test(`${name} is imported by one file of its room`, () => {
      const importers = [...new Set(all.filter((i) => i.to === name || i.to.startsWith(`${name}/`)).map((i) => i.from))];
      assert.ok(importers.length <= 1, importers.join(', '));
      assert.deepEqual(importers.filter((f) => !mayImport(f)), []);
    });
  }

  test('no package is imported that package.json does not declare', () => {
    const declared = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly devDependencies?: object; readonly dependencies?: object };
    const names = new Set([...Object.keys(declared.devDependencies ?? {}), ...Object.keys(declared.dependencies ?? {})]);
    const packages = all.filter((i) => !i.to.startsWith('src/') && !i.to.startsWith('node:') && i.to !== 'package.json');
    assert.deepEqual(packages.filter((i) => !names.has(i.to.startsWith('@') ? i.to.split('/').slice(0, 2).join('/') : (i.to.split('/')[0] ?? ''))).map(shown), []);
  });

  test("client-node gives types only: its code costs 90 ms of every start", () => {
    const wrong = files.filter((file) => /^\s*import\s+(?!type\b)[^;]*from\s+'@kubernetes\/client-node'/mu.test(readFileSync(path.join(root, file), 'utf8')));
    assert.deepEqual(wrong, []);
  });

  test('a check imports no client, clock or process', () => {
    const wrong = all.filter((i) => i.from.startsWith('src/checks/') && (i.to.startsWith('node:') || !i.to.startsWith('src/')));
    assert.deepEqual(wrong.map(shown), []);
  });
});

describe('the machine is a parameter', () => {
  const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
    ['the process', /\bprocess\.[a-z]/u],
    ['the time of the machine', /\bnew Date\(\s*\)|\bDate\.now\b|\bperformance\.now\b/u],
    ['timers of the machine', /\bset(?:Timeout|Interval|Immediate)\(|node:timers|\bAbortSignal\.timeout\b/u],
    ['the console', /\bconsole\.[a-z]/u],
  ];

  for (const [what, pattern] of forbidden) {
    test(`only src/bin.ts touches ${what}`, () => {
      const wrong = files.filter((file) => file !== 'src/bin.ts').flatMap((file) => {
        const found = pattern.exec(code(file));
        return found === null ? [] : [`${file}: ${found[0]}`];
      });
      assert.deepEqual(wrong, []);
    });
  }
});
