/** Why a Terminating pod is still there, in the order of docs/reference/termination.md 4.1. Pure; the first reason is the one to act on. */
import type { FinalizersView } from '../facts/finalizers.ts';
import { LEASE_STALE_SECONDS } from '../facts/node.ts';
import type { NodeView } from '../facts/node.ts';
import { allContainersEnded, isMirror } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Pod } from '../model/wire.ts';
import { onFinalizer } from './object.ts';
import type { WaitingOn } from './waiting-on.ts';

/** A little patience past the deadline: the kubelet starts its own countdown when it acts, and preStop may get 2 s more. */
const SLACK_SECONDS = 5;

const nodeRef = (name: string): Ref => ({ group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespace: null, name, uid: null });

const onNode = (at: NodeView): WaitingOn | null => {
  const name = at.name;
  if (name === null) return null;
  const objects = [nodeRef(name)];
  if (at.state === 'gone') {
    return { kind: 'controller', name: 'pod-garbage-collector', message: `node ${name} does not exist any more: the pod garbage collector removes the pod within a minute`, remedy: 'Wait; if it stays, kube-controller-manager does not run.', objects };
  }
  if (at.state !== 'found') return null;
  if (at.ready !== 'True') {
    const since = at.since === null ? '' : ` since ${at.since}`;
    return {
      kind: 'node',
      name,
      message: `node ${name} does not answer (Ready is ${at.ready ?? 'Unknown'}${since}): nobody can tell whether its containers still run`,
      remedy: `Get ${name} back; only if it is surely powered off, taint it node.kubernetes.io/out-of-service=nodeshutdown:NoExecute or delete the Node. Forcing the pod away while the node runs leaves its process running.`,
      objects,
    };
  }
  if (at.leaseAgeSeconds !== null && at.leaseAgeSeconds > LEASE_STALE_SECONDS) {
    return { kind: 'node', name, message: `the kubelet of node ${name} has given no sign of life for ${Math.round(at.leaseAgeSeconds)} s`, remedy: `Look at ${name}: its kubelet or its network is down.`, objects };
  }
  return null;
};

/** The containers whose end is not reported. One container's end is not shown while another runs (kubernetes 106896): some may have ended. */
const whatIsShown = (pod: Pod): { readonly name: string; readonly message: string } => {
  const open = (pod.status?.containerStatuses ?? []).filter((s) => s.state?.terminated === undefined);
  const [first] = open;
  if (first === undefined) return { name: pod.metadata.name, message: 'nothing is reported of its containers' };
  const running = open.filter((s) => s.state?.running !== undefined).map((s) => s.name);
  if (running.length === 0) return { name: first.name, message: `container ${first.name} is still shown as waiting (${first.state?.waiting?.reason ?? 'no reason given'})` };
  return { name: running[0] ?? first.name, message: running.length === 1 ? `container ${running.join('')} is still shown as running` : `containers ${running.join(', ')} are still shown as running` };
};

/** `now`: the API server's time, in milliseconds. */
export const waitingOnPod = (pod: Pod, at: NodeView, views: FinalizersView, now: number): readonly WaitingOn[] => {
  const deadline = pod.metadata.deletionTimestamp;
  if (deadline === undefined) return [];
  const finalizers = (pod.metadata.finalizers ?? []).map((name) => onFinalizer(name, views));
  const removable = (pod.metadata.deletionGracePeriodSeconds ?? 0) === 0;
  if (removable && finalizers.length > 0) return finalizers;
  const reasons: WaitingOn[] = [];
  const ended = allContainersEnded(pod);
  const left = Math.ceil((Date.parse(deadline) - now) / 1000);
  const node = onNode(at);
  if (node !== null) reasons.push(node);
  if (at.state === 'not-scheduled') {
    reasons.push({ kind: 'controller', name: 'pod-garbage-collector', message: 'the pod is on no node: the pod garbage collector removes it within 20 s', remedy: 'Wait; if it stays, kube-controller-manager does not run.', objects: [] });
  } else if (isMirror(pod)) {
    reasons.push({ kind: 'node', name: at.name ?? '', message: 'it mirrors a static pod: its kubelet shows it again', remedy: "Move its manifest out of the kubelet's staticPodPath.", objects: [] });
  } else if (ended) {
    reasons.push({ kind: 'volume', name: pod.metadata.name, message: `all its containers have ended; the kubelet${at.name === null ? '' : ` of ${at.name}`} still unmounts its volumes and cleans up`, remedy: 'Wait; if it lasts, look at the kubelet\'s log for a volume that cannot be unmounted.', objects: [] });
  } else if (left > -SLACK_SECONDS) {
    const message = left > 0 ? `the grace period ends in ${left} s` : 'the grace period has just ended; SIGKILL follows';
    if (node === null) reasons.push({ kind: 'grace', name: `${left > 0 ? left : 0}s`, message, remedy: 'Wait: this is in order.', objects: [] });
  } else if (node === null) {
    const shown = whatIsShown(pod);
    const nodeIs = at.state === 'found' ? 'its node is Ready' : 'its node could not be read';
    reasons.push({
      kind: 'container',
      name: shown.name,
      message: `${-left} s past the deadline, ${shown.message}, and ${nodeIs}`,
      remedy: 'Look at the kubelet\'s and the runtime\'s logs on its node: a process in uninterruptible sleep (hung storage) cannot be killed.',
      objects: at.name === null ? [] : [nodeRef(at.name)],
    });
  }
  return [...reasons, ...finalizers];
};
