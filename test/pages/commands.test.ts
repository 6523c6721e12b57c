/** The commands that the pages tell to type: scripts are read by bash, command lines by the plugin's own parser. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parseDocument } from 'yaml';
import { parse } from '../../src/cli/parse.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [...globSync('*.md', { cwd: root }), ...globSync('docs/*.md', { cwd: root })].toSorted();
const blocksOf = (page: string, language: string): readonly string[] =>
  [...readFileSync(path.join(root, page), 'utf8').matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```/gmu)].filter(([, , name]) => name === language).map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gmu'), ''));

/** What stands for something that a reader fills in. */
const FILLED: Readonly<Record<string, string>> = { CHECK: 'finalizers', CODE: 'bare-pod', SHELL: 'bash', DIGEST: 'a'.repeat(64), CONTAINER: 'app', '$POD': 'web-1', '$NS': 'shop' };

const wordsOf = (line: string): readonly string[] => {
  const command = (/kubectl safe-delete (.*)/u.exec(line)?.[1] ?? '').split(/ [#>|<]| 2>|&&|\)(?: |$)|;/u)[0] ?? '';
  return (command.match(/"[^"]*"|'[^']*'|[^\s"']+(?:"[^"]*"[^\s"']*)*/gu) ?? []).map((word) => word.replaceAll(/["']/gu, '')).map((word) => FILLED[word] ?? word.replaceAll(/\$\{\{[^}]*\}\}|\$\{?\w+\}?/gu, 'x'));
};

describe('scripts on the pages', () => {
  for (const page of pages)
    test(page, () => {
      for (const script of blocksOf(page, 'sh')) execFileSync('bash', ['-n'], { input: script.replaceAll(/<[a-z ]+>/gu, 'placeholder') });
      for (const text of blocksOf(page, 'yaml')) assert.deepEqual(parseDocument(text).errors.map(String), [], text);
      for (const text of blocksOf(page, 'json')) if (!text.startsWith('{ "type"')) JSON.parse(text);
    });
});

let read = 0;

describe('command lines on the pages', () => {
  for (const page of pages)
    test(page, async () => {
      const fenced = ['sh', 'yaml'].flatMap((language) => blocksOf(page, language)).flatMap((text) => text.split('\n'));
      const inline = [...readFileSync(path.join(root, page), 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gmu, '').matchAll(/`(?:source <\()?(kubectl safe-delete [^`]+)`/gu)].map(([, text = '']) => text);
      for (const line of [...fenced, ...inline]) {
        const words = wordsOf(line);
        // A grammar names no command: TYPE NAME...
        if (words.length === 0 || words.some((word) => word.startsWith('TYPE') || word === '...')) continue;
        read += 1;
        const parsed = await parse(words, {});
        assert.ok(parsed.ok, `${page}: ${line.trim()}\n${words.join(' ')}\n${parsed.ok ? '' : parsed.error.message}`);
      }
    });

  test('are found at all', () => assert.ok(read >= 12, `${read} were read`));
});
