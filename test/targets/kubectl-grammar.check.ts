/**
 * Command lines beside the real kubectl: the same set of objects as `kubectl delete --dry-run=client`, or the same words of refusal. Needs a
 * real cluster (`npm run cluster -- up`, CLUSTER_NAME for another than the usual one); run with `node --test test/targets/kubectl-grammar.check.ts`.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect } from '../../src/connection/connect.ts';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { typeSlashName } from '../../src/model/ref.ts';
import { complete } from '../../src/options/complete.ts';
import { resolve } from '../../src/targets/resolve.ts';
import { openSources } from '../../src/targets/sources.ts';
import { openCluster } from '../cluster/cluster.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { worldWith } from '../connection/world.ts';
import { commandLines } from './grammar-lines.ts';
import { definitions, files, objectsOfNone, objectsOfOne, objectsOfTwo } from './grammar-objects.ts';

/** Objects as `NAMESPACE kind.group/name`, sorted, or the first sentence of the refusal. */
type Outcome = { readonly objects: readonly string[] } | { readonly refused: string };

const noIds = { allowable: new Set<string>(), known: new Set<string>(), checks: new Set<string>() };

const byKubectl = async (cluster: RealCluster, argv: readonly string[], kubeconfig: string, directory: string, input: string): Promise<Outcome> => {
  const { code, stdout, stderr } = await cluster.kubectl(['delete', '--dry-run=client', ...argv], { kubeconfig, input, env: { ...process.env, KUBECACHEDIR: join(directory, 'kubectl-cache'), PWD: directory }, cwd: directory });
  const objects = [...stdout.matchAll(/^(\S+) "(.*)" (?:force )?deleted(?: from (\S*) namespace)? \(dry run\)$/gmu)].map(([, kind = '', name = '', namespace = '']) => `${namespace} ${kind}/${name}`);
  if (code !== 0) return { refused: (stderr.split('\n').find((line) => line !== '' && !line.startsWith('Warning')) ?? '').replace(/^error: /u, '') };
  return { objects: [...new Set(objects)].toSorted() };
};

describe('command lines beside kubectl', () => {
  let cluster: RealCluster;
  let port: ClusterPort;
  let directory = '';
  let kubeconfig = '';
  let one = '';
  let two = '';
  let clientCalls = 0;

  const byThis = async (argv: readonly string[], input: string): Promise<Outcome> => {
    const options = complete(argv, {}, noIds);
    if (!options.ok) return { refused: options.error.message };
    assert.ok(options.value.command === 'delete');
    const { words, selection, connection } = options.value;
    const stdin = { isTTY: false, readLine: async () => await Promise.resolve(null), readAll: async () => await Promise.resolve(new TextEncoder().encode(input)) };
    const world = worldWith({ env: { PATH: `${cluster.binDir}:${process.env['PATH'] ?? ''}` }, workingDirectory: directory, stdin, spawn: async (r) => await worldWith().spawn({ ...r, args: r.args.map((a) => (a === 'kustom' ? join(directory, a) : a)) }) });
    const sources = openSources(world, port, { server: cluster.server, cacheDir: join(directory, 'our-cache') });
    const asked = { words, selection, namespace: connection.namespace ?? one, namespaceGiven: connection.namespace !== null };
    const resolved = await resolve(asked, port, sources, new AbortController().signal);
    clientCalls++;
    if (!resolved.ok) return { refused: resolved.error.kind === 'usage' ? resolved.error.message : JSON.stringify(resolved.error.problem) };
    const refs = [...resolved.value.targets.map((t) => t.ref), ...resolved.value.missing.map((m) => m.ref)];
    return { objects: [...new Set(refs.map((r) => `${r.namespace ?? ''} ${typeSlashName(r)}`))].toSorted() };
  };

  before(async () => {
    cluster = await openCluster(process.env['CLUSTER_NAME']);
    directory = await mkdtemp(join(tmpdir(), 'grammar-'));
    await cluster.apply(definitions);
    await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...definitions.map((d) => `crd/${(d['metadata'] as { readonly name: string }).name}`)]);
    [one, two] = await Promise.all([cluster.createNamespace('grammar-one'), cluster.createNamespace('grammar-two')]);
    kubeconfig = cluster.adminKubeconfig(one);
    for (const [path, text] of Object.entries(files(two))) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    await cluster.apply(objectsOfNone);
    await cluster.apply(objectsOfOne, one);
    await cluster.apply(objectsOfTwo, two);
    const world = worldWith({ env: { KUBECONFIG: kubeconfig } });
    const options = complete(['pod', 'x'], {}, noIds);
    assert.ok(options.ok && options.value.command === 'delete');
    const connected = await connect(options.value.connection, world);
    assert.ok(connected.ok);
    ({ port } = connected.value);
  });

  after(async () => {
    port.close();
    await cluster.deleteNamespace(one);
    await cluster.deleteNamespace(two);
    await cluster.kubectl(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...objectsOfNone, ...definitions] }) });
    await rm(directory, { recursive: true, force: true });
  });

  test('are many', () => assert.ok(commandLines.length >= 60, String(commandLines.length)));

  for (const { line, input, words } of commandLines) {
    test(line, async () => {
      const filled = line.replaceAll('TWO', two).replaceAll('ONE', one);
      const argv = [...filled.matchAll(/'([^']*)'|(\S+)/gu)].map((match) => match[1] ?? match[2] ?? '');
      const theirs = await byKubectl(cluster, argv, kubeconfig, directory, input);
      const ours = await byThis(argv, input);
      if ('objects' in theirs && words === undefined) {
        assert.deepEqual(ours, theirs);
        return;
      }
      assert.ok('refused' in ours && (words?.kubectlDeletes === true || 'refused' in theirs), `ours ${JSON.stringify(ours)}, kubectl ${JSON.stringify(theirs)}`);
      const said = 'refused' in theirs ? theirs.refused : '';
      assert.notEqual('refused' in theirs && said === '', true, 'kubectl failed and said nothing');
      if (words === undefined) assert.ok(ours.refused.startsWith(said.replace(/:$/u, '')), `ours "${ours.refused}", kubectl "${said}"`);
      else assert.match(ours.refused, words.ours, `kubectl "${said}"`);
    });
  }

  test('were resolved by this program', () => assert.ok(clientCalls >= 60));
});
