/** Why an object that is being deleted is still there, in the order of docs/reference/termination.md 4.1. Pure; the first reason is the one to act on. */
import { knownFinalizer } from '../facts/known-finalizers.ts';
import { allContainersEnded, isMirror, isPodKind } from '../model/pod.ts';
import type { Pod } from '../model/wire.ts';
import { onAttachments } from './attachment.ts';
import type { Case, Cause } from './case.ts';
import { onClaimOfVolume, onUsersOfClaim } from './claim.ts';
import { onCleanUp } from './clean-up.ts';
import { onContainer } from './container.ts';
import { onControllerManager } from './controller-manager.ts';
import { INSTANCES, onInstances } from './definition.ts';
import { FOREGROUND, onDependents } from './dependents.ts';
import { onFinalizer } from './finalizer.ts';
import { onPodGarbageCollector } from './garbage-collected.ts';
import { isInGrace, onGrace } from './grace.ts';
import { LOAD_BALANCER, onLoadBalancer } from './load-balancer.ts';
import { onMirror } from './mirror.ts';
import { onNamespace } from './namespace.ts';
import { onNode } from './node.ts';
import type { WaitingOn } from './waiting-on.ts';
import { onStatusWebhook, onWebhook } from './webhook.ts';

/** What a finalizer of this name waits for, where more can be seen than that it is there. */
const specific: readonly (readonly [matches: (name: string) => boolean, cause: Cause])[] = [
  [(name) => name === FOREGROUND, onDependents],
  [(name) => name === 'kubernetes.io/pvc-protection', onUsersOfClaim],
  [(name) => name === 'kubernetes.io/pv-protection', onClaimOfVolume],
  [(name) => name.startsWith('external-attacher/'), onAttachments],
  [(name) => name === INSTANCES, onInstances],
  [(name) => name === LOAD_BALANCER, onLoadBalancer],
];

const onOneFinalizer = (of: Case, name: string): readonly WaitingOn[] => {
  const seen = specific.find(([matches]) => matches(name))?.[1](of) ?? [];
  if (seen.length > 0) return seen;
  const known = knownFinalizer(name);
  const manager = known?.inControllerManager === true ? onControllerManager(of, `${known.controller}, which removes finalizer ${name}, does not run`) : [];
  return [...manager, onFinalizer(of, name)];
};

const rank = (r: WaitingOn): number => (r.kind === 'controller' || r.kind === 'claim' ? 0 : 1);

/** A volume's attachments hold its claim too, so what can be acted on comes before what only follows. */
const onFinalizers: Cause = (of) => {
  const { finalizers = [] } = of.target.object.metadata;
  const reasons = finalizers.flatMap((name) => onOneFinalizer(of, name));
  const unlike = [...new Map(reasons.map((r) => [`${r.kind} ${r.name}`, r])).values()];
  return unlike.toSorted((a, b) => rank(a) - rank(b));
};

const onPod: Cause = (of) => {
  const pod: Pod = of.target.object;
  const finalizers = onFinalizers(of);
  const webhooks = onWebhook(of);
  if ((pod.metadata.deletionGracePeriodSeconds ?? 0) === 0 && finalizers.length > 0) return [...webhooks, ...finalizers];
  const node = onNode(of);
  const collected = onPodGarbageCollector(of);
  if (collected.length > 0) return [...collected, ...finalizers];
  if (isMirror(pod)) return [...node, ...onMirror(of), ...finalizers];
  if (allContainersEnded(pod)) return [...node, ...webhooks, ...onCleanUp(of), ...finalizers];
  if (node.length > 0) return [...node, ...finalizers];
  if (isInGrace(pod, of.now)) return [...onGrace(of), ...finalizers];
  return [...onStatusWebhook(of), ...onContainer(of), ...finalizers];
};

const isNamespace = ({ target: { ref } }: Case): boolean => ref.group === '' && ref.kind === 'Namespace';

/** All that holds it; empty for an object that is not being deleted, or that nothing is known to hold. */
export const waitingOn: Cause = (of) => {
  if (of.target.object.metadata.deletionTimestamp === undefined) return [];
  if (isPodKind(of.target.ref)) return onPod(of);
  return [...onWebhook(of), ...(isNamespace(of) ? onNamespace(of) : []), ...onFinalizers(of)];
};
