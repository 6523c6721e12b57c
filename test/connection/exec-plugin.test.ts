import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { SpawnRequest, World } from '../../src/model/world.ts';
import { openPort } from '../../src/cluster/transport.ts';
import { execCredentials, execInfo } from '../../src/connection/exec-plugin.ts';
import type { ExecCluster } from '../../src/connection/exec-plugin.ts';
import type { ExecConfig } from '../../src/connection/kubeconfig.ts';
import { endpointTo, podA } from '../transport/endpoint.ts';
import { pod, sendJson, startServer } from '../transport/fake-server.ts';
import { makeAuthority, makeLeaf, skipWithoutOpenssl } from './certificates.ts';
import type { KeyPair } from './certificates.ts';
import { worldWith } from './world.ts';

const V1 = 'client.authentication.k8s.io/v1';

const config = (changes: Partial<ExecConfig> = {}): ExecConfig => ({ apiVersion: V1, command: 'plugin', args: ['get-token'], env: [], installHint: '', provideClusterInfo: false, interactiveMode: 'IfAvailable', ...changes });

const cluster: ExecCluster = { server: 'https://api.example', tlsServerName: null, insecure: false, ca: null, proxyUrl: null, disableCompression: false, config: undefined };

const says = (status: Readonly<Record<string, unknown>>): string => JSON.stringify({ kind: 'ExecCredential', apiVersion: V1, status });

interface Stage {
  readonly world: World;
  readonly runs: SpawnRequest[];
  now: number;
}

/** A World whose programs say what `answers` gives for the number of the run. */
const stage = (answers: (run: number) => string, changes: Partial<World> = {}): Stage => {
  const runs: SpawnRequest[] = [];
  const one: Stage = {
    runs,
    now: Date.parse('2026-01-01T00:00:00Z'),
    world: worldWith({
      env: { PATH: '/bin', SHARED: 'inherited', EMPTY: undefined },
      spawn: async (request) => {
        runs.push(request);
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
        return { exitCode: 0, signal: null, stdout: answers(runs.length) };
      },
      ...changes,
    }),
  };
  return { ...one, world: { ...one.world, clock: { ...one.world.clock, now: () => one.now } }, get now() { return one.now; }, set now(value) { one.now = value; } };
};

describe('an exec plugin', () => {
  test('runs once for all calls that need it at the same time, and not before the first', async () => {
    const { world, runs } = stage(() => says({ token: 't' }));
    const server = await startServer((_request, response) => {
      sendJson(response, pod('a'));
    });
    const port = openPort(endpointTo(server.url, { credentials: execCredentials(config(), cluster, world) }), world);
    assert.equal(runs.length, 0);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await port.get(podA)));
    assert.ok(answers.every((answer) => answer.ok));
    assert.equal(runs.length, 1);
    assert.ok(server.seen.every(({ headers }) => headers.authorization === 'Bearer t'));
    port.close();
  });

  test('keeps a credential without an end for ever, and one with an end until then', async () => {
    const lasting = stage(() => says({ token: 't' }));
    const credentials = execCredentials(config(), cluster, lasting.world);
    await credentials.current();
    lasting.now += 1e12;
    await credentials.current();
    assert.equal(lasting.runs.length, 1);

    const ending = stage((run) => says({ token: `t${run}`, expirationTimestamp: run === 1 ? '2026-01-01T00:10:00Z' : '2026-01-01T00:30:00Z' }));
    const short = execCredentials(config(), cluster, ending.world);
    await short.current();
    ending.now += 9 * 60_000;
    await short.current();
    assert.equal(ending.runs.length, 1);
    ending.now += 2 * 60_000;
    const second = await short.current();
    assert.equal(ending.runs.length, 2);
    assert.equal(second.ok && second.credential.authorization, 'Bearer t2');
  });

  test('runs again after a 401, once for all that got it, and each request is repeated once', async () => {
    const { world, runs } = stage((run) => says({ token: `t${run}` }));
    const server = await startServer((request, response) => {
      if (request.headers.authorization === 'Bearer t2') sendJson(response, pod('a'));
      else sendJson(response, { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }, 401);
    });
    const port = openPort(endpointTo(server.url, { credentials: execCredentials(config(), cluster, world) }), world);
    const answers = await Promise.all(Array.from({ length: 8 }, async () => await port.get(podA)));
    assert.ok(answers.every((answer) => answer.ok));
    assert.equal(runs.length, 2);
    assert.equal(server.seen.length, 16);
    port.close();
  });

  test('that gives the same token after a 401 does not make the request go round', async () => {
    const { world, runs } = stage(() => says({ token: 'same' }));
    const server = await startServer((_request, response) => {
      sendJson(response, { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }, 401);
    });
    const port = openPort(endpointTo(server.url, { credentials: execCredentials(config(), cluster, world) }), world);
    const answer = await port.get(podA);
    assert.ok(!answer.ok && answer.problem.kind === 'status' && answer.problem.httpStatus === 401);
    assert.deepEqual([runs.length, server.seen.length], [2, 1]);
    port.close();
  });

  test('gets the environment, its own variables and KUBERNETES_EXEC_INFO', async () => {
    const { world, runs } = stage(() => says({ token: 't' }));
    await execCredentials(config({ env: [{ name: 'SHARED', value: 'own' }] }), cluster, world).current();
    assert.deepEqual(runs[0]?.args, ['get-token']);
    assert.deepEqual(runs[0].env, { PATH: '/bin', SHARED: 'own', KUBERNETES_EXEC_INFO: `{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"interactive":false}}` });
    assert.equal(runs[0].stdin, 'none');
  });

  test('with provideClusterInfo learns of the cluster what client-go tells it', () => {
    const full: ExecCluster = { server: 'https://api.example', tlsServerName: 'name', insecure: false, ca: ['PEM'], proxyUrl: 'http://p', disableCompression: true, config: { audience: 'x' } };
    assert.deepEqual(JSON.parse(execInfo(config({ provideClusterInfo: true }), full, true)), {
      kind: 'ExecCredential',
      apiVersion: V1,
      spec: {
        cluster: {
          server: 'https://api.example',
          'tls-server-name': 'name',
          'certificate-authority-data': Buffer.from('PEM\n').toString('base64'),
          'proxy-url': 'http://p',
          'disable-compression': true,
          config: { audience: 'x' },
        },
        interactive: true,
      },
    });
  });

  for (const [mode, isTTY, stdin] of [
    ['IfAvailable', true, 'inherit'],
    ['IfAvailable', false, 'none'],
    ['Never', true, 'none'],
    ['Always', true, 'inherit'],
  ] as const) {
    test(`of interactiveMode ${mode} ${isTTY ? 'in a terminal' : 'without a terminal'} gets ${stdin === 'inherit' ? 'the terminal' : 'no input'}`, async () => {
      const source = { isTTY, readLine: async () => await Promise.resolve(null), readAll: async () => await Promise.resolve(new Uint8Array()) };
      const { world, runs } = stage(() => says({ token: 't' }), { stdin: source });
      assert.ok((await execCredentials(config({ interactiveMode: mode }), cluster, world).current()).ok);
      assert.equal(runs[0]?.stdin, stdin);
      assert.ok(runs[0].env['KUBERNETES_EXEC_INFO']?.includes(`"interactive":${stdin === 'inherit'}`));
    });
  }

  test('whose failure comes from its output never has that output in the message', async () => {
    for (const stdout of ['secret-output', '{"kind":"ExecCredential"}', says({ token: 'secret-output', clientKeyData: 'secret-output' }), says({ clientCertificateData: 'secret-output', clientKeyData: 'secret-output' })]) {
      const obtained = await execCredentials(config(), cluster, stage(() => stdout).world).current();
      assert.ok(!obtained.ok);
      assert.doesNotMatch(obtained.message, /secret-output/u);
    }
  });

  test('whose hint would change the terminal shows it as plain text', async () => {
    const world = worldWith({
      spawn: async () => {
        await Promise.resolve();
        throw Object.assign(new Error('spawn'), { code: 'ENOENT' });
      },
    });
    const obtained = await execCredentials(config({ installHint: 'Install\n\u001b[31mit\u0007 now' }), cluster, world).current();
    assert.deepEqual(obtained, { ok: false, message: 'getting credentials: exec: executable plugin not found: Install [31mit now' });
  });
});

describe('a certificate of an exec plugin', { skip: skipWithoutOpenssl }, () => {
  let ca: KeyPair;
  before(() => {
    ca = makeAuthority('plugin-ca');
  });

  test('that changes makes new connections, one that stays keeps them', async () => {
    const [one, two] = [makeLeaf(ca, { usage: 'clientAuth', commonName: 'one' }), makeLeaf(ca, { usage: 'clientAuth', commonName: 'two' })];
    const { cert, key } = makeLeaf(ca, { names: 'IP:127.0.0.1' });
    const server = await startServer(
      (_request, response) => {
        sendJson(response, pod('a'));
      },
      { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    );
    const made = stage((run) => {
      const pair = run < 3 ? one : two;
      return says({ clientCertificateData: pair.cert, clientKeyData: pair.key, expirationTimestamp: '2026-01-01T00:00:00Z' });
    });
    const credentials = execCredentials(config(), cluster, made.world);
    const port = openPort(endpointTo(server.url, { credentials, tls: { ca: [ca.cert], insecure: false, serverName: null } }), worldWith());
    for (const connections of [1, 1, 2]) {
      const answer = await port.get(podA);
      assert.ok(answer.ok, JSON.stringify(answer));
      made.now += 1000;
      assert.equal(server.connections(), connections);
    }
    assert.equal(made.runs.length, 3);
    port.close();
  });
});
