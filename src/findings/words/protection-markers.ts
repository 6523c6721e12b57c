import { typeSlashName } from '../../model/ref.ts';
import type { Ref } from '../../model/ref.ts';
import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const see = (target: Ref): readonly Command[] => [
  { argv: ['kubectl', 'get', typeSlashName(target), ...(target.namespace === null ? [] : ['-n', target.namespace]), '-o', 'jsonpath={.metadata.labels}{"\\n"}{.metadata.annotations}{"\\n"}'], why: 'see its markers' },
];
const marked = (data: { readonly key: string; readonly value: string }): string => `${data.key}: ${data.value}`;

export const protectionMarkers: CheckWords<'protection-markers'> = {
  id: 'protection-markers',
  looksAt:
    'labels and annotations that ask not to delete: OpenKruise, Karmada, Gardener, Crossplane, KubeVirt, Helm, Argo CD, Flux, kapp, cli-utils, Tilt, autoscaler, Karpenter, descheduler; our own `kubectl-safe-delete/protect: "reason"`',
  codes: {
    'protected-by-reason': {
      severity: 'blocker',
      means: 'Someone marked the object with kubectl-safe-delete/protect and a reason.',
      message: (data, target) => `${target.name} is protected${data.reason.trim() === '' || data.reason.trim().toLowerCase() === 'true' ? '' : `: ${data.reason}`} (${data.key}).`,
      remedy: (data) => `Talk to who protected it; who may delete it removes ${data.key} first.`,
      commands: (_data, target) => see(target),
    },
    'delete-protection': {
      severity: 'blocker',
      means: 'A label of OpenKruise, Karmada, Crossplane, KubeVirt or Cozystack protects the object from deletion.',
      message: (data, target) => `${data.by} protects ${target.name} from deletion (${marked(data)}).`,
      remedy: (data) => `Make sure that it may go, and take ${data.key} off first.`,
      commands: (_data, target) => see(target),
    },
    keep: {
      severity: 'blocker',
      means: 'The object asks the tool that applied it to keep it when all else of it is removed.',
      message: (data, target) => `${target.name} is to be kept when ${data.by} removes the rest (${marked(data)}): deleting it by hand goes against that.`,
      remedy: (data) => `Make sure that it may go, and take ${data.key} off first.`,
      commands: (_data, target) => see(target),
    },
    'confirmation-asked': {
      severity: 'blocker',
      means: 'Its deletion has to be confirmed where it is managed: Argo CD (Delete=confirm, Prune=confirm), Gardener, OpenShift Data Foundation.',
      message: (data, target) => `${data.by} wants the deletion of ${target.name} to be confirmed (${marked(data)}).`,
      remedy: (data) => `Confirm it in ${data.by}.`,
      commands: (_data, target) => see(target),
    },
    'not-to-be-pruned': {
      severity: 'warning',
      means: 'The object asks Argo CD or Flux not to remove it when it is no longer in Git (Prune=false, prune: disabled).',
      message: (data, target) => `${data.by} is not to remove ${target.name} by itself (${marked(data)}): someone wants it to outlive its manifest.`,
      remedy: () => 'Make sure that nobody needs it any more.',
      commands: (_data, target) => see(target),
    },
    'not-to-be-disrupted': {
      severity: 'note',
      means: 'The object asks an autoscaler, Karpenter or the descheduler to leave it alone: its work may be dear to interrupt.',
      message: (data, target) => `${data.by} is to leave ${target.name} alone (${marked(data)}): its work may be dear to interrupt.`,
      remedy: () => 'Make sure that it is a good moment.',
    },
  },
};
