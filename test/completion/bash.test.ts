// The scripts of `completion`: bash runs its own, with a plugin that says what it was asked.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { completionScript } from '../../src/completion/scripts.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-bash-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
writeFileSync(join(folder, 'script'), completionScript('bash'));
/** Says each word that it got, and the choices that it is told to say. */
writeFileSync(join(folder, 'kubectl-safe_delete'), '#!/bin/sh\nprintf "<%s>" "$@" >"$ASKED"\nprintf "$SAID"\n', { mode: 0o755 });

const hasBash = spawnSync('bash', ['--version']).status === 0;

/** Completes the line as bash would, and gives what was asked and what is offered. */
const complete = (command: string, line: string, said: string): { readonly asked: string; readonly offered: readonly string[] } => {
  const asked = join(folder, 'asked');
  const setup = `source ${join(folder, 'script')}; COMP_LINE="$1"; COMP_POINT=\${#1}; read -ra COMP_WORDS <<<"$1"; COMP_CWORD=9; COMPREPLY=(); compopt() { :; }
f=$(complete -p ${command} | sed -E 's/.* -F ([^ ]+) .*/\\1/'); "$f"; printf '%s\\n' "\${COMPREPLY[@]}"; cat "$ASKED" >&2`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', setup, 'bash', line], { encoding: 'utf8', env: { PATH: `${folder}:/usr/bin:/bin`, ASKED: asked, SAID: said } });
  return { asked: stderr, offered: stdout.trimEnd().split('\n') };
};

describe('bash', { skip: hasBash ? false : 'no bash here' }, () => {
  test('asks with the words behind the plugin, the last one empty after a space', () => {
    assert.deepEqual(complete('kubectl', 'kubectl safe-delete pod -n shop ', 'web-1\\tPod\\nweb-2\\n:4\\n'), { asked: '<__complete><pod><-n><shop><>', offered: ['web-1', 'web-2'] });
    assert.equal(complete('kubectl-safe_delete', 'kubectl-safe_delete pod/we', 'pod/web-1\\n:4\\n').asked, '<__complete><pod/we>');
  });
  test('offers values behind a flag with "="', () => {
    assert.deepEqual(complete('kubectl', 'kubectl safe-delete pod x --dry-run=s', 'server\\n:4\\n').offered, ['server']);
  });
  test('gives readline only what is behind a colon', () => {
    assert.deepEqual(complete('kubectl', 'kubectl safe-delete pod x --context arn:aws:e', 'arn:aws:eks\\n:4\\n').offered, ['eks']);
  });
});

test('each shell that is here reads its script without a complaint', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const file = join(folder, `script.${shell}`);
    writeFileSync(file, completionScript(shell));
    if (spawnSync(shell, ['--version']).status === 0) execFileSync(shell, ['-n', file]);
  }
});
