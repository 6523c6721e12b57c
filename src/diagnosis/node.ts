/** The node of a pod does not answer. */
import { LEASE_STALE_SECONDS } from '../facts/node.ts';
import type { Ref } from '../model/ref.ts';
import { kubectl } from './case.ts';
import type { Cause } from './case.ts';
import { waitingFor } from './waiting-on.ts';

export const nodeRef = (name: string): Ref => ({ group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespace: null, name, uid: null });

const danger = 'Forced away while the node still runs, its process lives on: with the same identity or volume there are two writers then. The out-of-service taint is for a node that is surely powered off.';

export const onNode: Cause = ({ views: { node: at } }) => {
  const { name } = at;
  if (name === null || at.state !== 'found') return [];
  const common = { kind: 'node', name, objects: [nodeRef(name)], commands: [kubectl('describe', nodeRef(name), 'its conditions, taints and events')], danger } as const;
  if (at.ready !== 'True') {
    const since = at.since === null ? '' : ` since ${at.since}`;
    return [
      waitingFor({
        ...common,
        message: `node ${name} does not answer (Ready is ${at.ready ?? 'Unknown'}${since}): nobody can tell whether its containers still run`,
        remedy: `Get ${name} back. Only if it is surely powered off, taint it node.kubernetes.io/out-of-service=nodeshutdown:NoExecute, or delete the Node if it never comes back.`,
      }),
    ];
  }
  if (at.leaseAgeSeconds === null || at.leaseAgeSeconds <= LEASE_STALE_SECONDS) return [];
  return [waitingFor({ ...common, message: `the kubelet of node ${name} has given no sign of life for ${Math.round(at.leaseAgeSeconds)} s`, remedy: `Look at ${name}: its kubelet or its network is down.` })];
};
