/**
 * The executable of SAFE_DELETE_BIN (else dist/bin): node --test test/package/binary.check.ts
 * It runs without Node, and nothing that happens to lie in the current folder, or that Node's own variables say, changes what it does.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from './yaml-files.ts';

const binary = resolve(process.env['SAFE_DELETE_BIN'] ?? join(root.pathname, 'dist/bin/kubectl-safe_delete'));
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-binary-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const kubeconfig = (name: string, port: number): string => {
  const file = join(folder, name);
  const cluster = { server: `https://127.0.0.1:${port}` };
  writeFileSync(file, JSON.stringify({ 'current-context': 'c', clusters: [{ name: 'c', cluster }], contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], users: [{ name: 'u', user: { token: 't' } }] }));
  return file;
};
// Nothing listens on ports 1 and 2: the sentence about the refused connection tells which kubeconfig was read.
const own = kubeconfig('own', 1);
const other = kubeconfig('other', 2);
const trace = join(folder, 'trace');
const preload = join(folder, 'preload.cjs');
writeFileSync(preload, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'loaded')`);

/** A certificate that nobody vouches for. */
const selfSigned = (at: string): { readonly certificate: Buffer; readonly key: Buffer } => {
  const [cert, keyFile] = [join(at, 'cert.pem'), join(at, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', cert], { stdio: 'ignore' });
  return { certificate: readFileSync(cert), key: readFileSync(keyFile) };
};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  await new Promise((done) => {
    execFile(binary, args, { cwd: folder, env: { ...env }, timeout: 20_000 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });

describe('the binary', () => {
  test('has the name that kubectl looks for, and is an executable of Linux', () => {
    assert.equal(basename(binary), 'kubectl-safe_delete');
    assert.equal(readFileSync(binary).subarray(1, 4).toString('latin1'), 'ELF');
  });

  test('runs alone: in an empty environment, without a PATH', async () => {
    const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { readonly version: string };
    assert.deepEqual(await run(['--version']), { code: 0, stdout: `kubectl-safe_delete ${version}\n`, stderr: '' });
    assert.equal((await run(['--help'])).code, 0);
    assert.equal((await run(['explain', 'finalizers'])).code, 0);
  });

  test('reads the kubeconfig that it was given, with nothing in the way', async () => {
    const { code, stderr } = await run(['pod', 'x'], { KUBECONFIG: own });
    assert.equal(code, 1);
    assert.match(stderr, /127\.0\.0\.1:1\b/);
  });

  test('loads no .env of the current folder: it could name another cluster', async () => {
    for (const name of ['.env', '.env.local', '.env.production', '.env.development']) writeFileSync(join(folder, name), `KUBECONFIG=${other}\nHTTPS_PROXY=http://127.0.0.1:3\n`);
    assert.match((await run(['pod', 'x'], { KUBECONFIG: own })).stderr, /127\.0\.0\.1:1\b/);
    const { stderr } = await run(['pod', 'x'], { HOME: folder });
    assert.doesNotMatch(stderr, /127\.0\.0\.1:[23]\b/);
  });

  test('runs no preload of a bunfig.toml or package.json in the current folder', async () => {
    writeFileSync(join(folder, 'bunfig.toml'), `preload = [${JSON.stringify(preload)}]\n`);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: preload }));
    assert.equal((await run(['--version'], { HOME: folder })).code, 0);
    assert.ok(!existsSync(trace), 'the preload ran');
  });

  test('takes no module from the current folder, from NODE_PATH, or by a tsconfig.json', async () => {
    const evil = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'loaded'); module.exports = { default: {} };`;
    for (const name of ['yaml', 'ora', 'yargs', 'string-width', 'fs', 'https']) {
      for (const at of ['node_modules', 'elsewhere']) {
        mkdirSync(join(folder, at, name), { recursive: true });
        writeFileSync(join(folder, at, name, 'index.js'), evil);
      }
    }
    writeFileSync(join(folder, 'hijack.ts'), evil);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { baseUrl: '.', paths: { '*': ['./hijack.ts'], 'node:*': ['./hijack.ts'] } } }));
    const env = { KUBECONFIG: own, NODE_PATH: join(folder, 'elsewhere') };
    // Help and YAML are parts that are loaded late.
    assert.equal((await run(['--help'], env)).code, 0);
    assert.match((await run(['pod', 'x', '-o', 'yaml'], env)).stdout, /^kind: DeletionReport$/m);
    assert.ok(!existsSync(trace), 'a module of the folder ran');
  });

  test('verifies a server whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { certificate, key } = selfSigned(folder);
    const server = createServer({ cert: certificate, key }, (_request, response) => response.end('{}'));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as { readonly port: number };
    const { code, stderr } = await run(['pod', 'x'], { KUBECONFIG: kubeconfig('untrusted', port), NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    server.close();
    assert.equal(code, 1);
    assert.match(stderr, /certificate/i);
  });

  test('leaves nothing behind when its reader is slow and a pipe is full', async () => {
    // A cluster without pods: each of many names is not found, which makes a long report.
    const server = createHttpServer((request, response) => {
      const isList = request.url?.split('?')[0]?.endsWith('/pods') === true;
      const body = isList ? { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] } : { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404, message: 'not found' };
      response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as { readonly port: number };
    const names = Array.from({ length: 600 }, (_, i) => `nobody-${i}`);
    const child = spawn(binary, ['pod', ...names, '-o', 'json', '--server', `http://127.0.0.1:${port}`, '--kubeconfig', '/dev/null'], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
    // Longer than the program needs to have nothing left to do but to be read.
    await new Promise((done) => {
      setTimeout(done, 1500);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    server.close();
    const text = Buffer.concat(chunks).toString('utf8');
    assert.ok(text.length > 250_000, `${text.length} characters could fit into a pipe`);
    assert.equal((JSON.parse(text) as { readonly exitCode: number }).exitCode, 6);
  });

  test('does not let NODE_OPTIONS load a module or switch a flag', async () => {
    assert.equal((await run(['--version'], { NODE_OPTIONS: `--require ${preload}` })).code, 0);
    assert.ok(!existsSync(trace), 'the module was loaded');
    assert.equal((await run(['--version'], { NODE_OPTIONS: '--no-such-flag' })).code, 0);
  });
});
