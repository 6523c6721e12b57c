/** A pod without a node, or on one that is gone: no kubelet ends it, the pod garbage collector does (kubernetes pkg/controller/podgc). */
import type { Cause } from './case.ts';
import { onControllerManager } from './controller-manager.ts';
import { nodeRef } from './node.ts';
import { waitingFor } from './waiting-on.ts';

export const onPodGarbageCollector: Cause = (of) => {
  const { node: at } = of.views;
  if (at.state !== 'not-scheduled' && at.state !== 'gone') return [];
  const manager = onControllerManager(of, 'its pod garbage collector, the only one that can remove this pod, does not run');
  const common = { kind: 'controller', name: 'pod-garbage-collector', remedy: 'Wait; if it stays, kube-controller-manager does not run.' } as const;
  if (at.state === 'not-scheduled') return [...manager, waitingFor({ ...common, message: 'the pod is on no node: the pod garbage collector removes it within 20 s' })];
  const name = at.name ?? '';
  return [...manager, waitingFor({ ...common, message: `node ${name} does not exist any more: the pod garbage collector removes the pod within a minute`, objects: [nodeRef(name)] })];
};
