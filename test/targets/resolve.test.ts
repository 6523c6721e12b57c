import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, ListOptions, Problem, ResourcePath } from '../../src/cluster/port.ts';
import type { Discovery } from '../../src/discovery/documents.ts';
import { fail, ok } from '../../src/model/result.ts';
import { typeSlashName } from '../../src/model/ref.ts';
import type { KubeList, KubeObject } from '../../src/model/wire.ts';
import type { SelectionFlags } from '../../src/options/options.ts';
import type { DiscoverySource } from '../../src/targets/discovery-source.ts';
import { manifestsIn } from '../../src/targets/manifests.ts';
import { resolve } from '../../src/targets/resolve.ts';
import type { ResolveError, Resolved, ResolveInput } from '../../src/targets/resolve.ts';
import { served } from '../discovery/recorded.ts';

const signal = new AbortController().signal;
const group = 'grammar.safe-delete.test';

const status = (httpStatus: number, reason: string, message: string, name = ''): Problem => ({ kind: 'status', httpStatus, reason, message, details: { name }, retryAfterSeconds: null });
const denied = (what: string): Problem => status(403, 'Forbidden', `${what} is forbidden`);

interface Placed {
  readonly path: string;
  readonly object: KubeObject;
}

const at = (path: Omit<ResourcePath, 'name' | 'version'> & { readonly name: string }): string => `${path.group}/${path.resource} ${path.namespace ?? ''}/${path.name}`;

/** `pods ns/name` or `widgets.group ns/name`, then `#uid`; no namespace: cluster-scoped. Without an uid it is the text itself. */
const placed = (all: string): Placed => {
  const [text = '', uid = text] = all.split('#');
  const [type = '', place = ''] = text.split(' ');
  const [namespace = '', name = ''] = place.includes('/') ? place.split('/') : ['', place];
  const [resource = '', ...rest] = type.split('.');
  return { path: `${rest.join('.')}/${resource} ${namespace}/${name}`, object: { metadata: { name, uid, ...(namespace === '' ? {} : { namespace }) } } };
};

interface Cluster {
  readonly objects?: readonly string[];
  /** `get`, `list` or `list pods`. */
  readonly denied?: readonly string[];
  readonly namespaces?: readonly string[];
  /** Types whose path is not there. */
  readonly unserved?: readonly string[];
  readonly pageSize?: number;
  /** So many continued lists are too old. */
  readonly expired?: number;
  readonly kept?: Discovery;
  readonly fresh?: Discovery;
  readonly files?: string;
  /** Resolved twice: what is there the second time. */
  readonly second?: readonly string[];
}

interface Ran {
  readonly requests: readonly string[];
  readonly result: Awaited<ReturnType<typeof resolve>>;
}

const noFlags: SelectionFlags = { labelSelector: null, fieldSelector: null, all: false, allNamespaces: false, filenames: [], kustomize: null, recursive: false };

const run = async (words: string, cluster: Cluster = {}, flags: Partial<SelectionFlags> = {}, input: Partial<ResolveInput> = {}): Promise<Ran> => {
  const requests: string[] = [];
  let objects = (cluster.objects ?? []).map(placed);
  const namespaces = cluster.namespaces ?? ['shop', 'other'];
  let expired = cluster.expired ?? 0;
  const reader = {
    get: async (path: ResourcePath): Promise<Answer<KubeObject>> => {
      const name = path.name ?? '';
      requests.push(`get ${path.resource} ${path.namespace === null ? '' : `${path.namespace}/`}${name}`);
      if (cluster.denied?.includes('get') === true) return await Promise.resolve(fail2(denied('get')));
      if (cluster.unserved?.includes(path.resource) === true) return fail2(status(404, 'NotFound', 'the server could not find the requested resource'));
      if (path.resource === 'namespaces') return namespaces.includes(name) ? { ok: true, value: { metadata: { name, uid: name } }, warnings: [] } : fail2(status(404, 'NotFound', `namespaces "${name}" not found`, name));
      const found = objects.find((o) => o.path === at({ ...path, name }));
      return found === undefined ? fail2(status(404, 'NotFound', `${path.resource} "${name}" not found`, name)) : { ok: true, value: { ...found.object, kind: 'FromTheServer' }, warnings: ['careful'] };
    },
    list: async (path: ResourcePath, options: ListOptions = {}): Promise<Answer<KubeList>> => {
      const selectors = [options.labelSelector, options.fieldSelector].filter((s) => s !== undefined).join(' ');
      requests.push(`list ${path.resource} ${path.namespace ?? '*'}${selectors === '' ? '' : ` ${selectors}`}${options.continue === undefined ? '' : ' continued'}${options.metadataOnly === true ? ' names' : ''}`);
      if (cluster.denied?.some((d) => d === 'list' || d === `list ${path.resource}`) === true) return await Promise.resolve(fail2(denied('list')));
      if (cluster.unserved?.includes(path.resource) === true) return fail2(status(404, 'NotFound', 'the server could not find the requested resource'));
      if (options.continue !== undefined && expired > 0) {
        expired -= 1;
        return fail2(status(410, 'Expired', 'too old'));
      }
      const all = objects.filter((o) => o.path.startsWith(`${path.group}/${path.resource} `) && (path.namespace === null || o.object.metadata.namespace === path.namespace)).map((o) => o.object);
      const from = Number(options.continue ?? 0);
      const to = from + (cluster.pageSize ?? options.limit ?? all.length);
      const rest = all.length - to;
      return { ok: true, value: { items: all.slice(from, to), metadata: rest > 0 ? { continue: String(to), remainingItemCount: rest } : {} }, warnings: [] };
    },
  };
  const discovery: DiscoverySource = {
    current: async () => {
      requests.push('discovery');
      return await Promise.resolve(ok(cluster.kept ?? served));
    },
    fresh: async () => {
      requests.push('fresh discovery');
      return await Promise.resolve(ok(cluster.fresh ?? served));
    },
  };
  const sources = {
    discovery,
    remembered: { matched: null },
    manifests: async () => {
      const found = await manifestsIn(cluster.files ?? '', 'FILE');
      return found.ok ? found : fail({ code: 'unreadable-file', message: found.error, remedy: null });
    },
  };
  if (cluster.second !== undefined) {
    const first = { words: words.split(' '), selection: { ...noFlags, ...flags }, namespace: 'shop', namespaceGiven: false };
    assert.ok((await resolve(first, reader, sources, signal)).ok);
    objects = cluster.second.map(placed);
    requests.length = 0;
  }
  const asked = { words: words.split(' ').filter((w) => w !== ''), selection: { ...noFlags, ...flags }, namespace: 'shop', namespaceGiven: false, ...input };
  return { result: await resolve(asked, reader, sources, signal), requests };
};

const fail2 = (problem: Problem): { readonly ok: false; readonly problem: Problem } => ({ ok: false, problem });

const resolved = ({ result }: Ran): Resolved => {
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.error));
  return result.value;
};
const refused = ({ result }: Ran): Extract<ResolveError, { kind: 'usage' }> => {
  assert.ok(!result.ok && result.error.kind === 'usage', JSON.stringify(result));
  return result.error;
};
const targets = (ran: Ran): readonly string[] => resolved(ran).targets.map((t) => `${t.ref.namespace ?? ''} ${typeSlashName(t.ref)}`);
const missing = (ran: Ran): readonly string[] => resolved(ran).missing.map((m) => m.message);

const pods = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `pods shop/p${i}`);

describe('names', () => {
  test('of a built-in type take one GET each and no discovery', async () => {
    const ran = await run('pod b a', { objects: ['pods shop/a', 'pods shop/b'] });
    assert.deepEqual(ran.requests, ['get pods shop/b', 'get pods shop/a']);
    assert.deepEqual(targets(ran), ['shop pod/b', 'shop pod/a']);
    assert.equal(resolved(ran).targets[0]?.ref.uid, 'pods shop/b');
    assert.deepEqual([resolved(ran).nothingMatched, resolved(ran).notes, resolved(ran).apiWarnings], [false, [], ['careful', 'careful']]);
  });

  test('that do not exist stop nobody else', async () => {
    const ran = await run('pod a x', { objects: ['pods shop/a'] });
    assert.deepEqual([targets(ran), missing(ran)], [['shop pod/a'], ['pods "x" not found']]);
    assert.equal(resolved(ran).missing[0]?.ref.uid, null);
  });

  test('that mean one object are one target', async () => {
    const ran = await run('pod/a po/a pods.v1./a', { objects: ['pods shop/a'] });
    assert.deepEqual(targets(ran), ['shop pod/a']);
    assert.deepEqual(ran.requests.filter((r) => r.startsWith('get')), ['get pods shop/a']);
  });

  test('of several types keep their order', async () => {
    const ran = await run(`widget/w gadget/g pod/a`, { objects: ['pods shop/a', `widgets.${group} shop/w`, `gadgets.${group} g`] });
    assert.deepEqual(targets(ran), [`shop widget.${group}/w`, ` gadget.${group}/g`, 'shop pod/a']);
  });

  test('up to four of a kind are read one by one, more by one LIST', async () => {
    assert.deepEqual((await run('pod p0 p1 p2 p3', { objects: pods(5) })).requests, ['get pods shop/p0', 'get pods shop/p1', 'get pods shop/p2', 'get pods shop/p3']);
    const ran = await run('pod p4 p0 p1 p2 p3 x', { objects: pods(5) });
    assert.deepEqual(ran.requests, ['list pods shop']);
    assert.deepEqual(targets(ran), ['shop pod/p4', 'shop pod/p0', 'shop pod/p1', 'shop pod/p2', 'shop pod/p3']);
    assert.deepEqual(missing(ran), ['pods "x" not found']);
  });

  test('are read one by one when the list is denied', async () => {
    const ran = await run('pod p0 p1 p2 p3 p4', { objects: pods(5), denied: ['list'] });
    assert.equal(ran.requests.length, 6);
    assert.equal(targets(ran).length, 5);
  });

  test('are asked for when more pages would cost more', async () => {
    const ran = await run('pod p0 p1 p2 p1998 p1999', { objects: pods(2000) });
    assert.deepEqual(ran.requests, ['list pods shop', 'get pods shop/p1998', 'get pods shop/p1999']);
    assert.equal(targets(ran).length, 5);
  });

  test('of a list have what a GET would say of their kind', async () => {
    const [target] = resolved(await run('pod p0 p1 p2 p3 p4', { objects: pods(5) })).targets;
    assert.deepEqual([target?.object.apiVersion, target?.object.kind], ['v1', 'Pod']);
  });

  test('in a namespace that does not exist say so', async () => {
    const ran = await run('pod a', {}, {}, { namespace: 'gone' });
    assert.deepEqual(missing(ran), ['pods "a" not found: namespaces "gone" not found']);
    assert.deepEqual(resolved(ran).notes, []);
  });

  test('across all namespaces are refused, unless they are in none', async () => {
    assert.equal(refused(await run('pod a', {}, { allNamespaces: true })).message, 'a resource cannot be retrieved by name across all namespaces');
    assert.deepEqual(targets(await run('gadget g', { objects: [`gadgets.${group} g`] }, { allNamespaces: true })), [` gadget.${group}/g`]);
  });

  test('of a cluster-scoped kind with -n are said to be in no namespace', async () => {
    const cluster = { objects: [`gadgets.${group} g`] };
    assert.deepEqual(resolved(await run('gadget g', cluster, {}, { namespaceGiven: true })).notes, ['deleting cluster-scoped resources, not scoped to the provided namespace']);
    assert.deepEqual(resolved(await run('gadget g', cluster)).notes, []);
  });

  test('that cannot be read stop everything', async () => {
    const { result } = await run('pod a b', { objects: ['pods shop/a'], denied: ['get'] });
    assert.ok(!result.ok && result.error.kind === 'problem');
  });

  test('that no path can hold are never sent', async () => {
    const ran = await run('pod ..');
    assert.equal(refused(ran).code, 'bad-name');
    assert.deepEqual(ran.requests, []);
  });

  test('under a category are refused', async () => assert.equal(refused(await run('all a')).message, 'you must specify only one resource'));
});

describe('selections', () => {
  test('take one LIST a kind, in order', async () => {
    const ran = await run('svc,pods', { objects: ['pods shop/a', 'pods other/b', 'services shop/s'] }, { labelSelector: 'app=web' });
    assert.deepEqual(ran.requests, ['list services shop app=web', 'list pods shop app=web']);
    assert.deepEqual(targets(ran), ['shop service/s', 'shop pod/a']);
  });

  test('of all namespaces say where each object is', async () => {
    const ran = await run('pods', { objects: ['pods shop/a', 'pods other/a'] }, { all: true, allNamespaces: true });
    assert.deepEqual(ran.requests, ['list pods *']);
    assert.deepEqual(targets(ran), ['shop pod/a', 'other pod/a']);
  });

  test('are read to the last page', async () => {
    const ran = await run('pods', { objects: pods(5), pageSize: 2 }, { all: true });
    assert.deepEqual(ran.requests, ['list pods shop', 'list pods shop continued', 'list pods shop continued']);
    assert.equal(targets(ran).length, 5);
  });

  test('begin again when a page is too old, but not for ever', async () => {
    assert.equal(targets(await run('pods', { objects: pods(3), pageSize: 2, expired: 2 }, { all: true })).length, 3);
    const { result } = await run('pods', { objects: pods(3), pageSize: 2, expired: 10 }, { all: true });
    assert.ok(!result.ok && result.error.kind === 'problem');
  });

  test('that match nothing say so, and whether the namespace exists', async () => {
    const ran = await run('pods', {}, { all: true });
    assert.deepEqual([resolved(ran).nothingMatched, resolved(ran).notes], [true, []]);
    const nowhere = await run('pods', {}, { all: true }, { namespace: 'gone' });
    assert.deepEqual([resolved(nowhere).nothingMatched, resolved(nowhere).notes], [true, ['namespaces "gone" not found']]);
  });

  test('do not read what Secrets hold', async () => assert.deepEqual((await run('secrets', {}, { all: true }, { namespace: 'other' })).requests[0], 'list secrets other names'));

  test('with a list that is denied stop everything: half of a selection is not what was asked', async () => {
    const { result } = await run('pods,svc', { objects: ['pods shop/a'], denied: ['list services'] }, { all: true });
    assert.ok(!result.ok && result.error.kind === 'problem');
  });

  test('of a category name each object once', async () => {
    const ran = await run('all', { objects: ['pods shop/a', 'deployments.apps shop/d', `widgets.${group} shop/w`] }, { all: true });
    assert.deepEqual(targets(ran), ['shop pod/a', 'shop deployment.apps/d', `shop widget.${group}/w`]);
    assert.deepEqual(resolved(ran).notes, ['"all" may be more than this: types in stale.safe-delete.test/v1 could not be read, because their API servers do not answer']);
  });

  test('one object under two groups is one target', async () => {
    const ran = await run('events,events.events.k8s.io', { objects: ['events shop/e#1', 'events.events.k8s.io shop/e#1', 'events shop/f#2'] }, { all: true });
    assert.deepEqual(targets(ran), ['shop event/e', 'shop event/f']);
  });

  test('looked at again are the same objects: not what came meanwhile, and what went is not missing', async () => {
    const ran = await run('pods', { objects: ['pods shop/a', 'pods shop/b', 'pods shop/c'], second: ['pods shop/a', 'pods shop/b#new', 'pods shop/d'] }, { all: true });
    assert.deepEqual(ran.requests, ['get pods shop/a', 'get pods shop/b', 'get pods shop/c']);
    assert.deepEqual(resolved(ran).targets.map((t) => t.ref.uid), ['pods shop/a', 'new']);
    assert.deepEqual(missing(ran), []);
  });

  test('in one namespace and in all are refused', async () => {
    assert.equal(refused(await run('pods', {}, { all: true, allNamespaces: true }, { namespaceGiven: true })).code, 'conflicting-arguments');
  });
});

describe('types', () => {
  const without: Discovery = { ...served, groups: served.groups.filter((g) => g.name !== group) };

  test('that are not known are asked for afresh before they are called unknown', async () => {
    const found = await run('widget w', { kept: without, objects: [`widgets.${group} shop/w`] });
    assert.deepEqual(found.requests, ['discovery', 'fresh discovery', 'get widgets shop/w']);
    const unknown = await run('nothing.v1.example x', { kept: without, fresh: { ...without, stale: [] } });
    assert.equal(refused(unknown).message, 'the server doesn\'t have a resource type "nothing"');
    assert.equal(refused(unknown).code, 'unknown-type');
  });

  for (const [word, remedy] of [
    ['deploymnt', /^did you mean deployment\?/],
    ['configmps', /^did you mean configmaps\?/],
    ['delete', /^leave out delete: kubectl safe-delete TYPE NAME$/],
    ['web-1', /^write TYPE NAME or TYPE\/NAME/],
  ] as const)
    test(`that are misspelt have a near one: ${word}`, async () => {
      const unknown = refused(await run(`${word} x`, { fresh: { ...served, stale: [] } }));
      assert.match('remedy' in unknown ? String(unknown.remedy) : '', remedy);
    });

  test('that are unknown say which groups could not be read', async () => assert.match(refused(await run('nothing x')).message, /could not say which types it has in stale\.safe-delete\.test\/v1/));

  test('that are not served any more are looked up again', async () => {
    const ran = await run('widget w', { unserved: ['widgets'], fresh: { ...without, stale: [] } });
    assert.deepEqual(ran.requests, ['discovery', 'get widgets shop/w', 'fresh discovery']);
    assert.equal(refused(ran).code, 'unknown-type');
  });

  test('that answer a bare 404 stop the run: that no such object exists was not said', async () => {
    const { result } = await run('widget w', { unserved: ['widgets'] });
    assert.ok(!result.ok && result.error.kind === 'problem' && result.error.problem.kind === 'status');
    assert.equal(result.error.problem.message, 'the server could not find the requested resource');
  });

  test('without a name are refused, unknown ones first', async () => {
    assert.equal(refused(await run('pods')).message, 'resource(s) were provided, but no name was specified');
    assert.equal(refused(await run('nothing')).code, 'unknown-type');
  });

  test('with a short name that has two meanings say so', async () => {
    assert.deepEqual(resolved(await run('zz a', { objects: [`alphas.a.${group} shop/a`] })).notes, [`short name "zz" could also match lower priority resource omegas.b.${group}`]);
  });
});

const file = (apiVersion: string, kind: string, name: string, namespace?: string): string => `---\n${JSON.stringify({ apiVersion, kind, metadata: { name, namespace, labels: { app: name } } })}\n`;
const filed = async (files: string, objects: readonly string[], flags: Partial<SelectionFlags> = {}, input: Partial<ResolveInput> = {}): Promise<Ran> => await run('', { files, objects }, { filenames: ['FILE'], ...flags }, input);

describe('files', () => {
  test('name objects in their own namespace, or in that of the command', async () => {
    const ran = await filed(file('v1', 'Pod', 'a') + file('v1', 'Pod', 'b', 'other') + file(`${group}/v1`, 'Gadget', 'g', 'ignored'), ['pods shop/a', 'pods other/b', `gadgets.${group} g`]);
    assert.deepEqual(targets(ran), ['shop pod/a', 'other pod/b', ` gadget.${group}/g`]);
  });

  test('of built-in kinds need no discovery', async () => assert.deepEqual((await filed(file('apps/v1', 'Deployment', 'd'), ['deployments.apps shop/d'])).requests, ['get deployments shop/d']));

  test('have to agree with -n', async () => {
    const ran = await filed(file('v1', 'Pod', 'b', 'other'), ['pods other/b'], {}, { namespaceGiven: true });
    assert.equal(refused(ran).message, `the namespace from the provided object "other" does not match the namespace "shop". You must pass '--namespace=other' to perform this operation.`);
  });

  test('in a version that is not served are refused', async () => {
    assert.match(refused(await filed(file('apps/v1beta1', 'Deployment', 'd', 'n'), [])).message, /^resource mapping not found for name: "d" namespace: "n" from "FILE": no matches for kind "Deployment" in version "apps\/v1beta1"/);
  });

  test('are read in the version that they name', async () => {
    const [target] = resolved(await filed(file(`${group}/v1beta1`, 'Widget', 'w'), [`widgets.${group} shop/w`])).targets;
    assert.equal(target?.ref.version, 'v1beta1');
  });

  test('are filtered by labels', async () => assert.deepEqual(targets(await filed(file('v1', 'Pod', 'a') + file('v1', 'Pod', 'b'), ['pods shop/a', 'pods shop/b'], { labelSelector: 'app=b' })), ['shop pod/b']));

  test('that hold nothing match nothing', async () => assert.equal(resolved(await filed('', [])).nothingMatched, true));

  test('with -A need a namespace of their own', async () => assert.match(refused(await filed(file('v1', 'Pod', 'a'), [], { allNamespaces: true })).message, /^an empty namespace may not be set/));

  test('with a selector that cannot be read are refused', async () => assert.equal(refused(await filed('', [], { labelSelector: 'a b' })).code, 'bad-selector'));
});
