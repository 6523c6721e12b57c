/** D5: --save: what goes is in a folder before it goes, and `kubectl apply -f` brings it back. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { ended, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const folder = (t: ScenarioContext): string => {
  const made = mkdtempSync(join(tmpdir(), 'scenario-save-'));
  t.defer(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return join(made, 'saved');
};

const files = (dir: string): readonly string[] => (readdirSync(dir, { recursive: true }) as string[]).filter((f) => statSync(join(dir, f)).isFile()).toSorted();

const talkative = { command: ['sh', '-c', "echo hello from here; trap 'exit 0' TERM; while true; do sleep 0.2; done"] };

export const saving = [
  scenario({
    id: 'D5',
    name: "--save writes a pod's manifest, log and events, private files in a new folder, before it goes",
    run: async (t) => {
      await t.apply(t.make.pod('lone', { grace: 2, containers: [talkative], metadata: { labels: { app: 'lone' } } }));
      await t.untilReady('lone');
      const dir = folder(t);
      const run = await t.plugin(['pod', 'lone', '-y', '--save', dir, '-o', 'json']);
      ended(run, 0, 'deleted');
      const inside = files(dir);
      assert.deepEqual([...targetOf(run).saved].toSorted(), inside.map((f) => join(dir, f)).toSorted());
      const manifest = `70-pod-${t.namespace}-lone.yaml`;
      assert.ok(inside.includes(manifest), inside.join(', '));
      const text = readFileSync(join(dir, manifest), 'utf8');
      assert.doesNotMatch(text, /uid:|resourceVersion|nodeName|status:|managedFields/u);
      assert.match(text, /^apiVersion: v1\nkind: Pod\n/u);
      assert.match(readFileSync(join(dir, `logs/${t.namespace}-lone-app.log`), 'utf8'), /^hello from here\n/u);
      assert.match(readFileSync(join(dir, `events/${t.namespace}-lone.txt`), 'utf8'), /Scheduled|Started/u);
      for (const f of inside) assert.equal(statSync(join(dir, f)).mode & 0o777, 0o600, f);
      assert.deepEqual([dir, join(dir, 'logs')].map((d) => statSync(d).mode & 0o777), [0o700, 0o700]);
    },
  }),
  scenario({
    id: 'D5',
    name: '--save never writes over anything: a folder that is not empty, or that cannot be made, is exit 1 and nothing is deleted',
    run: async (t) => {
      await t.apply(t.make.pod('lone', { grace: 2 }));
      await t.untilReady('lone');
      const check = await t.untouched('lone');
      const dir = folder(t);
      mkdirSync(dir);
      writeFileSync(join(dir, 'mine.txt'), 'mine');
      for (const wrong of [dir, join(dir, 'mine.txt'), join(dir, 'mine.txt', 'below'), '/proc/no-such/folder']) {
        const run = await t.plugin(['pod', 'lone', '-y', '--save', wrong, '-o', 'json']);
        assert.deepEqual([run.code, run.report?.error?.code, run.report?.deletionRequested], [1, 'save-failed', false], wrong);
      }
      assert.deepEqual(files(dir), ['mine.txt']);
      const dry = await t.plugin(['pod', 'lone', '--dry-run', '--save', join(dir, 'new'), '-y', '-o', 'json']);
      ended(dry, 0, 'would-delete');
      assert.equal(targetOf(dry).saved.length, 1);
      assert.deepEqual(files(dir), ['mine.txt']);
      await check();
    },
  }),
  scenario({
    id: 'D5',
    name: '--save of a Deployment and a Service, deleted, is brought back by kubectl apply -f DIR',
    needs: ['kubectl'],
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 2, containers: [talkative] }), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { on: 'yes', number: '012', text: 'a\nb: c\n' } });
      await t.untilSetReady('Deployment', 'web', 2);
      const before = await t.theObject('Deployment', 'web');
      const dir = folder(t);
      const run = await t.plugin(['deployment/web', 'service/web', 'configmap/web', '-y', '--confirm', '3', '--save', dir, '-o', 'json']);
      ended(run, 0, 'deleted');
      const inside = files(dir);
      assert.equal(inside.filter((f) => f.startsWith('recreated/70-pod-')).length, 2, inside.join(', '));
      assert.equal(inside.filter((f) => f.startsWith('logs/')).length, 2);
      await t.until('its pods are gone', async () => (await t.pods('app=web')).length === 0);
      await t.kubectl('apply', '-f', dir);
      await t.untilSetReady('Deployment', 'web', 2);
      const after = await t.theObject('Deployment', 'web');
      assert.notEqual(after.metadata.uid, before.metadata.uid);
      const map = (await t.api.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace }, 'web')) as { readonly data?: object } | undefined;
      assert.deepEqual(map?.data, { on: 'yes', number: '012', text: 'a\nb: c\n' });
    },
  }),
  scenario({
    id: 'D5',
    name: '--save of a Namespace has its content, Secrets only with --save-secrets, and kubectl apply -f DIR brings it back',
    needs: ['kubectl'],
    run: async (t) => {
      const name = `${t.namespace}-b`;
      await t.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: 'a' } } }, '');
      t.defer(async () => await t.api.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: '' }, name));
      const make = async (...manifests: readonly Manifest[]): Promise<void> => {
        for (const manifest of manifests) await t.api.create(manifest, name);
      };
      await t.until('the default ServiceAccount', async () => await t.api.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: name }, 'default'));
      await make(
        t.make.statefulSet('db', 1, { grace: 2 }),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } },
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' }, stringData: { key: 'geheim' } },
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 80 }] } },
      );
      await t.until('db-0 is Ready', async () => (await t.api.find({ apiVersion: 'v1', kind: 'Pod', namespace: name }, 'db-0'))?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
      const dry = await t.plugin(['namespace', name, '--dry-run', '--confirm', name, '--save', folder(t), '-o', 'json'], { namespace: null });
      assert.deepEqual(targetOf(dry).notSaved, ['secret/password: Secrets need --save-secrets']);
      assert.ok(!targetOf(dry).saved.some((f) => f.includes('secret')));
      const dir = folder(t);
      const run = await t.plugin(['namespace', name, '--confirm', name, '--save', dir, '--save-secrets', '-o', 'json'], { namespace: null, timeoutMs: 120_000 });
      ended(run, 0, 'deleted');
      const top = files(dir).filter((f) => !f.includes('/'));
      assert.deepEqual(top, [`10-namespace-${name}.yaml`, `30-configmap-${name}-settings.yaml`, `30-secret-${name}-password.yaml`, `40-service-${name}-db.yaml`, `60-statefulset.apps-${name}-db.yaml`]);
      assert.ok(files(dir).includes(`logs/${name}-db-0-app.log`));
      await t.kubectl('apply', '-f', dir, '-n', name);
      await t.until('db-0 is back', async () => (await t.api.find({ apiVersion: 'v1', kind: 'Pod', namespace: name }, 'db-0'))?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
      const secret = (await t.api.find({ apiVersion: 'v1', kind: 'Secret', namespace: name }, 'password')) as { readonly data?: object } | undefined;
      assert.deepEqual(secret?.data, { key: Buffer.from('geheim').toString('base64') });
      assert.equal(reportOf(run).targets[0]?.notSaved.length, 0);
    },
  }),
];
