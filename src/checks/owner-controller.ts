import { putsBack } from '../facts/gitops.ts';
import type { GitOpsView } from '../facts/gitops.ts';
import type { OwnerLink, OwnersView, Recreation } from '../facts/owners.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isDebugPod, isFinished, isMirror, isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'owner-controller'>;

/** What a person who wants the pod gone for good does to its top owner. */
const meantFor = (top: OwnerLink): 'scale' | 'delete' | 'suspend' => {
  switch (`${top.ref.group}/${top.ref.kind}`) {
    case 'batch/Job':
    case 'batch/CronJob':
      return 'suspend';
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
    case 'apps/StatefulSet':
    case '/ReplicationController':
      return 'scale';
    default:
      return 'delete';
  }
};

const builtInTop = (chain: OwnersView['chain'], owner: OwnerLink): OwnerLink =>
  chain.findLast((link) => link.state === 'found' && ['', 'apps', 'batch'].includes(link.ref.group) && link.ref.kind !== 'CronJob') ?? owner;

const recreatedBy = (recreation: Extract<Recreation, { kind: 'recreated' }>, chain: OwnersView['chain']): Found => {
  const top = builtInTop(chain, recreation.owner);
  const data = { owner: recreation.owner.ref, top: top.ref, sameName: recreation.sameName, meant: meantFor(top), replicas: recreation.replicas };
  return { check: 'owner-controller', code: 'recreated', data, objects: chain.map((link) => link.ref) };
};

const ownedBy = (owner: OwnerLink): Found => ({ check: 'owner-controller', code: 'owned-by-unknown-kind', data: { owner: owner.ref, controller: owner.controller }, objects: [owner.ref] });

const find = (pod: Pod, { owners, gitops }: { readonly owners: OwnersView; readonly gitops: GitOpsView }, target: Target): readonly Found[] => {
  const check = 'owner-controller' as const;
  const { recreation, chain } = owners;
  const phase = pod.status?.phase ?? 'Unknown';
  // Only a pod is missed when nothing creates it again; that a ReplicaSet or Service comes back is worth knowing all the same.
  if (!isPodKind(target.ref)) return recreation.kind === 'recreated' ? [recreatedBy(recreation, chain)] : recreation.kind === 'custom' ? [ownedBy(recreation.owner)] : [];
  if (isFinished(pod)) {
    const owner = chain[0]?.ref ?? null;
    return [{ check, code: 'finished-pod', data: { phase, owner }, objects: owner === null ? [] : [owner] }];
  }
  switch (recreation.kind) {
    case 'nothing':
      // Argo CD or Flux creates it again: gitops-owner says so.
      if (putsBack(gitops.manager)) return [];
      return isDebugPod(pod)
        ? [{ check, code: 'debug-pod', data: { madeBy: 'kubectl debug' }, objects: [] }]
        : [{ check, code: 'bare-pod', data: { phase }, objects: [] }];
    case 'owner-gone':
      return [{ check, code: 'owner-gone', data: { owner: recreation.owner.ref }, objects: [recreation.owner.ref] }];
    case 'not-recreated':
      return [{ check, code: 'not-recreated', data: { owner: recreation.owner.ref, because: recreation.because }, objects: [recreation.owner.ref] }];
    case 'custom':
      return [ownedBy(recreation.owner)];
    case 'recreated':
      return [recreatedBy(recreation, chain)];
    case 'unread':
      // Failing to read the owner makes the check unknown: its controller may or may not recreate.
      return [];
  }
};

export const ownerController = defineCheck({
  id: 'owner-controller',
  kinds: 'every',
  needs: ['owners'],
  uses: ['gitops'],
  notApplicable: (pod) => (isMirror(pod) ? 'a mirror pod: its kubelet shows it again' : null),
  find: (pod, views, _given, target) => find(pod, views, target),
});
