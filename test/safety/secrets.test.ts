/** Marked secrets everywhere a run could meet one, and a search for them in all that it says, writes and starts. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EmbeddedCluster } from '../embedded/embedded.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { inProcess } from '../embedded/in-process.ts';
import { Manifests, onTerm } from '../scenario/manifests.ts';
import { runMain } from './stage.ts';
import type { Said, Scene } from './stage.ts';

/** Every secret has it, as it is; base64 of it is searched for at each of its three offsets. */
const MARK = 'zZsEcReTzZ';
const asBase64 = [0, 1, 2].map((shift) => Buffer.from(`${'x'.repeat(shift)}${MARK}`).toString('base64').slice(shift === 0 ? 0 : 4, -4));
const holds = (text: string): boolean => text.includes(MARK) || asBase64.some((form) => text.includes(form));

/** Everything that runs wrote below a folder. */
const searched = (folder: string): void => {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) assert.ok(!holds(readFileSync(join(entry.parentPath, entry.name), 'utf8')), `${entry.name} holds a secret`);
  }
};

const server401 = async (): Promise<{ readonly url: string; readonly close: () => void; readonly asked: string[] }> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${JSON.stringify(request.headers)}`);
    // It repeats what it was sent, as a careless proxy would.
    response.writeHead(request.url?.startsWith('/moved') === true ? 302 : 401, { 'content-type': 'text/plain', location: '/again' }).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close: () => { server.closeAllConnections(); server.close(); } };
};

describe('a run never shows a secret', { concurrency: 1 }, () => {
  let cluster: EmbeddedCluster;
  let other: Awaited<ReturnType<typeof server401>>;
  const home = mkdtempSync(join(tmpdir(), 'secrets-'));
  const written = join(home, 'written');
  let kubeconfig = '';

  const file = (name: string, text: string, mode = 0o600): string => {
    writeFileSync(join(home, name), text, { mode });
    return join(home, name);
  };
  const run = async (argv: readonly string[], scene: Partial<Scene> = {}): Promise<Said> => {
    const said = await runMain([...argv, '--cache-dir', join(written, 'cache')], { home, kubeconfig, ...scene });
    for (const [stream, text] of Object.entries({ stdout: said.stdout, stderr: said.stderr })) {
      const at = Math.max(0, text.indexOf(MARK) - 80);
      assert.ok(!holds(text), `${argv.join(' ').replaceAll(MARK, 'MARK')}: ${stream} shows a secret: ${text.slice(at, at + 200)}`);
    }
    for (const { command, args } of said.spawned) assert.ok(!holds([command, ...args].join(' ')), `${command} was started with a secret among its arguments`);
    return said;
  };
  before(async () => {
    cluster = await startEmbedded();
    other = await server401();
    mkdirSync(written);
    const send = inProcess(cluster);
    const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });
    const inShop = async (plural: string, object: { readonly metadata: object }): Promise<void> => {
      const answer = await send('POST', `/api/v1/namespaces/shop/${plural}`, { ...object, metadata: { ...object.metadata, namespace: 'shop' } });
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
    };
    await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await inShop('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } } as { metadata: object });
    const data = { password: Buffer.from(MARK).toString('base64') };
    for (const name of ['used', 'alone', 'third']) await inShop('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data }) } }, data } as { metadata: object });
    for (const name of ['p1', 'p2', 'p3', 'p4']) {
      const pod = make.pod(name, { grace: 1, containers: [{ command: onTerm(0) }] });
      await inShop('pods', { ...pod, spec: { ...(pod as { readonly spec?: object }).spec, volumes: [{ name: 's', secret: { secretName: 'used' } }] } } as { metadata: object });
    }
    cluster.user(`token-${MARK}`, [], ['system:masters']);
    const config = JSON.parse(readFileSync(cluster.user(`token-${MARK}`, [], ['system:masters']), 'utf8')) as { readonly clusters: readonly { readonly cluster: object }[] };
    const embedded = config.clusters[0]?.cluster ?? {};
    const exec = (command: string): object => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', env: [{ name: 'HIDDEN', value: `env-${MARK}` }] } });
    const script = (name: string, text: string): string => file(name, `#!/bin/sh\n${text}\n`, 0o755);
    const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token: `token-${MARK}` } });
    const users = {
      token: { token: `token-${MARK}` }, wrong: { token: `wrong-${MARK}` }, basic: { username: 'jane', password: `password-${MARK}` },
      key: { 'client-certificate-data': Buffer.from(`-----BEGIN CERTIFICATE-----\n${MARK}`).toString('base64'), 'client-key-data': Buffer.from(`-----BEGIN PRIVATE KEY-----\n${MARK}`).toString('base64') },
      tokenFile: { tokenFile: file('token', `token-${MARK}`) },
      oidc: { 'auth-provider': { name: 'oidc', config: { 'id-token': `id-${MARK}`, 'refresh-token': `refresh-${MARK}`, 'client-secret': `client-${MARK}`, 'idp-issuer-url': `https://user:${MARK}@127.0.0.1:1` } } },
      gcp: { 'auth-provider': { name: 'gcp', config: { 'access-token': MARK } } },
      exec: exec(script('good', `echo '${credential}'`)),
      execFails: exec(script('fails', `echo '${credential}'; exit 3`)),
      execJunk: exec(script('junk', `echo 'token: ${MARK}'; echo '{${MARK}'`)),
      execOther: exec(script('other', `echo '${credential.replace('/v1"', '/v1beta1"')}'`)),
      execNoTime: exec(script('time', `echo '${credential.replace('"token"', `"expirationTimestamp":"${MARK}","token"`)}'`)),
    };
    const clusters = {
      embedded, proxied: { ...embedded, server: 'https://far.example.test:6443', 'proxy-url': `http://user:proxy-${MARK}@127.0.0.1:1` }, socks: { ...embedded, server: 'https://far.example.test', 'proxy-url': `socks5://user:proxy-${MARK}@127.0.0.1:1` },
      refusing: { server: `http://${other.url}` }, inUrl: { server: `http://user:url-${MARK}@${other.url}` }, badUrl: { server: `https://user:url-${MARK}@host:port:x` }, badProxy: { server: `http://${other.url}`, 'proxy-url': `ftp://user:proxy-${MARK}@x` },
    };
    const contexts = Object.keys(clusters).flatMap((c) => Object.keys(users).map((u) => ({ name: `${c}/${u}`, context: { cluster: c, user: u, namespace: 'shop' } })));
    kubeconfig = file('config', JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: Object.entries(clusters).map(([name, cluster_]) => ({ name, cluster: cluster_ })), users: Object.entries(users).map(([name, user]) => ({ name, user })), contexts, 'current-context': 'embedded/token' }));
  });
  after(async () => {
    other.close();
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('the marks are found where they are', () => {
    assert.ok(holds(readFileSync(kubeconfig, 'utf8')));
    for (const shift of ['', 'a', 'bc', 'def']) assert.ok(holds(Buffer.from(`${shift}${MARK}yy`).toString('base64')), shift);
  });

  test('in whole runs: a pod that mounts a Secret, a Secret itself, with each output and -v=9', async () => {
    const gone = await run(['pod', 'p1', '-y', '-v=9', '-o', 'json']);
    assert.equal(gone.code, 0, gone.stderr);
    const human = await run(['pod', 'p2', '-y', '-v=6', '--logs'], { columns: 80 });
    assert.equal(human.code, 0, human.stderr);
    for (const output of ['json', 'ndjson', 'yaml', 'name']) await run(['secret', 'used', '--dry-run', '-o', output, '-v=9']);
    await run(['secret', 'used']);
    const secret = await run(['secret', 'alone', '-y', '--confirm', 'alone', '-o', 'json', '-v=9', '--report', `junit=${join(written, 'r.xml')}`, '--report', `markdown=${join(written, 'r.md')}`]);
    assert.equal(secret.code, 0, secret.stderr);
    searched(written);
  });

  test('of users: each kind of credential, accepted, refused, and broken', async () => {
    for (const user of ['token', 'tokenFile', 'exec']) assert.equal((await run(['pod', 'p3', '--dry-run=client', '-v=9', '--context', `embedded/${user}`])).code, 3);
    for (const user of ['wrong', 'basic', 'key', 'oidc', 'gcp', 'execFails', 'execJunk', 'execOther', 'execNoTime']) {
      for (const where of ['embedded', 'refusing']) for (const argv of [['-v=9'], ['-o', 'json']]) {
        const said = await run(['pod', 'p3', '--dry-run=client', '--check-timeout=2s', '--context', `${where}/${user}`, ...argv]);
        assert.notEqual(said.code, 0, `${where}/${user}`);
      }
    }
  });

  test('of servers and proxies whose URL holds a password', async () => {
    for (const where of ['proxied', 'socks', 'inUrl', 'badUrl', 'badProxy']) for (const argv of [['-v=9'], ['-o', 'json']]) assert.equal((await run(['pod', 'p3', '--dry-run=client', '--context', `${where}/token`, ...argv])).code, 1, where);
    for (const name of ['HTTPS_PROXY', 'https_proxy']) await run(['pod', 'p3', '--dry-run=client', '--server', 'https://far.example.test', '--context', 'refusing/token', '-v=9'], { env: { [name]: `http://user:${MARK}@127.0.0.1:1` } });
    for (const url of [`http://user:${MARK}@${other.url}`, `https://user:${MARK}@127.0.0.1:1`, `user:${MARK}@host:1/x`, `ftp://user:${MARK}@host`, `http://user:${MARK}@`]) await run(['pod', 'p3', '--dry-run=client', '--server', url, '-o', 'json', '-v=9']);
  });

  test('of -f with a URL that holds a password; and no credential of the cluster goes there', async () => {
    other.asked.splice(0);
    for (const path of ['/x.yaml', '/moved']) await run(['-f', `http://user:${MARK}@${other.url}${path}`, '--dry-run', '-o', 'json']);
    await run(['-f', `http://${other.url}/x.yaml`, '--dry-run']);
    await run(['-f', `http://user:${MARK}@host:port/`, '--dry-run']);
    await run(['-f', `http://user:${MARK}@127.0.0.1:1/x.yaml`, '--dry-run']);
    assert.ok(other.asked.length >= 2);
    for (const asked of other.asked) assert.doesNotMatch(asked, /bearer|token-/iu);
  });

  test('of flags, mistyped ones too', async () => {
    for (const argv of [['--token', MARK], [`--token=${MARK}`, '--context', 'refusing/wrong'], ['--username', 'jane', '--password', MARK, '--context', 'refusing/basic'], [`--tokem=${MARK}`], [`--password=${MARK}`, '--grace-period=x'], ['--token', MARK, '--force', '--grace-period=3']]) await run(['pod', 'p3', '--dry-run=client', ...argv, '-v=9']);
  });

  test('of a kubeconfig that cannot be read', async () => {
    for (const text of [`users:\n- name: u\n  user:\n    token: [${MARK}]\n`, `users:\n- name: u\n  user:\n    token: "${MARK}\n`, `users:\n- name: u\n  user: ${MARK}\n`, `{"users":[{"name":"u","user":{"client-key-data":"${MARK}!"}}]}`, `token: ${MARK}: ${MARK}`, MARK, `- ${MARK}`, `users:\n- user: {password: ${MARK}, password: @${MARK}}\n`, `users:\n- name: u\n  user:\n    exec: {command: c, env: [{name: a, value: {x: ${MARK}}}]}\n`]) {
      assert.equal((await run(['pod', 'p3', '--dry-run=client'], { kubeconfig: file('broken', text) })).code, 1, text.replaceAll(MARK, 'MARK'));
    }
  });

  test('of what is saved: no Secret without --save-secrets, and with it nobody else may read it', async () => {
    const saved = await run(['pod/p4', 'secret/third', '-y', '--confirm', '2', '--save', join(written, 'without'), '-o', 'json']);
    assert.equal(saved.code, 0, `${saved.stdout} ${saved.stderr}`);
    searched(written);
    const used = await run(['secret', 'used', '-y', '--confirm', 'used', '--save', join(home, 'with'), '--save-secrets', '-o', 'json']);
    assert.equal(used.code, 0, `${used.stdout} ${used.stderr}`);
    const files = readdirSync(join(home, 'with'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    assert.ok(files.some((f) => holds(readFileSync(join(f.parentPath, f.name), 'utf8'))), 'it was asked for');
    for (const f of files) assert.equal(statSync(join(f.parentPath, f.name)).mode & 0o777, 0o600, f.name);
    assert.equal(statSync(join(home, 'with')).mode & 0o077, 0);
  });
});
