/** Random pods of every way to end: what a batch of the truth suite deletes. */
import type { Live, Manifest } from '../scenario/api.ts';
import { ignoresTerm, onTerm } from '../scenario/manifests.ts';
import type { ContainerOptions, Manifests, PodOptions } from '../scenario/manifests.ts';
import type { Random } from './random.ts';

/** How a pod is deleted: pods of one way go in one run. */
export const ways = {
  plain: [],
  now: ['--now'],
  short: ['--grace-period=2'],
  forced: ['--force'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Way = keyof typeof ways;

export interface MixedPod {
  readonly name: string;
  /** For the account: `crash-on-term + sidecar, forced`. */
  readonly says: string;
  readonly manifest: Manifest;
  readonly way: Way;
  /** The pod is as it should be when it is deleted. */
  readonly isStaged: (pod: Live) => boolean;
}

const statuses = (pod: Live): readonly NonNullable<NonNullable<Live['status']>['containerStatuses']>[number][] => pod.status?.containerStatuses ?? [];
const isRunning = (pod: Live): boolean => statuses(pod).length > 0 && statuses(pod).every((c) => c.state?.running !== undefined);
const status = (pod: Live, name: string): ReturnType<typeof statuses>[number] | undefined => statuses(pod).find((c) => c.name === name);

interface App {
  readonly says: string;
  readonly container: ContainerOptions;
}

const exec = (script: string): object => ({ preStop: { exec: { command: ['sh', '-c', script] } } });
const dies = (code: number): readonly string[] => ['sh', '-c', `exit ${code}`];
/** The shell gets the signal's default action: it is ended by it, where a handler would return a code. PID 1 needs a child for that. */
const selfKill = (signal: string): readonly string[] => ['sh', '-c', `trap 'kill -${signal} $child; wait $child; exit $?' TERM; sleep 1000 & child=$!; wait $child`];

const apps = (random: Random): readonly [App, ...App[]] => [
  { says: 'handler', container: { command: onTerm(random.one([0, 0, 143, 1, 3, 42, 130, 137, 139, 255])) } },
  { says: 'slow handler', container: { command: onTerm(random.one([0, 143, 7]), `sleep ${random.between(1, 2)}; `) } },
  { says: 'stubborn', container: { command: ignoresTerm } },
  { says: 'ended by a signal', container: { command: selfKill(random.one(['TERM', 'INT', 'SEGV', 'ABRT', 'KILL'])) } },
  { says: 'preStop exec', container: { command: onTerm(random.one([0, 143])), lifecycle: exec('sleep 1') } },
  { says: 'preStop sleep', container: { command: onTerm(0), lifecycle: { preStop: { sleep: { seconds: 1 } } } } },
  { says: 'preStop httpGet without a server', container: { command: onTerm(random.one([0, 5])), lifecycle: { preStop: { httpGet: { path: '/', port: 8099 } } } } },
  { says: 'failing preStop', container: { command: onTerm(random.one([0, 143])), lifecycle: exec('exit 3') } },
  { says: 'preStop that overruns', container: { command: onTerm(0), lifecycle: exec('sleep 30') } },
  { says: 'preStop that ends it', container: { command: onTerm(9), lifecycle: exec('kill -TERM 1') } },
];

const sidecar = (random: Random, name: string): ContainerOptions => ({
  name, restartPolicy: 'Always', command: random.one([onTerm(0), onTerm(143), onTerm(4, 'sleep 1; '), ignoresTerm]),
});

/** One random pod. `make` knows the image. */
export const mixedPod = (name: string, random: Random, make: Manifests): MixedPod => {
  const grace = random.one([1, 2, 3, 4]);
  const way: Way = random.chance(0.7) ? 'plain' : random.one(['now', 'short', 'forced']);
  const pod = (says: string, options: PodOptions, isStaged: (live: Live) => boolean): MixedPod => ({
    name, way, says: way === 'plain' ? says : `${says}, ${way}`, isStaged, manifest: make.pod(name, { grace, metadata: { labels: { way } }, ...options }),
  });
  const never = { restartPolicy: 'Never' };
  const kind = random.between(1, 100);
  if (kind <= 4) return pod('unscheduled', { spec: { nodeSelector: { 'no-such': 'node' } } }, (p) => p.status?.conditions?.some((c) => c.type === 'PodScheduled' && c.status === 'False') === true);
  if (kind <= 8) return pod('image that is not there', { containers: [{ image: 'localhost/none:1' }] }, (p) => status(p, 'app')?.state?.waiting?.reason?.includes('Image') === true);
  if (kind <= 11) return pod('cannot start', { containers: [{ command: ['/no/such/program'] }], spec: never }, (p) => status(p, 'app')?.state?.terminated !== undefined);
  if (kind <= 16) {
    const code = random.one([0, 1, 3]);
    return pod(`one crashed before with ${code}`, { containers: [{ name: 'early', command: dies(code) }, { name: 'app', command: onTerm(0) }], spec: never }, (p) => status(p, 'early')?.state?.terminated !== undefined && status(p, 'app')?.state?.running !== undefined);
  }
  if (kind <= 20) {
    return pod('crash loop', { containers: [{ command: dies(random.between(1, 9)) }] }, (p) => (status(p, 'app')?.restartCount ?? 0) > 0 || status(p, 'app')?.state?.waiting?.reason === 'CrashLoopBackOff');
  }
  if (kind <= 23) return pod('finished', { containers: [{ command: dies(random.one([0, 7])) }], spec: never }, (p) => ['Succeeded', 'Failed'].includes(p.status?.phase ?? ''));
  if (kind <= 26) {
    return pod('out of memory', { containers: [{ command: ['sh', '-c', 'tail /dev/zero'], resources: { limits: { memory: '16Mi' } } }], spec: never }, (p) => status(p, 'app')?.state?.terminated !== undefined);
  }
  if (kind <= 29) return pod('waits in its init container', { initContainers: [{ name: 'setup', command: onTerm(random.one([0, 143])) }] }, (p) => p.status?.initContainerStatuses?.[0]?.state?.running !== undefined);
  const count = random.one([1, 1, 1, 2, 3]);
  const chosen = Array.from({ length: count }, () => random.one(apps(random)));
  const containers = chosen.map((c, i) => ({ name: count === 1 ? 'app' : `app-${i}`, ...c.container }));
  const before = random.chance(0.15) ? [{ name: 'setup', command: dies(0) }] : [];
  const beside = random.chance(0.2) ? Array.from({ length: random.between(1, 2) }, (_, i) => sidecar(random, `side-${i}`)) : [];
  const says = [...chosen.map((c) => c.says), ...beside.map(() => 'sidecar')].join(' + ');
  return pod(says, { containers, initContainers: [...before, ...beside] }, (p) => isRunning(p) && (p.status?.initContainerStatuses ?? []).every((c) => c.name === 'setup' || c.state?.running !== undefined));
};
