/** What may hang on an object of a kind: where to look for what the garbage collector takes along. */
import { builtInKind, isBuiltInGroup } from '../discovery/built-in.ts';
import type { ResourceKind } from '../model/ref.ts';
import { selectorText } from '../model/selector.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { StatefulSet } from '../model/wire.ts';

export interface Hanging {
  /** Kinds besides pods, listed as metadata in the namespace. */
  readonly kinds: readonly ResourceKind[];
  /** The pods, read whole, because their readiness counts; `all`: nothing selects them, so their metadata shows first which ones they are. null: none. */
  readonly pods: { readonly selector: string } | 'all' | null;
  /** Owners of any kind may stand between: what is found are the usual kinds, and there may be more. */
  readonly custom: boolean;
}

const kinds = (...names: readonly (readonly [group: string, kind: string])[]): readonly ResourceKind[] => names.flatMap(([group, kind]) => builtInKind(group, kind) ?? []);

const revisions = kinds(['apps', 'ControllerRevision']);

/** What operators make for their custom resources. No Secrets: reading them is too much of a right for a count. */
const usual = kinds(
  ['apps', 'Deployment'],
  ['apps', 'StatefulSet'],
  ['apps', 'DaemonSet'],
  ['apps', 'ReplicaSet'],
  ['batch', 'CronJob'],
  ['batch', 'Job'],
  ['', 'Service'],
  ['', 'ConfigMap'],
  ['', 'PersistentVolumeClaim'],
);

const selected = (selector: LabelSelector | undefined): Hanging['pods'] => {
  const text = selectorText(selector);
  return text === null ? 'all' : { selector: text };
};

/** Only with this policy a set's claims have it as their owner when it goes (KEP-1847). */
const takesClaims = (set: StatefulSet): boolean => set.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete' && (set.spec.volumeClaimTemplates ?? []).length > 0;

/** null: Kubernetes hangs nothing on this kind, or what goes with it is another check's (a Namespace's content, a definition's instances). */
export const hangingOn = ({ ref, object }: Target): Hanging | null => {
  const { spec } = object as { readonly spec?: { readonly selector?: unknown } };
  const bySelector = (owned: readonly ResourceKind[]): Hanging => ({ kinds: owned, pods: selected(spec?.selector as LabelSelector | undefined), custom: false });
  switch (`${ref.group}/${ref.kind}`) {
    case '/Pod':
      return { kinds: [], pods: 'all', custom: false };
    case 'apps/Deployment':
      return bySelector(kinds(['apps', 'ReplicaSet']));
    case 'apps/ReplicaSet':
    case 'batch/Job':
      return bySelector([]);
    case '/ReplicationController':
      return { kinds: [], pods: selected({ matchLabels: (spec?.selector ?? {}) as Readonly<Record<string, string>> }), custom: false };
    case 'apps/StatefulSet':
      return bySelector(takesClaims(object) ? [...revisions, ...kinds(['', 'PersistentVolumeClaim'])] : revisions);
    case 'apps/DaemonSet':
      return bySelector(revisions);
    case 'batch/CronJob':
      return { kinds: kinds(['batch', 'Job']), pods: 'all', custom: false };
    case '/Service':
      return { kinds: kinds(['discovery.k8s.io', 'EndpointSlice']), pods: null, custom: false };
    default:
      // What a cluster-scoped object owns may be in any namespace: that is not looked for.
      return isBuiltInGroup(ref.group) || ref.namespace === null ? null : { kinds: usual, pods: 'all', custom: true };
  }
};
