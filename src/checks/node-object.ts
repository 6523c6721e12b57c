import type { NodeContentsView } from '../facts/node-contents.ts';
import type { OnNode } from '../findings/codes/node-object.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isControlled } from '../model/owner.ts';
import type { KubeObject, Pod } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'node-object'>;
const check = 'node-object' as const;

/** Karpenter's: the instance is terminated before the Node may go (peers.md 6.1). */
const TERMINATES_MACHINE = 'karpenter.sh/termination';

const holdsLocalData = (pod: Pod): boolean => (pod.spec?.volumes ?? []).some((v) => (v.emptyDir !== undefined && v.emptyDir.medium !== 'Memory') || v.hostPath !== undefined);

const onNode = (pods: readonly Pod[]): OnNode => ({
  pods: pods.length,
  names: pods.map((p) => `${p.metadata.namespace ?? ''}/${p.metadata.name}`),
  bare: pods.filter((p) => !isControlled(p.metadata)).length,
  withLocalData: pods.filter(holdsLocalData).length,
});

const inService = ({ ready, since, cordoned, pods, volumes, unread }: NodeContentsView): readonly Found[] => {
  const what = onNode(pods);
  if (ready === 'True') return [{ check, code: 'node-still-ready', data: { ...what, cordoned }, objects: [] }];
  if (pods.length > 0) return [{ check, code: 'pods-on-dead-node', data: { ...what, status: ready, since }, objects: [] }];
  // What could not be listed is not said to be empty.
  return volumes.length > 0 || unread.length > 0 ? [] : [{ check, code: 'dead-and-empty', data: { status: ready, since }, objects: [] }];
};

const find = (node: KubeObject, contents: NodeContentsView): readonly Found[] => {
  const machine = (node.metadata.finalizers ?? []).includes(TERMINATES_MACHINE);
  const volumes = contents.volumes.map((v) => ({ name: v.metadata.name, claim: v.spec?.claimRef?.name === undefined ? null : `${v.spec.claimRef.namespace ?? ''}/${v.spec.claimRef.name}` }));
  return [
    ...(machine ? [{ check, code: 'machine-goes-with-node' as const, data: { finalizer: TERMINATES_MACHINE }, objects: [] }] : []),
    ...inService(contents),
    ...(volumes.length > 0 ? [{ check, code: 'local-volumes-on-node' as const, data: { volumes }, objects: [] }] : []),
  ];
};

export const nodeObject = defineCheck({
  id: 'node-object',
  kinds: ['/Node'],
  needs: ['nodeContents'],
  find: (node, { nodeContents }) => find(node, nodeContents),
});
