import type { Given } from '../facts/fact.ts';
import { provedDead } from '../facts/node.ts';
import type { NodeView } from '../facts/node.ts';
import type { FindingOf } from '../findings/finding.ts';
import { allContainersEnded, deletionChangesSomething } from '../model/pod.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck } from './check.ts';

const waitsFor = (pod: Pod, at: NodeView, overdue: boolean): string => {
  const finalizers = pod.metadata.finalizers ?? [];
  const held = finalizers.length === 0 ? null : `finalizer ${finalizers.join(', ')}`;
  if (held !== null && (pod.metadata.deletionGracePeriodSeconds ?? 0) === 0) return held;
  if (at.state === 'gone') return 'the pod garbage collector: its node is gone';
  if (at.state === 'found' && at.ready !== 'True') return `node ${at.name ?? ''}, whose kubelet does not answer`;
  const process = allContainersEnded(pod) || provedDead(pod, at) ? "the kubelet's clean-up" : overdue ? 'its containers to end' : 'its grace period';
  return held === null ? process : `${process}, then ${held}`;
};

const find = (pod: Pod, { node: at }: { readonly node: NodeView }, given: Given): readonly FindingOf<'terminating'>[] => {
  const deadline = pod.metadata.deletionTimestamp;
  if (deadline === undefined) return [];
  const grace = pod.metadata.deletionGracePeriodSeconds;
  // deletionTimestamp is the deadline; the request was that much earlier (k8s.io/apiserver BeforeDelete).
  const since = grace === undefined ? null : new Date(Date.parse(deadline) - grace * 1000).toISOString();
  const overdueSeconds = Math.max(0, Math.round((given.now - Date.parse(deadline)) / 1000));
  const data = { since, deadline, overdueSeconds, waitsFor: waitsFor(pod, at, overdueSeconds > 0), graceLowered: deletionChangesSomething(pod, given.gracePeriodSeconds) };
  return [{ check: 'terminating', code: 'already-terminating', data, objects: [] }];
};

export const terminating = defineCheck({ id: 'terminating', kinds: 'every', needs: [], uses: ['node'], whenTerminating: true, find });
