/** The situations that the pages show, as they are set up on the cluster. */
import { onTerm } from '../scenario/manifests.ts';
import type { Manifest } from '../scenario/api.ts';
import { make, type Stage } from './stage.ts';

/** Enough for every pod to be Ready and every controller to be done. */
const SETTLED_MS = 20_000;

export const service = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }] } });

/** Two replicas behind a Service: an app that ends by itself after its preStop sleep, and a proxy that the signal ends. */
export const web = async (stage: Stage): Promise<string> => {
  await stage.create(service('web'));
  await stage.create(
    make.deployment('web', 2, {
      grace: 20,
      containers: [
        { name: 'app', command: onTerm(0, 'sleep 2; '), lifecycle: { preStop: { sleep: { seconds: 1 } } }, readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 } },
        { name: 'proxy', command: onTerm(143, 'sleep 1; ') },
      ],
    }),
  );
  await stage.pass(SETTLED_MS);
  return await stage.podOf('web');
};

export const db = async (stage: Stage): Promise<void> => {
  await stage.create({ ...service('db'), spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] } });
  await stage.create(make.statefulSet('db', 3, { grace: 30, containers: [{ name: 'postgres', command: onTerm(0) }] }));
  await stage.pass(SETTLED_MS);
};

/** Nothing recreates it. */
export const barePod = async (stage: Stage, name = 'report-once'): Promise<void> => {
  await stage.create(make.pod(name, { grace: 5, containers: [{ name: 'main', command: onTerm(0) }] }));
  await stage.pass(SETTLED_MS);
};

/** A preview of an application: a namespace with a Deployment, its Service, settings and data. */
export const preview = async (stage: Stage): Promise<void> => {
  await stage.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'preview-42' } });
  await stage.create(service('web'), 'preview-42');
  await stage.create(make.deployment('web', 2, { grace: 5, containers: [{ command: onTerm(0, 'sleep 2; ') }] }), 'preview-42');
  await stage.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { mode: 'preview' } }, 'preview-42');
  await stage.pass(SETTLED_MS);
};

/** A pod that has been Terminating for two minutes: a finalizer of a controller that is not installed. */
export const stuck = async (stage: Stage): Promise<void> => {
  await stage.create(make.pod('import-7', { grace: 2, containers: [{ name: 'main', command: onTerm(0) }], metadata: { finalizers: ['backup.example.com/before-delete'] } }));
  await stage.pass(SETTLED_MS);
  await stage.send('DELETE', '/api/v1/namespaces/shop/pods/import-7', { kind: 'DeleteOptions', apiVersion: 'v1' });
  await stage.pass(120_000);
};
