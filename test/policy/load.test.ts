/** Which file is the policy, and what is said of one that cannot be read. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { main } from '../../src/main.ts';
import type { World } from '../../src/model/world.ts';
import { globMatches } from '../../src/policy/glob.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { locate } from '../../src/policy/locate.ts';
import { worldWith } from '../connection/world.ts';
import { document } from './policy-text.ts';

type Env = World['env'];
const machine = (env: Env, platform: NodeJS.Platform = 'linux') => ({ env, platform, homeDirectory: platform === 'win32' ? 'C:\\Users\\jane' : '/home/jane', workingDirectory: platform === 'win32' ? 'C:\\work' : '/work' });

describe('the policy is looked for', () => {
  const rows: readonly (readonly [says: string, flag: string | null, env: Env, platform: NodeJS.Platform, file: string, named: boolean])[] = [
    ['where the flag says, first of all', 'a.yaml', { KUBECTL_SAFE_DELETE_POLICY: '/b.yaml', XDG_CONFIG_HOME: '/c' }, 'linux', '/work/a.yaml', true],
    ['then where the environment says', null, { KUBECTL_SAFE_DELETE_POLICY: '/b.yaml', XDG_CONFIG_HOME: '/c' }, 'linux', '/b.yaml', true],
    ['an empty variable is none', null, { KUBECTL_SAFE_DELETE_POLICY: '', XDG_CONFIG_HOME: '/c' }, 'linux', '/c/kubectl-safe-delete/policy.yaml', false],
    ['a relative XDG_CONFIG_HOME counts as not set', null, { XDG_CONFIG_HOME: 'c' }, 'linux', '/home/jane/.config/kubectl-safe-delete/policy.yaml', false],
    ['in ~/.config at last', null, {}, 'linux', '/home/jane/.config/kubectl-safe-delete/policy.yaml', false],
    ['on macOS too', null, {}, 'darwin', '/home/jane/.config/kubectl-safe-delete/policy.yaml', false],
    ['on Windows in %APPDATA%', null, { APPDATA: 'D:\\Roaming' }, 'win32', 'D:\\Roaming\\kubectl-safe-delete\\policy.yaml', false],
    ['on Windows without it in the home folder', null, {}, 'win32', 'C:\\Users\\jane\\AppData\\Roaming\\kubectl-safe-delete\\policy.yaml', false],
    ['on Windows from the working folder', 'p.yaml', {}, 'win32', 'C:\\work\\p.yaml', true],
  ];
  for (const [says, flag, env, platform, file, named] of rows) test(says, () => assert.deepEqual(locate(flag, machine(env, platform)), { file, named }));
});

const failing = (code: string): Promise<Uint8Array> => Promise.reject(Object.assign(new Error(`${code}: broken`), { code }));
const worldThatReads = (read: World['files']['read'], env: Env = {}): World => {
  const world = worldWith({ env, homeDirectory: '/home/jane', workingDirectory: '/work', platform: 'linux' });
  return { ...world, files: { ...world.files, read } };
};
const none: World['files']['read'] = async () => await failing('ENOENT');
const bytes = (text: string): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(text));

describe('a policy that is read', () => {
  test('is in force with its file and its digest', async () => {
    const loaded = await loadPolicy('p.yaml', worldThatReads(async (file) => (file === '/work/p.yaml' ? await bytes(document('bulkLimit: 3')) : await failing('ENOENT'))));
    assert.ok(loaded.ok && loaded.value !== null);
    assert.deepEqual([loaded.value.file, loaded.value.policy.bulkLimit], ['/work/p.yaml', 3]);
    assert.match(loaded.value.digest, /^[0-9a-f]{64}$/u);
  });

  test('and is not there in the default place is none', async () => {
    assert.deepEqual(await loadPolicy(null, worldThatReads(async () => await failing('ENOENT'))), { ok: true, value: null });
  });

  const problems: Readonly<Record<string, readonly [flag: string | null, read: () => Promise<Uint8Array>, says: RegExp]>> = {
    'not there, where the flag names it': ['p.yaml', async () => await failing('ENOENT'), /^policy \/work\/p\.yaml cannot be read: no such file$/],
    'not to be read in the default place': [null, async () => await failing('EACCES'), /^policy \/home\/jane\/\.config\/kubectl-safe-delete\/policy\.yaml cannot be read: it may not be read$/],
    'a folder': ['p', async () => await failing('EISDIR'), /it is a folder$/],
    'too large': ['p', async () => await Promise.resolve(new Uint8Array(1_048_577)), /has 1048577 bytes; 1048576 at most$/],
    'no UTF-8': ['p', async () => await Promise.resolve(Uint8Array.of(0xff, 0xfe, 0x41)), /is not UTF-8$/],
    'broken': ['p.yaml', async () => await bytes(document('bulkLimit: many')), /^policy \/work\/p\.yaml:3:12: bulkLimit has to be a whole number, and is a text$/],
  };
  for (const [says, [flag, read, message]] of Object.entries(problems)) {
    test(`${says}: one sentence`, async () => {
      const loaded = await loadPolicy(flag, worldThatReads(read));
      assert.ok(!loaded.ok);
      assert.match(loaded.error.message, message);
    });
  }
});

const reported = async (argv: readonly string[], read: World['files']['read'], env: Env = {}): Promise<{ readonly code: number; readonly report: { readonly error: { readonly code: string; readonly message: string }; readonly targets: readonly unknown[] } }> => {
  let stdout = '';
  const world = worldThatReads(read, env);
  const code = await main([...argv, '-o', 'json'], { ...world, stdout: { ...world.stdout, write: (text) => { stdout += text; } } }, () => {
    throw new Error('connected');
  });
  return { code, report: JSON.parse(stdout) as never };
};

describe('a command line whose policy is broken', () => {
  test('exits with 1 and a report before it connects', async () => {
    const { code, report } = await reported(['pod', 'x', '--policy', 'p.yaml'], async () => await bytes('kind: Policy\n'));
    assert.deepEqual([code, report.error.code, report.error.message, report.targets], [1, 'policy', 'policy /work/p.yaml:1:1: the document needs apiVersion', []]);
  });

  const raised = document("severities: {bare-pod: blocker}\nrules: [{name: no-friday, message: m, when: 'true'}]");
  const wrong: Readonly<Record<string, readonly [id: string, says: RegExp]>> = {
    'names no rule of it': ['policy/no-fridays', /no check or code is named "policy\/no-fridays"/],
    'never blocks, under this policy too': ['recreated', /^--allow: "recreated" cannot be allowed: it never blocks/],
  };
  for (const [says, [id, message]] of Object.entries(wrong)) {
    test(`--allow that ${says} exits with 1`, async () => {
      const { code, report } = await reported(['pod', 'x', '--policy', 'p.yaml', '--allow', id], async () => await bytes(raised));
      assert.deepEqual([code, report.error.code], [1, 'unknown-check']);
      assert.match(report.error.message, message);
    });
  }

  test('--allow takes what only the policy makes a blocker, by code and by check', async () => {
    for (const id of ['bare-pod', 'owner-controller', 'policy/no-friday', 'policy/bulk-limit', 'policy']) {
      await assert.rejects(reported(['pod', 'x', '--policy', 'p.yaml', '--allow', id], async () => await bytes(raised)), /connected/, id);
    }
  });

  test('without a policy --allow takes no rule, and nothing that never blocks', async () => {
    assert.match((await reported(['pod', 'x', '--allow', 'policy/no-friday'], none)).report.error.message, /no policy is in force/);
    assert.match((await reported(['pod', 'x', '--allow', 'bare-pod'], none)).report.error.message, /cannot be allowed: it never blocks/);
  });
});

describe('a glob', () => {
  const rows: readonly (readonly [glob: string, text: string, expected: boolean])[] = [
    ['prod', 'prod', true], ['prod', 'production', false], ['prod*', 'production', true], ['*-eu', 'prod-eu', true], ['*-eu', 'prod-eu-1', false],
    ['p?od', 'prod', true], ['p?od', 'pod', false], ['*', '', true], ['?', '', false], ['a*b*c', 'a-b-b-c', true], ['a*b*c', 'a-c-b', false], ['a.c', 'abc', false], ['PROD', 'prod', false],
  ];
  for (const [glob, text, expected] of rows) test(`${glob} ${expected ? 'matches' : 'does not match'} "${text}"`, () => assert.equal(globMatches(glob, text), expected));
  test('of many stars is answered at once', () => assert.equal(globMatches(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000)), false));
});
