/** A World on the real clock and file system, with everything else chosen by the test. */
import { spawn } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { ConnectionFlags } from '../../src/options/connection-flags.ts';
import type { Sink, World } from '../../src/model/world.ts';

const sink: Sink = { isTTY: false, columns: () => undefined, rows: () => undefined, write: () => undefined };

export const realClock: World['clock'] = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await new Promise<void>((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    });
  },
};

const spawnProgram: World['spawn'] = async ({ command, args, env, stdin, signal }) =>
  await new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env, stdio: [stdin === 'inherit' ? 'inherit' : 'ignore', 'pipe', 'inherit'], ...(signal === undefined ? {} : { signal }) });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode, by) => {
      resolve({ exitCode, signal: by, stdout });
    });
  });

export const worldWith = (changes: Partial<World> = {}): World => ({
  env: {},
  platform: process.platform,
  homeDirectory: '/nonexistent-home',
  workingDirectory: process.cwd(),
  stdin: { isTTY: false, readLine: async () => await Promise.resolve(null), readAll: async () => await Promise.resolve(new Uint8Array()) },
  openTerminal: async () => await Promise.resolve(null),
  stdout: sink,
  stderr: sink,
  clock: realClock,
  files: {
    read: async (path) => await readFile(path),
    write: async (path, data, mode) => {
      await writeFile(path, data, { mode });
    },
    makeDirectory: async (path, mode) => {
      await mkdir(path, { recursive: true, mode });
    },
    append: async (path, data) => {
      await appendFile(path, data);
    },
    replace: async (path, data, mode) => {
      await writeFile(`${path}.new`, data, { mode });
      await rename(`${path}.new`, path);
    },
    look: async (path) => ((await stat(path)).isDirectory() ? 'directory' : 'file'),
    list: async (path) => (await readdir(path, { withFileTypes: true })).map((e) => ({ name: e.name, directory: e.isDirectory() })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  },
  spawn: spawnProgram,
  onSignal: () => () => undefined,
  ...changes,
});

export const flagsWith = (changes: Partial<ConnectionFlags> = {}): ConnectionFlags => ({
  kubeconfig: null,
  context: null,
  cluster: null,
  user: null,
  namespace: null,
  server: null,
  token: null,
  username: null,
  password: null,
  as: null,
  asUid: null,
  asGroup: [],
  asUserExtra: [],
  certificateAuthority: null,
  clientCertificate: null,
  clientKey: null,
  insecureSkipTlsVerify: null,
  tlsServerName: null,
  requestTimeoutMs: null,
  cacheDir: null,
  disableCompression: null,
  ...changes,
});
