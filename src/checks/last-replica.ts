import type { Given } from '../facts/fact.ts';
import type { Views } from '../facts/facts.ts';
import { downWith, workloadGoes } from '../facts/going.ts';
import { leftEmpty } from '../facts/services.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isServing } from '../model/pod.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';
import { gentlerFor } from './gentler.ts';

/** Controllers that keep interchangeable pods running; a Deployment counts through its ReplicaSets. */
const counts = (pod: Pod): boolean =>
  (pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && ((r.kind === 'ReplicaSet' && r.apiVersion.startsWith('apps/')) || (r.kind === 'ReplicationController' && r.apiVersion === 'v1')));

const serving = new WeakMap<readonly Pod[], readonly Pod[]>();

/** Once for all pods of a workload. */
const servingOf = (pods: readonly Pod[]): readonly Pod[] => {
  const known = serving.get(pods) ?? pods.filter(isServing);
  serving.set(pods, known);
  return known;
};

const staying = new WeakMap<Given, Map<readonly Pod[], boolean>>();

/** Once for all pods of a workload that go together. */
const someStays = (pod: Pod, ready: readonly Pod[], given: Given): boolean => {
  const looked = staying.get(given) ?? new Map<readonly Pod[], boolean>();
  staying.set(given, looked);
  const before = given.oneAtATime === true ? undefined : looked.get(ready);
  if (before !== undefined) return before;
  const down = downWith(pod.metadata.uid, given);
  const stays = ready.some((p) => !down.has(p.metadata.uid));
  looked.set(ready, stays);
  return stays;
};

/**
 * One fact, one finding: where a Service is left empty, `service-endpoints` says so; a StatefulSet without Ready members is below its
 * majority, which `stateful-set` says; a DaemonSet has one pod a node, a Job none that serves. This check speaks where all of them are silent.
 */
const find = (pod: Pod, { owners, members, services }: Pick<Views, 'owners' | 'members' | 'services'>, given: Given): readonly FindingOf<'last-replica'>[] => {
  const pods = members.ofWorkload;
  if (pods === null || owners.recreation.kind !== 'recreated' || workloadGoes(owners.chain, given) || leftEmpty(services).length > 0) return [];
  const ready = servingOf(pods);
  if (someStays(pod, ready, given)) return [];
  const { top, replicas } = owners.recreation;
  return [{ check: 'last-replica', code: 'last-ready-pods', data: { workload: top.ref, replicas, readyNow: ready.length, gentler: gentlerFor(owners.chain) }, objects: [top.ref] }];
};

export const lastReplica = defineCheck({
  id: 'last-replica',
  needs: ['owners', 'members'],
  // Services that cannot be read silence nothing.
  uses: ['services'],
  notApplicable: (pod) => notForMirrors(pod) ?? (!isServing(pod) ? 'not Ready: it is no replica that serves' : counts(pod) ? null : 'no ReplicaSet or ReplicationController owns it'),
  find,
});
