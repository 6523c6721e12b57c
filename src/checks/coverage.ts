import { builtInKind } from '../discovery/built-in.ts';
import type { Given } from '../facts/fact.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';
import type { Check } from './check.ts';

const check = 'coverage' as const;

/** Written by controllers about other things; nothing hangs on them. The other namespaced kinds of Kubernetes are known by name. */
const RECORDS: ReadonlySet<string> = new Set([
  '/Event', 'events.k8s.io/Event', 'coordination.k8s.io/Lease', 'discovery.k8s.io/EndpointSlice', '/Endpoints', 'apps/ControllerRevision', 'storage.k8s.io/CSIStorageCapacity', '/PodTemplate',
]);

const kindOf = ({ ref }: Target): string => `${ref.group}/${ref.kind}`;

const isKnown = (target: Target, others: readonly Check[]): boolean =>
  RECORDS.has(kindOf(target)) || (target.ref.namespace !== null && builtInKind(target.ref.group, target.ref.kind) !== null) || others.some((other) => other.knows?.(target) === true);

/** One finding for a kind of the run, on its first target: it speaks of all of them. */
const find = (target: Target, { targets }: Given): readonly FindingOf<'coverage'>[] => {
  const kind = kindOf(target);
  if (targets.find((t) => kindOf(t) === kind)?.ref.uid !== target.ref.uid) return [];
  const data = { kind: target.ref.kind, group: target.ref.group, count: targets.filter((t) => kindOf(t) === kind).length };
  return [{ check, code: target.ref.namespace === null ? 'cluster-kind-not-known' : 'kind-not-known', data, objects: [] }];
};

/** Whether any of these checks was made for the kind; those that look at every kind do not count. */
export const coverage = (others: readonly Check[]): Check =>
  defineCheck({
    id: check,
    needs: [],
    kinds: (target) => !isKnown(target, others),
    find: (_object, _views, given, target) => find(target, given),
  });
