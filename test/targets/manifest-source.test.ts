import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fail, ok } from '../../src/model/result.ts';
import type { SpawnRequest } from '../../src/model/world.ts';
import { manifestSource } from '../../src/targets/manifest-source.ts';
import type { ManifestFlags } from '../../src/targets/manifest-source.ts';

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const signal = new AbortController().signal;
const missing = (): Error => Object.assign(new Error('ENOENT'), { code: 'ENOENT' });

const setting = (more: { readonly spawned?: { readonly exitCode: number; readonly stdout: string } | 'absent' } = {}) => {
  const spawns: SpawnRequest[] = [];
  let inputs = 0;
  const files: Readonly<Record<string, string>> = { '/w/a.yaml': pod('a'), '/w/wrong.yaml': 'kind: Pod', '/w/dir/b.yaml': pod('b') };
  const read = manifestSource(
    {
      workingDirectory: '/w',
      env: { PATH: '/bin', UNSET: undefined },
      stdin: {
        isTTY: false,
        readLine: async () => await Promise.resolve(null),
        readAll: async () => {
          inputs += 1;
          return await Promise.resolve(bytes(inputs === 1 ? pod('in') : ''));
        },
      },
      files: {
        read: async (path) => {
          const text = files[path];
          if (text === undefined) throw missing();
          return await Promise.resolve(bytes(text));
        },
        write: async () => await Promise.reject(missing()),
        makeDirectory: async () => await Promise.reject(missing()),
        append: async () => await Promise.reject(missing()),
        replace: async () => await Promise.reject(missing()),
        look: async (path) => {
          if (path === '/w/dir' || path === '/w/none') return await Promise.resolve('directory');
          if (files[path] === undefined) throw missing();
          return 'file';
        },
        list: async (path) => await Promise.resolve(path === '/w/dir' ? [{ name: 'b.yaml', directory: false }] : []),
      },
      spawn: async (request) => {
        spawns.push(request);
        const { spawned = { exitCode: 0, stdout: pod('built') } } = more;
        if (spawned === 'absent') throw missing();
        return await Promise.resolve({ ...spawned, signal: null });
      },
    },
    async (url) => await Promise.resolve(url.endsWith('/yes') ? ok(bytes(pod('remote'))) : fail('unable to read URL')),
  );
  const names = async (flags: Partial<ManifestFlags>): Promise<string> => {
    const found = await read({ filenames: [], kustomize: null, recursive: false, ...flags }, signal);
    return found.ok ? found.value.map((m) => `${m.source}: ${m.name}`).join(', ') : found.error.message;
  };
  return { names, spawns };
};

describe('the objects of -f and -k', () => {
  test('come in the order in which they are named', async () => {
    const { names } = setting();
    assert.equal(await names({ filenames: ['dir', '-', 'https://x.test/yes', 'a.yaml'] }), 'dir/b.yaml: b, STDIN: in, https://x.test/yes: remote, a.yaml: a');
  });

  test('are read once, however often they are asked for: standard input cannot be read again', async () => {
    const { names } = setting();
    assert.equal(await names({ filenames: ['-'] }), 'STDIN: in');
    assert.equal(await names({ filenames: ['-'] }), 'STDIN: in');
  });

  test('of a kustomization are those that kubectl builds, with the environment of this process', async () => {
    const { names, spawns } = setting();
    assert.equal(await names({ kustomize: '-dir' }), '-dir: built');
    assert.deepEqual(spawns.map(({ command, args, env, stdin }) => ({ command, args, env, stdin })), [{ command: 'kubectl', args: ['kustomize', '--', '-dir'], env: { PATH: '/bin' }, stdin: 'none' }]);
  });

  const refused: Readonly<Record<string, readonly [flags: Partial<ManifestFlags>, says: RegExp, more?: Parameters<typeof setting>[0]]>> = {
    'a kustomization without kubectl': [{ kustomize: 'k' }, /^-k needs kubectl to build the kustomization, and there is none in PATH$/, { spawned: 'absent' }],
    'a kustomization that kubectl cannot build': [{ kustomize: 'k' }, /^kubectl kustomize k failed$/, { spawned: { exitCode: 1, stdout: pod('half') } }],
    'standard input twice': [{ filenames: ['-', '-'] }, /^standard input cannot be used for multiple arguments$/],
    'a folder without files': [{ filenames: ['none'] }, /^error reading \[none\]: recognized file extensions are \[\.json \.yaml \.yml\]$/],
    'a path that is not there': [{ filenames: ['a.yaml', 'x'] }, /^the path "x" does not exist$/],
    'a file with a flaw': [{ filenames: ['a.yaml', 'wrong.yaml'] }, /^unable to decode "wrong\.yaml"/],
    'a URL that cannot be read': [{ filenames: ['https://x.test/no'] }, /^unable to read URL$/],
  };
  for (const [name, [flags, says, more]] of Object.entries(refused)) test(`are refused for ${name}`, async () => assert.match(await setting(more).names(flags), says));

  test('of an empty folder beside a file are those of the file', async () => assert.equal(await setting().names({ filenames: ['none', 'a.yaml'] }), 'a.yaml: a'));
});
