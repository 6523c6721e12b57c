/** The cluster of a run and who else acts on it: controllers that recreate, a second deleter, finalizers, nodes that are lost, owners that go. */
import type { EmbeddedCluster } from '../embedded/embedded.ts';
import { inProcess } from '../embedded/in-process.ts';
import type { Manifest } from '../scenario/api.ts';
import { pathOf } from '../scenario/api.ts';
import { ignoresTerm, Manifests, onTerm } from '../scenario/manifests.ts';
import type { Random } from '../truth/random.ts';

const namespace = 'shop';
const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });

export interface Acting {
  readonly at: number;
  readonly says: string;
  readonly act: () => Promise<void> | void;
}

export interface Stage {
  readonly cluster: EmbeddedCluster;
  readonly kill: () => void;
  readonly restart: () => void;
  readonly interrupt: () => void;
}

type Send = ReturnType<typeof inProcess>;

const create = async (send: Send, manifest: Manifest): Promise<void> => {
  const answer = await send('POST', pathOf({ ...manifest, namespace }), manifest);
  if (answer.status >= 300 && answer.status !== 409) throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
};

const podOf = (name: string, random: Random): Manifest =>
  make.pod(name, {
    grace: random.one([1, 3, 5, 30]),
    containers: Array.from({ length: random.one([1, 1, 1, 2]) }, (_, i) => ({ name: `app-${i}`, command: random.one([onTerm(0), onTerm(0), onTerm(143), onTerm(1), ignoresTerm]) })),
    metadata: { labels: { app: 'bare' }, ...(random.chance(0.1) ? { finalizers: ['nobody.example.com/x'] } : {}) },
  });

const budget = (random: Random): Manifest => ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: { minAvailable: random.between(0, 2), selector: { matchLabels: { app: 'web' } } } });

/** Names that commands and actors speak of. */
export const bare = ['p0', 'p1', 'p2'] as const;

/** Fills an empty cluster: bare pods, a Deployment, a StatefulSet, a ConfigMap. */
export const fill = async (cluster: EmbeddedCluster, random: Random): Promise<void> => {
  const send = inProcess(cluster);
  await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, ...(random.chance(0.3) ? { annotations: { 'kubectl-safe-delete/ephemeral': 'true' } } : {}) } });
  await create(send, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  for (const name of bare) await create(send, podOf(name, random));
  if (random.chance(0.85)) await create(send, make.deployment('web', random.between(1, 3), { grace: random.one([1, 4]), containers: [{ command: onTerm(0) }] }));
  if (random.chance(0.5)) await create(send, make.statefulSet('db', 2, { grace: 2, containers: [{ command: onTerm(143) }] }));
  if (random.chance(0.3)) await create(send, budget(random));
  await create(send, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: {} });
};

const path = (name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}`;

/** What else happens during a run, at times after its start. */
export const actingOf = (random: Random, stage: Stage): readonly Acting[] => {
  const { cluster } = stage;
  const send = inProcess(cluster);
  const when = (): number => (random.chance(0.2) ? random.between(0, 60) : random.between(0, 9000));
  const one = (): readonly Acting[] => {
    const name = random.one(bare);
    const at = when();
    switch (random.between(1, 12)) {
      case 1:
        return [{ at, says: `somebody else deletes ${name}`, act: async () => void (await send('DELETE', path(name), { kind: 'DeleteOptions', apiVersion: 'v1' })) }];
      case 2:
      case 3: {
        const again = podOf(name, random);
        return [{ at, says: `${name} is replaced`, act: async () => {
          await send('DELETE', path(name), { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 });
          await send('PATCH', path(name), { metadata: { finalizers: null } });
          await create(send, again);
        } }];
      }
      case 4:
        return [
          { at, says: `${name} gets a finalizer`, act: async () => void (await send('PATCH', path(name), { metadata: { finalizers: ['late.example.com/x'] } })) },
          { at: at + random.between(10, 12_000), says: `${name} loses its finalizers`, act: async () => void (await send('PATCH', path(name), { metadata: { finalizers: null } })) },
        ];
      case 5:
        return [
          { at, says: 'node-1 falls silent', act: () => { cluster.freezeNode('node-1'); } },
          ...(random.chance(0.7) ? [{ at: at + random.between(1000, 20_000), says: 'node-1 is back', act: () => { cluster.thawNode('node-1'); } }] : []),
        ];
      case 6:
        return [{ at, says: 'the Deployment is deleted', act: async () => void (await send('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/web`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: random.one(['Background', 'Foreground', 'Orphan']) })) }];
      case 7:
        return [{ at, says: 'the Deployment is scaled', act: async () => void (await send('PATCH', `/apis/apps/v1/namespaces/${namespace}/deployments/web`, { spec: { replicas: random.between(0, 4) } })) }];
      case 8:
        return [
          { at, says: 'the API server dies', act: stage.kill },
          { at: at + random.between(100, 6000), says: 'the API server is back', act: stage.restart },
        ];
      case 9:
        return [{ at, says: 'history is forgotten', act: () => { cluster.compact(); } }];
      case 10:
        return [
          { at, says: 'the controllers stop', act: () => { cluster.stopControllerManager(); } },
          { at: at + random.between(500, 15_000), says: 'the controllers are back', act: () => { cluster.startControllerManager(); } },
        ];
      case 11:
        return [{ at, says: `${name} is labelled`, act: async () => void (await send('PATCH', path(name), { metadata: { labels: { app: random.one(['bare', 'other']) } } })) }];
      default:
        return random.chance(0.4) ? [{ at, says: 'Ctrl-C', act: stage.interrupt }] : [];
    }
  };
  return Array.from({ length: random.one([0, 1, 1, 2, 3]) }, one).flat();
};

const words = [
  'pod p0', 'pod p0', 'pod p0', 'pod p1', 'pod p2 p0', 'pod p0 p1', 'pod p0 p1 p2', 'pod p0 p1 p2', 'pod p0 nobody', 'pod/p0 cm/settings', 'pods -l app=bare', 'pods -l app=web', 'pods --all', 'deploy web', 'deploy/web pod/p0', 'sts db', 'sts/db deploy/web', 'cm settings', 'pods --field-selector=status.phase=Running', 'all --all',
] as const;
const flags = ['', '', '', '', '--evict', '--evict', '--attach', '--attach --wait=false', '--one-at-a-time', '--evict --one-at-a-time', '--until=ready', '--logs', '--wait=false', '--grace-period=2', '--now', '--force', '--skip-blocked', '--dry-run', '--dry-run=client', '--strict', '--cascade=foreground', '--cascade=orphan', '--ignore-not-found', '--allow=disruption-budget,stateful-set'] as const;
const consents = ['-y', '-y', '-y', '-y', '-y', '-y', '-y', '-y', '', '--confirm=p0', '--confirm=2', '-i', '--no-input'] as const;
const outputs = ['-o json', '-o json', '-o ndjson', '-o yaml', '-o name', ''] as const;

export const commandOf = (random: Random): readonly string[] =>
  [random.one(words), random.one(flags), random.one(consents), random.one(outputs), `--timeout=${random.one([5, 10, 20, 40])}s`, random.chance(0.1) ? '--check-timeout=2s' : ''].join(' ').split(' ').filter((w) => w !== '');
