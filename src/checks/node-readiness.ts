import { LEASE_STALE_SECONDS } from '../facts/node.ts';
import type { NodeView } from '../facts/node.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isFinished } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'node-readiness'>;
const check = 'node-readiness' as const;

const trouble = (at: NodeView, node: string, objects: readonly Ref[]): Found | null => {
  if (at.state === 'gone') return { check, code: 'node-gone', data: { node }, objects };
  if (at.state !== 'found') return null;
  const silent = at.ready !== 'True';
  if (silent && at.outOfService) return { check, code: 'node-out-of-service', data: { node }, objects };
  if (silent) return { check, code: 'node-not-ready', data: { node, status: at.ready === 'False' ? 'False' : 'Unknown', reason: at.reason, since: at.since }, objects };
  const age = at.leaseAgeSeconds;
  return age !== null && age > LEASE_STALE_SECONDS ? { check, code: 'node-lease-stale', data: { node, ageSeconds: Math.round(age) }, objects } : null;
};

const find = (pod: Pod, { node: at }: { readonly node: NodeView }): readonly Found[] => {
  if (at.name === null) return [];
  const ref: Ref = { group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespace: null, name: at.name, uid: null };
  const found = trouble(at, at.name, [ref]);
  if (found === null) return [];
  return isFinished(pod) ? [{ check, code: 'finished-pod-on-lost-node', data: { node: at.name, phase: pod.status?.phase ?? '' }, objects: [ref] }] : [found];
};

export const nodeReadiness = defineCheck({
  id: 'node-readiness',
  needs: ['node'],
  notApplicable: (pod) => notForMirrors(pod) ?? ((pod.spec?.nodeName ?? '') === '' ? 'not scheduled to a node' : null),
  find,
});
