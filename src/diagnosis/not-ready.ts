/** Why what comes after a deleted object is not there, or not Ready. Pure; the first thing that is in the way, in the order in which a pod comes to be. */
import type { AttachmentsView } from '../facts/attachments.ts';
import { latest } from '../facts/object-events.ts';
import type { ObjectEventsView } from '../facts/object-events.ts';
import { isReady, isTerminating } from '../model/pod.ts';
import { typeSlashName } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import type { ContainerStatus, Pod } from '../model/wire.ts';
import { attachmentReason } from './attachment.ts';
import { kubectl } from './case.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

/** What is known of an owner that has not created the replacement yet. */
export interface NotCreated {
  readonly owner: Ref;
  /** The owner's own words: its condition, or its latest event that says that it failed to create a pod. null: none. */
  readonly failure: string | null;
  /** The member with a lower ordinal that has to be Ready first (OrderedReady). */
  readonly before: Pod | null;
  /** kube-controller-manager does not lead, since so many seconds. */
  readonly silentSeconds: number | null;
}

const quota = /exceeded quota: ([^,]+),/u;

export const whyNotCreated = ({ owner, failure, before, silentSeconds }: NotCreated): WaitingOn => {
  const name = typeSlashName(owner);
  const common = { objects: [owner], commands: [kubectl('describe', owner, 'its events')] } as const;
  if (silentSeconds !== null) {
    return waitingFor({ ...common, kind: 'controller', name: 'kube-controller-manager', message: `kube-controller-manager has given no sign of life for ${silentSeconds} s: ${name} creates no replacement`, remedy: 'Bring kube-controller-manager back; it goes on by itself then.' });
  }
  if (before !== null) {
    const lower = before.metadata.name;
    return waitingFor({
      ...common,
      kind: 'dependents',
      name: `pod/${lower}`,
      message: `${name} creates its pods in order (OrderedReady), and ${lower}, which comes before, is ${isTerminating(before) ? 'Terminating' : 'not Ready'}`,
      remedy: `Get ${lower} Ready; the replacement is created then.`,
    });
  }
  if (failure !== null) {
    const limit = quota.exec(failure)?.[1];
    return waitingFor({
      ...common,
      kind: 'controller',
      name,
      message: `${name} could not create the replacement: ${failure}`,
      remedy: limit === undefined ? 'Mend what the message says; its controller tries again, later each time.' : `Make room in quota ${limit}, or raise it; the controller tries again, later each time.`,
    });
  }
  return waitingFor({ ...common, kind: 'controller', name, message: `${name} has not created the replacement yet`, remedy: 'Wait; if it lasts, look at its events.' });
};

export interface NotReady {
  readonly ref: Ref;
  readonly pod: Pod;
  readonly events: ObjectEventsView;
  readonly attachments: AttachmentsView;
}

const imageReasons = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable', 'ImageInspectError'];

const onContainer = (status: ContainerStatus, of: NotReady): WaitingOn | null => {
  const { waiting, running } = status.state ?? {};
  const common = { kind: 'container', name: status.name, objects: [of.ref] } as const;
  const reason = waiting?.reason ?? '';
  if (imageReasons.includes(reason)) {
    return waitingFor({ ...common, message: `the image ${status.image} of container ${status.name} cannot be pulled (${reason}${waiting?.message === undefined ? '' : `: ${waiting.message}`})`, remedy: 'Mend the image name, the registry or its credentials in the template.', commands: [kubectl('describe', of.ref, 'the events of the pull')] });
  }
  if (reason === 'CrashLoopBackOff') {
    const last = status.lastState?.terminated;
    const ended = last === undefined ? '' : `; it ended last with ${last.exitCode} (${last.reason ?? 'no reason given'})`;
    return waitingFor({ ...common, message: `container ${status.name} crashes again and again (${status.restartCount} restarts)${ended}`, remedy: 'Read the log of its last run.', commands: [kubectl('logs', { ...of.ref, resource: 'pod' }, 'its last run', '-c', status.name, '--previous')] });
  }
  if (reason === 'CreateContainerConfigError' || reason === 'CreateContainerError' || reason === 'RunContainerError') {
    return waitingFor({ ...common, message: `container ${status.name} cannot be made (${reason}${waiting?.message === undefined ? '' : `: ${waiting.message}`})`, remedy: 'Mend what the message says.', commands: [kubectl('describe', of.ref, 'its events')] });
  }
  if (running !== undefined && !status.ready) {
    const probe = latest(of.events, 'Unhealthy');
    return waitingFor({ ...common, message: `container ${status.name} runs and is not ready${probe === null ? '' : `: ${probe.message ?? ''}`}`, remedy: 'Wait; if it lasts, look at its readiness probe and its log.', commands: [kubectl('logs', { ...of.ref, resource: 'pod' }, 'what it says', '-c', status.name)] });
  }
  return null;
};

/** The volume first: until it is attached and mounted no container starts. */
const onVolume = (of: NotReady): WaitingOn | null => {
  const failed = latest(of.events, 'FailedAttachVolume', 'FailedMount', 'FailedMapVolume');
  const node = of.pod.spec?.nodeName ?? '';
  const elsewhere = of.attachments.attachments.find((a) => a.node !== node && a.attached);
  if (failed === null) return elsewhere === undefined || node === '' ? null : attachmentReason(elsewhere);
  if (elsewhere === undefined) {
    return waitingFor({ kind: 'volume', name: of.attachments.claims[0]?.name ?? of.ref.name, message: `a volume is not there: ${failed.message ?? ''}`, remedy: 'Mend what the message says; the kubelet tries again.', objects: [...of.attachments.claims], commands: [kubectl('describe', of.ref, 'its events')] });
  }
  const reason = attachmentReason(elsewhere);
  return { ...reason, message: `${failed.message ?? ''}; ${reason.message}` };
};

export const whyNotReady = (of: NotReady): WaitingOn => {
  const { pod, ref } = of;
  const conditions = pod.status?.conditions ?? [];
  const unscheduled = conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (unscheduled !== undefined) {
    return waitingFor({ kind: 'node', name: ref.name, message: `no node takes ${ref.name}: ${unscheduled.message ?? unscheduled.reason ?? 'it is not scheduled'}`, remedy: 'Make room on a node, or mend what the pod asks of one.', objects: [ref], commands: [kubectl('describe', ref, "the scheduler's events")] });
  }
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const notStarted = statuses.every((s) => s.state?.running === undefined && s.state?.terminated === undefined && (s.restartCount === 0));
  const volume = notStarted ? onVolume(of) : null;
  if (volume !== null) return volume;
  for (const status of statuses) {
    const reason = onContainer(status, of);
    if (reason !== null) return reason;
  }
  const sandbox = latest(of.events, 'FailedCreatePodSandBox');
  const gate = (pod.spec?.readinessGates ?? []).find((g) => conditions.find((c) => c.type === g.conditionType)?.status !== 'True');
  const why = sandbox !== null ? `: ${sandbox.message ?? ''}` : gate !== undefined && !isReady(pod) ? `: its readiness gate ${gate.conditionType} is not met` : '';
  return waitingFor({ kind: 'container', name: statuses[0]?.name ?? ref.name, message: `${ref.name} starts (${pod.status?.phase ?? 'Pending'})${why}`, remedy: 'Wait; if it lasts, look at its events.', objects: [ref], commands: [kubectl('describe', ref, 'its events')] });
};
