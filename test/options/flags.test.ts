import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { exitCodes } from '../../src/options/exit-codes.ts';
import { flagGroups, flags, knownFlags } from '../../src/options/flags.ts';
import { editDistance, nearest } from '../../src/options/nearest.ts';
import { toolVersion } from '../../src/options/version.ts';
import { helpContent } from '../../src/cli/help.ts';
import { parse } from '../../src/cli/parse.ts';

const help = async (): Promise<string> => {
  const result = await parse(['--help'], {});
  assert.ok(result.ok && result.value.command === 'help');
  return result.value.text;
};

/** Whether a command line loads yargs, seen from a process of its own. */
const loadsYargs = (...argv: readonly string[]): boolean => {
  const script = `
    import { registerHooks } from 'node:module';
    let loaded = false;
    registerHooks({ resolve: (name, context, next) => { loaded ||= name === 'yargs'; return next(name, context); } });
    const { parse } = await import(${JSON.stringify(new URL('../../src/cli/parse.ts', import.meta.url).href)});
    await parse(${JSON.stringify(argv)}, {});
    console.log(loaded);`;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  assert.equal(child.status, 0, child.stderr);
  return child.stdout === 'true\n';
};

describe('the list of flags', () => {
  test('has each name and each shorthand once', () => {
    const names = knownFlags.map((flag) => flag.name);
    const shorthands = knownFlags.flatMap((flag) => flag.shorthand ?? []);
    assert.deepEqual(names, [...new Set(names)]);
    assert.deepEqual(shorthands, [...new Set(shorthands)]);
    for (const shorthand of shorthands) assert.equal(shorthand.length, 1);
  });

  test('names conflicts that exist, on both sides', () => {
    for (const flag of flags) {
      for (const other of flag.conflicts) {
        const found = flags.find((candidate) => candidate.name === other);
        assert.ok(found?.conflicts.includes(flag.name), `--${flag.name} and --${other}`);
      }
    }
  });

  test('describes each flag of this version in one line, in a group that is shown', () => {
    const groups = flagGroups.map(({ group }) => group);
    for (const flag of flags) {
      assert.equal(flag.absent, null);
      assert.match(flag.describe, /^[a-z][^\n`]+[^.\n]$/, flag.name);
      assert.ok(groups.includes(flag.group), flag.name);
      assert.equal(flag.value === '', flag.kind === 'bool', flag.name);
    }
  });

  test('has a reason for each flag that is refused', () => {
    const refused = knownFlags.filter((flag) => !flags.includes(flag));
    assert.ok(refused.length > 5);
    for (const flag of refused) assert.match(flag.absent?.why ?? '', /^.{10,90}[^.]$/, flag.name);
  });

  test('knows the whole of the public interface', () => {
    const promised =
      'dry-run yes confirm confirm-plan interactive no-input allow strict skip skip-blocked evict one-at-a-time until attach logs save save-secrets exit-code-from ' +
      'require-clean-exit policy check-timeout output report color plain timeout wait grace-period now force cascade ignore-not-found selector field-selector all ' +
      'all-namespaces filename kustomize recursive raw version help v namespace context kubeconfig cluster user server token username password as as-group as-uid ' +
      'as-user-extra certificate-authority client-certificate client-key insecure-skip-tls-verify tls-server-name request-timeout cache-dir disable-compression';
    const names = new Set(knownFlags.map((flag) => flag.name));
    assert.deepEqual(promised.split(' ').filter((name) => !names.has(name)), []);
  });
});

describe('the help', () => {
  test('shows every flag of this version, with its shorthand', async () => {
    const text = await help();
    for (const flag of flags) {
      const shown = `${flag.shorthand === null ? '    ' : `-${flag.shorthand}, `}--${flag.name}`;
      assert.match(text, new RegExp(`^  ${shown}[ [\\n]`, 'm'), shown);
    }
  });

  test('shows no flag that would be refused', async () => {
    const text = await help();
    for (const flag of knownFlags.filter((known) => known.absent !== null)) assert.doesNotMatch(text, new RegExp(`--${flag.name}(?![\\w-])`), flag.name);
  });

  test('fits in 80 columns, ends with one newline, and has no colours', async () => {
    const text = await help();
    assert.deepEqual(text.split('\n').filter((line) => line.length > 80 || line.includes('\u001b')), []);
    assert.match(text, /[^\n]\n$/);
  });

  test('speaks of kubectl safe-delete, with examples before the flags', async () => {
    const text = await help();
    assert.ok(text.indexOf('kubectl safe-delete pod') < text.indexOf('--dry-run['));
    assert.doesNotMatch(text, /kubectl-safe_delete|kubectl_safe/);
  });

  test('is English whatever the locale is', async () => {
    const before = process.env['LC_ALL'];
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    try {
      assert.doesNotMatch(await help(), /Optionen|Standard/);
    } finally {
      if (before === undefined) delete process.env['LC_ALL'];
      else process.env['LC_ALL'] = before;
    }
  });

  test('has the examples as command lines that this version accepts', async () => {
    const lines = helpContent().opening.split('\n').filter((line) => line.startsWith('  kubectl safe-delete ') && !/[A-Z[|]/.test(line));
    assert.ok(lines.length >= 4);
    for (const line of lines) {
      const result = await parse(line.trim().split(' ').slice(2), {});
      assert.ok(result.ok, line);
    }
  });

  test('lists the exit codes that this version can end with', async () => {
    const text = await help();
    for (const row of exitCodes.filter(({ short }) => short !== '')) assert.ok(text.includes(`  ${row.codes.join(', ').padEnd(20)}${row.short}\n`));
  });
});

describe('the rest of what is written down', () => {
  test('the version is the one of package.json', async () => {
    const pack = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
    assert.equal(toolVersion, pack.version);
  });

  test('exit codes are unique and ascending', () => {
    const codes = exitCodes.flatMap((row) => row.codes);
    assert.deepEqual(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 129, 130, 141, 143]);
  });

  test('only cli/parse.ts imports yargs', async () => {
    const src = new URL('../../src/', import.meta.url);
    const importing: string[] = [];
    for (const entry of await readdir(src, { recursive: true })) {
      if (!entry.endsWith('.ts')) continue;
      if (/(?:from|import\()\s*'yargs/.test(await readFile(new URL(entry, src), 'utf8'))) importing.push(entry);
    }
    assert.deepEqual(importing, ['cli/parse.ts']);
  });

  test('yargs is loaded for the help, and for nothing else', () => {
    assert.equal(loadsYargs('--help'), true);
    assert.equal(loadsYargs('pod', 'x', '--dry-run'), false);
    assert.equal(loadsYargs('pod', 'x', '--froce'), false);
  });
});

describe('what was probably meant', () => {
  test('counts typing errors, swapped neighbours as one', () => {
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(editDistance('force', 'froce'), 1);
    assert.equal(editDistance('kitten', 'sitting'), 3);
  });
  test('is the nearest, and nothing when all are far', () => {
    assert.equal(nearest('yse', ['yes', 'no']), 'yes');
    assert.equal(nearest('ignore', ['ignore-not-found', 'now']), 'ignore-not-found');
    assert.equal(nearest('xyzzy', ['yes', 'no']), null);
  });
});
