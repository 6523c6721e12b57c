/** W3, D8 and S2 for claims, volumes and sets that are named: what becomes of the data, who holds it, and how far a typed name goes. */
import assert from 'node:assert/strict';
import { own } from '../any-object.ts';
import type { Live } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { checkOf, codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { boundClaim, configMap, made, nowhere, quick, runningPod, setReady, using } from '../staging.ts';

const pv = { apiVersion: 'v1', kind: 'PersistentVolume', namespace: '' };
const pvc = (t: ScenarioContext) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: t.namespace });
const size = { storage: '1Mi' };

const claim = async (t: ScenarioContext, name = 'data'): Promise<Live | undefined> => await t.api.find(pvc(t), name);
const volume = async (t: ScenarioContext, name: string): Promise<Live | undefined> => await t.api.find(pv, name);

/** It is the same object as before, and nobody has asked it to go. */
const untouched = (before: Live | undefined, now: Live | undefined): void => {
  assert.deepEqual([now?.metadata.uid, now?.metadata.deletionTimestamp], [before?.metadata.uid, undefined], 'it is untouched');
};

/** A set of two members with a claim each, whose volumes have this policy. */
const setWithClaims = async (t: ScenarioContext, whenDeleted: 'Delete' | 'Retain', reclaim: 'Delete' | 'Retain'): Promise<readonly string[]> => {
  const volumes = [await boundClaim(t, 'data-db-0', reclaim), await boundClaim(t, 'data-db-1', reclaim)];
  const template = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: size } } };
  await setReady(t, 'db', 2, quick, { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: 'Retain' }, volumeClaimTemplates: [template] });
  if (whenDeleted === 'Delete') {
    await t.until('the claims belong to the set', async () => (await claim(t, 'data-db-1'))?.metadata.ownerReferences?.length === 1);
  }
  return volumes;
};

/** A volume without a claim. */
const volumeAlone = async (t: ScenarioContext, name: string, reclaim: 'Delete' | 'Retain', more: object = {}): Promise<string> => {
  const full = own(t, name);
  await made(t, { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: full }, spec: { capacity: size, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: reclaim, storageClassName: full, hostPath: { path: `/tmp/${full}`, type: 'DirectoryOrCreate' }, ...more } });
  await t.until(`volume ${full} is Available`, async () => (await volume(t, full))?.status?.phase === 'Available');
  return full;
};

const needs = ['volumes'] as const;

const named = [
  scenario({
    id: 'W3',
    name: 'a named claim whose data goes takes its typed name: --yes alone and another name are refused, --confirm with the name deletes it, and the volume goes too',
    needs,
    run: async (t) => {
      const disk = await boundClaim(t, 'data', 'Delete');
      const before = await claim(t);
      const words = await t.plugin(['pvc', 'data', '--yes']);
      assert.equal(words.code, 3);
      assert.match(`${words.stdout}${words.stderr}`, /--confirm data/, 'the flag to pass is named');
      const run = await t.plugin(['pvc', 'data', '-y', '-o', 'json']);
      ended(run, 3, 'declined');
      assert.deepEqual(reportOf(run).consent, { needed: 'confirm', given: 'none' });
      const found = findingOf(targetOf(run), 'claim-data-lost');
      assert.deepEqual([found.check, found.severity, found.irreversible, found.pass, found.data['volume'], found.data['reclaim']], ['persistent-volume-claims', 'warning', true, '--confirm data', disk, 'Delete']);
      ended(await t.plugin(['pvc', 'data', '--confirm', 'other', '-o', 'json']), 3, 'declined');
      untouched(before, await claim(t));
      const right = await t.plugin(['pvc', 'data', '--confirm', 'data', '-o', 'json']);
      ended(right, 0, 'deleted');
      assert.deepEqual(reportOf(right).consent, { needed: 'confirm', given: 'confirm' });
      assert.equal(await claim(t), undefined);
      await t.until('the volume is gone with its data', async () => (await volume(t, disk)) === undefined);
    },
  }),
  ...[
    { typed: 'data\n', words: 'the name', code: 0 },
    { typed: 'y\n', words: 'y', code: 3 },
    { typed: '\n', words: 'an empty line', code: 3 },
  ].map(({ typed, words, code }) =>
    scenario({
      id: 'consent',
      name: `on a terminal what cannot be undone takes the name: ${words} is ${code === 0 ? 'consent' : 'none'}`,
      needs: ['terminal', 'volumes'],
      run: async (t) => {
        await boundClaim(t, 'data', 'Delete');
        const before = await claim(t);
        const running = t.start(['pvc', 'data'], { tty: true });
        await running.shows(/Type data to delete/);
        running.type(typed);
        assert.equal((await running.done).code, code);
        if (code === 0) assert.equal(await claim(t), undefined);
        else untouched(before, await claim(t));
      },
    }),
  ),
  scenario({
    id: 'W3',
    name: 'a named claim whose volume is retained goes without a question, and the volume stays Released',
    needs,
    run: async (t) => {
      const disk = await boundClaim(t, 'data', 'Retain');
      const run = await t.plugin(['pvc', 'data', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = findingOf(targetOf(run), 'volume-retained');
      assert.equal(found.severity, 'note');
      assert.match(String(found.data['place']), /\/tmp\//, 'it is said where the data lies');
      await t.until('the volume is Released', async () => (await volume(t, disk))?.status?.phase === 'Released');
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim that was never bound has no data: no question',
    needs,
    run: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'waiting' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: own(t, 'none'), resources: { requests: size } } });
      const run = await t.plugin(['pvc', 'waiting', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'claim-without-data').data['state'], 'unbound');
    },
  }),
  scenario({
    id: 'D8',
    name: 'a claim is refused while a pod uses it, whatever is forced and consented to, and the pods are named; the two together take a typed number',
    needs,
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await runningPod(t, 'user', using('data'));
      const before = await claim(t);
      for (const flags of [['--grace-period=0', '--force'], ['-y'], ['--confirm', 'data']]) {
        const run = await t.plugin(['pvc', 'data', ...flags, '-o', 'json']);
        ended(run, 2, 'blocked');
        const found = findingOf(targetOf(run), 'claim-mounted');
        assert.deepEqual([found.check, found.severity, found.data['pods'], found.pass], ['in-use', 'blocker', ['user'], '--allow in-use']);
        assert.deepEqual(found.objects.map((o) => [o.kind, o.name]), [['Pod', 'user']]);
      }
      untouched(before, await claim(t));
      const both = await t.plugin(['pvc/data', 'pod/user', '--dry-run=client', '-o', 'json']);
      ended(both, 3, 'would-ask');
      assert.ok(!codesOf(targetOf(both, 'data')).includes('claim-mounted'), 'the pod goes in the same run');
      const run = await t.plugin(['pvc/data', 'pod/user', '--confirm', '2', '-o', 'json']);
      ended(run, 0, 'deleted', { data: 'deleted', user: 'deleted' });
    },
  }),
  scenario({
    id: 'S2',
    name: 'a claim that may go although a pod uses it stays Terminating, and the run follows it until that pod is gone',
    needs,
    run: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      await runningPod(t, 'user', using('data'));
      const short = await t.plugin(['pvc', 'data', '--allow', 'in-use', '-y', '--timeout', '3s', '-o', 'json']);
      ended(short, 4, 'still-there');
      assert.ok(targetOf(short).waitingOn.length > 0, 'it says what it waits for');
      const running = t.start(['pvc', 'data', '--timeout', '60s', '-o', 'ndjson']);
      await running.shows(/"type":"plan"/);
      await t.deletePod('user');
      const run = await running.done;
      ended(run, 0, 'deleted');
      assert.equal(await claim(t), undefined);
    },
  }),
  scenario({
    id: 'in-use',
    name: 'a claim that only a finished pod names goes without a question, and it is said what holds it',
    needs,
    run: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      await t.apply(t.make.pod('done', { ...using('data'), containers: [{ command: ['true'] }], spec: { ...using('data').spec, restartPolicy: 'Never' } }));
      await t.untilPhase('done', 'Succeeded');
      const run = await t.plugin(['pvc', 'data', '--wait=false', '-o', 'json']);
      ended(run, 0, 'accepted');
      const found = findingOf(targetOf(run), 'held-by-finished-pods');
      assert.deepEqual([found.severity, found.data['pods']], ['note', ['done']]);
      assert.notEqual((await claim(t))?.metadata.deletionTimestamp, undefined, 'the finished pod holds it');
      await t.deletePod('done');
      await t.until('the claim is gone', async () => (await claim(t)) === undefined);
    },
  }),
];

const others = [
  scenario({
    id: 'W3',
    name: 'the claim of a generic ephemeral volume is meant to go with its pod: a note, and it goes',
    needs,
    run: async (t) => {
      const volumeClaimTemplate = { spec: { accessModes: ['ReadWriteOnce'], storageClassName: own(t, 'none'), resources: { requests: size } } };
      await t.apply(t.make.pod('user', { grace: 2, spec: { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate } }] } }));
      await t.until('its claim is there', async () => await claim(t, 'user-scratch'));
      const run = await t.plugin(['pod', 'user', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = findingOf(targetOf(run), 'ephemeral-volume');
      assert.deepEqual([found.severity, found.objects.map((o) => o.name)], ['note', ['user-scratch']]);
      await t.until('the claim is gone', async () => (await claim(t, 'user-scratch')) === undefined);
    },
  }),
  scenario({
    id: 'in-use',
    name: 'who may not see the pods of a claim is asked before it goes, although its data stays',
    needs,
    run: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      const before = await claim(t);
      const user = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['persistentvolumeclaims'] });
      const run = await t.plugin(['pvc', 'data', '-o', 'json'], { kubeconfig: user.kubeconfig });
      ended(run, 3, 'declined');
      const target = targetOf(run);
      assert.equal(checkOf(target, 'in-use').status, 'unknown');
      assert.ok(target.findings.some((f) => f.code === 'check-unknown' && f.check === 'in-use' && f.severity === 'warning'), 'what could not be looked at asks');
      untouched(before, await claim(t));
    },
  }),
];

const volumes = [
  scenario({
    id: 'W3',
    name: 'a named volume of a claim, reclaim Delete: the data goes with the claim, so the name has to be typed',
    needs,
    run: async (t) => {
      const disk = await boundClaim(t, 'data', 'Delete');
      const before = await volume(t, disk);
      const run = await t.plugin(['pv', disk, '-y', '-o', 'json'], { namespace: null });
      ended(run, 3, 'declined');
      const found = findingOf(targetOf(run), 'volume-data-lost');
      assert.deepEqual([found.severity, found.irreversible, found.data['claim'], found.data['phase']], ['warning', true, `${t.namespace}/data`, 'Bound']);
      untouched(before, await volume(t, disk));
    },
  }),
  scenario({
    id: 'W3',
    name: 'a named volume of a claim, reclaim Retain: asked about, Terminating until the claim is deleted, and followed until then',
    needs,
    run: async (t) => {
      const disk = await boundClaim(t, 'data', 'Retain');
      const before = await volume(t, disk);
      const asked = await t.plugin(['pv', disk, '-o', 'json'], { namespace: null });
      ended(asked, 3, 'declined');
      const found = findingOf(targetOf(asked), 'volume-of-bound-claim');
      assert.deepEqual([found.severity, found.irreversible, found.data['claim'], found.data['held']], ['warning', false, `${t.namespace}/data`, true]);
      untouched(before, await volume(t, disk));
      const running = t.start(['pv', disk, '-y', '--timeout', '60s', '-o', 'json'], { namespace: null });
      await t.until('the volume is Terminating', async () => (await volume(t, disk))?.metadata.deletionTimestamp);
      assert.equal((await claim(t))?.status?.phase, 'Bound');
      await t.api.delete(pvc(t), 'data');
      ended(await running.done, 0, 'deleted');
      assert.equal(await volume(t, disk), undefined);
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim whose volume is gone is Lost, and goes without a question',
    needs,
    run: async (t) => {
      const disk = await boundClaim(t, 'data', 'Retain');
      await t.api.delete(pv, disk);
      await t.api.patch(pv, disk, { metadata: { finalizers: null } });
      await t.until('the claim is Lost', async () => (await claim(t))?.status?.phase === 'Lost');
      const run = await t.plugin(['pvc', 'data', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(findingOf(targetOf(run), 'claim-without-data').data, { state: 'lost', volume: disk });
    },
  }),
  scenario({
    id: 'W3',
    name: 'a volume without a claim, and one that is Released and retained, go without a question: only the objects go',
    needs,
    run: async (t) => {
      const free = await volumeAlone(t, 'free', 'Delete');
      const released = await boundClaim(t, 'old', 'Retain');
      await t.api.delete(pvc(t), 'old');
      await t.until('the volume is Released', async () => (await volume(t, released))?.status?.phase === 'Released');
      const run = await t.plugin(['pv', free, released, '-o', 'json'], { namespace: null });
      ended(run, 0, 'deleted');
      assert.deepEqual([free, released].map((name) => findingOf(targetOf(run, name), 'volume-data-stays').data['phase']), ['Available', 'Released']);
    },
  }),
];

const sets = [
  scenario({
    id: 'W3',
    name: "a set's claims stay by default, and are named",
    needs,
    run: async (t) => {
      await setWithClaims(t, 'Retain', 'Delete');
      const run = await t.plugin(['sts', 'db', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = findingOf(targetOf(run), 'claims-stay');
      assert.deepEqual([found.severity, found.objects.map((o) => o.name).toSorted()], ['note', ['data-db-0', 'data-db-1']]);
      assert.ok(!codesOf(targetOf(run)).includes('claims-of-set-go'));
      await t.until('its pods are gone', async () => (await t.pods('app=db')).length === 0);
      for (const name of ['data-db-0', 'data-db-1']) assert.equal((await claim(t, name))?.metadata.deletionTimestamp, undefined);
    },
  }),
  scenario({
    id: 'W3',
    name: 'a set with whenDeleted=Delete takes claims and data along: --yes is not enough, the name is, and the claims go',
    needs,
    run: async (t) => {
      await setWithClaims(t, 'Delete', 'Delete');
      const before = await claim(t, 'data-db-0');
      const asked = await t.plugin(['sts', 'db', '-y', '-o', 'json']);
      ended(asked, 3, 'declined');
      const found = findingOf(targetOf(asked), 'claims-of-set-go');
      assert.deepEqual([found.check, found.severity, found.irreversible, found.pass], ['persistent-volume-claims', 'warning', true, '--confirm db']);
      assert.deepEqual(found.objects.map((o) => o.name).toSorted(), ['data-db-0', 'data-db-1']);
      untouched(before, await claim(t, 'data-db-0'));
      ended(await t.plugin(['sts', 'db', '--confirm', 'db', '-o', 'json']), 0, 'deleted');
      await t.until('the claims are gone', async () => (await claim(t, 'data-db-0')) === undefined && (await claim(t, 'data-db-1')) === undefined);
    },
  }),
  scenario({
    id: 'W3',
    name: 'with --cascade=orphan the claims of such a set stay, and its pods',
    needs,
    run: async (t) => {
      await setWithClaims(t, 'Delete', 'Delete');
      const run = await t.plugin(['sts', 'db', '--cascade=orphan', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'claims-stay').severity, 'note');
      const now = await claim(t, 'data-db-0');
      assert.deepEqual([now?.metadata.deletionTimestamp, now?.metadata.ownerReferences ?? []], [undefined, []], 'the claim stays, without an owner');
      assert.equal((await t.pods('app=db')).length, 2);
    },
  }),
  scenario({
    id: 'W3',
    name: 'of such a set with retained volumes only the claims go: a note',
    needs,
    run: async (t) => {
      const [disk] = await setWithClaims(t, 'Delete', 'Retain');
      const run = await t.plugin(['sts', 'db', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'volumes-retained').severity, 'note');
      await t.until('the volume is Released', async () => (await volume(t, disk ?? ''))?.status?.phase === 'Released');
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim that nobody named and that belongs to a named object is a blocker; an owner beside it keeps it',
    needs,
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await t.apply(configMap('owner'), configMap('keeper'));
      const reference = async (name: string): Promise<object> => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: (await t.api.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace }, name))?.metadata.uid });
      await t.api.patch(pvc(t), 'data', { metadata: { ownerReferences: [await reference('owner'), await reference('keeper')] } });
      const kept = await t.plugin(['cm', 'owner', '--dry-run=client', '-o', 'json']);
      ended(kept, 0, 'would-delete');
      await t.api.patch(pvc(t), 'data', { metadata: { ownerReferences: [await reference('owner')] } });
      const run = await t.plugin(['cm', 'owner', '--confirm', 'owner', '-o', 'json']);
      ended(run, 2, 'blocked');
      const found = findingOf(targetOf(run), 'claims-go-with-owner');
      assert.deepEqual([found.severity, found.pass, found.objects[0]?.name], ['blocker', '--allow persistent-volume-claims', 'data']);
      const both = await t.plugin(['cm/owner', 'pvc/data', '--dry-run=client', '-o', 'json']);
      ended(both, 3, 'would-ask');
      ended(await t.plugin(['cm', 'owner', '--allow', 'claims-go-with-owner', '-y', '-o', 'json']), 0, 'deleted');
      await t.until('the claim is gone', async () => (await claim(t)) === undefined);
    },
  }),
  scenario({
    id: 'W3',
    name: "the claims of a driver pod's executors are a blocker too",
    needs,
    run: async (t) => {
      await boundClaim(t, 'exec-1', 'Delete');
      await t.apply(t.make.pod('driver', nowhere));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid: (await t.theObject('Pod', 'driver')).metadata.uid, controller: true }];
      await t.apply(t.make.pod('exec-1', { ...nowhere, metadata: { ownerReferences } }));
      await t.api.patch(pvc(t), 'exec-1', { metadata: { ownerReferences } });
      const run = await t.plugin(['pod', 'driver', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      assert.equal(findingOf(targetOf(run), 'claims-go-with-owner').objects[0]?.name, 'exec-1');
    },
  }),
];

export const dataOfKinds = [...named, ...others, ...volumes, ...sets];
