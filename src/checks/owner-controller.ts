import { putsBack } from '../facts/gitops.ts';
import type { GitOpsView } from '../facts/gitops.ts';
import type { OwnerLink, OwnersView, Recreation } from '../facts/owners.ts';
import type { FindingOf } from '../findings/finding.ts';
import { madeBy } from '../model/made-again.ts';
import { isDebugPod, isFinished, isMirror, isPodKind, isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { CronJob, Pod } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'owner-controller'>;

/** What a person who wants it gone for good does to its top owner. */
const meantFor = (target: Target, top: OwnerLink): 'scale' | 'delete' | 'suspend' => {
  if (!isPodKind(target.ref)) return 'delete';
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

const recreatedBy = (target: Target, recreation: Extract<Recreation, { kind: 'recreated' }>, chain: OwnersView['chain']): Found => {
  const top = builtInTop(chain, recreation.owner);
  const data = { owner: recreation.owner.ref, top: top.ref, sameName: recreation.sameName, meant: meantFor(target, top), replicas: recreation.replicas };
  return { check: 'owner-controller', code: 'recreated', data, objects: chain.map((link) => link.ref) };
};

const ownedBy = (owner: OwnerLink): Found => ({ check: 'owner-controller', code: 'owned-by-unknown-kind', data: { owner: owner.ref, controller: owner.controller }, objects: [owner.ref] });

/** Only a pod is missed when nothing creates it again; that something else comes back is worth knowing all the same. */
const ofOtherKind = (target: Target, { recreation, chain }: OwnersView): readonly Found[] => {
  const check = 'owner-controller' as const;
  const by = madeBy(target.ref);
  if (by !== null) return [{ check, code: 'made-again', data: { by }, objects: [] }];
  if (recreation.kind === 'recreated') return [recreatedBy(target, recreation, chain)];
  if (recreation.kind === 'custom') return [ownedBy(recreation.owner)];
  const [owner] = chain;
  if (recreation.kind !== 'nothing' || owner === undefined || owner.object === null || owner.ref.group !== 'batch' || owner.ref.kind !== 'CronJob') return [];
  const { spec } = owner.object as CronJob;
  return spec.suspend === true || isTerminating(owner.object) ? [] : [{ check, code: 'next-on-schedule', data: { owner: owner.ref, schedule: spec.schedule }, objects: [owner.ref] }];
};

const find = (pod: Pod, { owners, gitops }: { readonly owners: OwnersView; readonly gitops: GitOpsView }, target: Target): readonly Found[] => {
  const check = 'owner-controller' as const;
  const { recreation, chain } = owners;
  const phase = pod.status?.phase ?? 'Unknown';
  if (!isPodKind(target.ref)) return ofOtherKind(target, owners);
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
      return [recreatedBy(target, recreation, chain)];
    case 'goes-too':
      return [];
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
