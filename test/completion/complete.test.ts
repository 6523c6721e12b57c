// The whole answer to a line, from a cluster and a kubeconfig that are made up.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { completeLine, LONGEST_MS, type Ways } from '../../src/completion/complete.ts';
import { connect } from '../../src/connection/connect.ts';
import { namesInKubeconfig } from '../../src/connection/load.ts';
import type { World } from '../../src/model/world.ts';
import { flagsWith, worldWith } from '../connection/world.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { drivenClock } from '../run/driven-clock.ts';

let cluster: Awaited<ReturnType<typeof startEmbedded>>;
let world: World;
const ways: Ways = { connect: async (flags, at) => await connect(flags, at), kubeconfig: namesInKubeconfig };
const complete = async (line: string): Promise<readonly string[]> => {
  const words = line.split(' ').map((word) => (word === '|' ? '' : word));
  const answer = await completeLine(words, world, ways);
  assert.match(answer, /:\d+\n$/);
  return answer.trimEnd().split('\n').map((text) => text.replace(/\t.*/, ''));
};

const container = { name: 'app', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '1000'] };
const create = async (namespace: string | null, resource: string, body: object): Promise<void> => {
  const connected = await connect(flagsWith(), world);
  assert.ok(connected.ok);
  const made = await connected.value.port.create({ group: '', version: 'v1', resource, namespace, name: null }, body);
  connected.value.port.close();
  assert.ok(made.ok);
};

before(async () => {
  cluster = await startEmbedded();
  world = worldWith({ env: { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: `${cluster.kubeconfig}.cache` } });
  await create(null, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  for (const name of ['web-1', 'web-2']) {
    await create('default', 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [container] } });
  }
  await create('shop', 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'till' }, spec: { containers: [container, { ...container, name: 'proxy' }], initContainers: [{ ...container, name: 'setup', command: ['true'] }] } });
});
after(async () => {
  await cluster.stop();
});

const never = async (): Promise<never> => await new Promise(() => undefined);

describe('objects', () => {
  test('types, and a subcommand where one may stand', async () => {
    assert.deepEqual(await complete('pods'), ['pods', ':4']);
    assert.deepEqual(await complete('ex'), ['explain', ':4']);
    assert.ok((await complete('|')).includes('deployments'));
  });
  test('a short name only where no plural begins with it', async () => {
    assert.deepEqual(await complete('sts'), ['sts', ':4']);
    assert.ok(!(await complete('po')).includes('po'));
  });
  test('the group where a dot is typed', async () => assert.deepEqual(await complete('deployments.'), ['deployments.apps', ':4']));
  test('the last type of a list', async () => assert.deepEqual(await complete('pods,statef'), ['pods,statefulsets', ':4']));
  test('names of the namespace of the context', async () => assert.deepEqual(await complete('pod |'), ['web-1', 'web-2', ':4']));
  test('names that begin so', async () => assert.deepEqual(await complete('pod web-2'), ['web-2', ':4']));
  test('names of the namespace of the line', async () => assert.deepEqual(await complete('-n shop pod |'), ['till', ':4']));
  test('no name twice', async () => assert.deepEqual(await complete('pod web-1 |'), ['web-2', ':4']));
  test('TYPE/NAME, no one twice', async () => {
    assert.deepEqual(await complete('pod/'), ['pod/web-1', 'pod/web-2', ':4']);
    assert.deepEqual(await complete('pod/web-1 pod/w'), ['pod/web-2', ':4']);
  });
  test('a type with its slash behind a TYPE/NAME, and no space after it', async () => assert.deepEqual(await complete('pod/web-1 statefulse'), ['statefulsets/', ':6']));
  test('no names of a type that there is not, and none with --all-namespaces', async () => {
    assert.deepEqual(await complete('nonsense |'), [':4']);
    assert.deepEqual(await complete('pods -A |'), [':4']);
  });
});

describe('values of flags', () => {
  test('namespaces', async () => assert.deepEqual(await complete('pod x -n sh'), ['shop', ':4']));
  test('contexts, clusters and users of the kubeconfig', async () => {
    for (const flag of ['context', 'cluster', 'user']) assert.notDeepEqual(await complete(`pod x --${flag} |`), [':4'], flag);
  });
  test('containers of the pod', async () => assert.deepEqual(await complete('-n shop pod/till --exit-code-from |'), ['app', 'proxy', 'setup', ':4']));
  test('checks to skip, codes to allow, each once in a list', async () => {
    assert.deepEqual(await complete('pod x --skip fin'), ['finalizers', ':4']);
    assert.deepEqual(await complete('pod x --allow forced-identity,zero-grace'), ['forced-identity,zero-grace-with-data', ':4']);
    assert.deepEqual(await complete('pod x --skip finalizers,fin'), [':4']);
  });
  test('formats, strategies, colours, and true or false', async () => {
    assert.deepEqual(await complete('pod x -o |'), ['json', 'ndjson', 'yaml', 'name', ':4']);
    assert.deepEqual(await complete('pod x --cascade=f'), ['foreground', ':4']);
    assert.deepEqual(await complete('pod x --dry-run=s'), ['server', ':4']);
    assert.deepEqual(await complete('pod x --color al'), ['always', ':4']);
    assert.deepEqual(await complete('pod x --wait='), ['true', 'false', ':4']);
  });
  test('files and folders are the business of the shell', async () => {
    assert.deepEqual(await complete('-f |'), [':0']);
    assert.deepEqual(await complete('-k |'), [':16']);
  });
  test('what is to be typed by hand is not offered', async () => assert.deepEqual(await complete('pod x --confirm |'), [':4']));
});

test('flags, none that is given already, none that this version does not have', async () => {
  const flags = await complete('pod x --yes --|');
  assert.ok(!flags.includes('--yes') && !flags.includes('--raw'));
  assert.deepEqual(await complete('pod x --dry'), ['--dry-run', ':4']);
  assert.deepEqual(await complete('pod x --dry-run --dry'), [':4']);
});

test('checks and codes to explain, and shells', async () => {
  assert.deepEqual(await complete('explain mirror'), ['mirror-pod', ':4']);
  assert.deepEqual(await complete('completion |'), ['bash', 'zsh', 'fish', ':4']);
});

describe('what goes wrong', () => {
  test('a kubeconfig that cannot be read, a server that refuses, a user without rights: nothing, and no word', async () => {
    const written: string[] = [];
    const mute = { isTTY: true, columns: () => 80, rows: () => 24, write: (text: string) => written.push(text) };
    const said = { ...world, stdout: mute, stderr: mute };
    for (const line of ['--kubeconfig /nonexistent pod ', '--server https://127.0.0.1:1 pod ', '--context nonsense pod ', '--token wrong-token pod ', 'pod x --context ']) {
      const answer = await completeLine(line.split(' '), said, { ...ways, kubeconfig: async (_explicit, at) => await namesInKubeconfig('/nonexistent', at) });
      assert.equal(answer, ':4\n', line);
    }
    assert.deepEqual(written, []);
  });

  test('a server that does not answer: nothing, after a second and a half', async () => {
    const clock = drivenClock(0);
    let closed = false;
    const port = { list: never, get: never, raw: never, close: () => { closed = true; } } as unknown as ClusterPort;
    const context = { name: 'c', cluster: 'c', server: 'https://c', user: 'u', namespace: 'default' };
    let answer: string | null = null;
    void completeLine(['pod', ''], { ...world, clock }, { ...ways, connect: async () => await Promise.resolve({ ok: true, value: { port, context } }) }).then((text) => {
      answer = text;
    });
    await clock.advance(LONGEST_MS - 1);
    assert.equal(answer, null);
    await clock.advance(1);
    assert.equal(answer, ':4\n');
    assert.ok(closed);
    assert.equal(clock.pending(), 0);
  });

  test('names that hide what they are', async () => {
    const names = ['plain', 'bell\u0007', 'line\nbreak', 'tab\tbed', '\u202ereversed', ''];
    const answer = await completeLine(['pod', 'x', '--context', ''], world, { ...ways, kubeconfig: async () => await Promise.resolve({ context: names, cluster: [], user: [] }) });
    assert.equal(answer, 'plain\n:4\n');
  });
});
