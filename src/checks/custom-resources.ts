import type { InstancesView } from '../facts/instances.ts';
import type { FindingOf } from '../findings/finding.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'custom-resources'>;
const check = 'custom-resources' as const;

/** So many instances are named in the finding; the count holds all. */
const NAMED = 200;
const SHOWN = 20;

const find = ({ kind, group, count, atLeast, known, finalizers, converter }: InstancesView): readonly Found[] => {
  if (count === null) return [];
  if (count === 0) return [{ check, code: 'no-instances', data: { kind, controller: converter }, objects: [] }];
  const names = known.slice(0, SHOWN).map((r) => (r.namespace === null ? r.name : `${r.namespace}/${r.name}`));
  const namespaces = new Set(known.flatMap((r) => (r.namespace === null ? [] : [r.namespace]))).size;
  const held: readonly Found[] = finalizers.length === 0 ? [] : [{ check, code: 'instances-held', data: { kind, finalizers, controller: converter }, objects: [] }];
  return [{ check, code: 'instances-go', data: { kind, group, count, atLeast, namespaces, names, controller: converter }, objects: known.slice(0, NAMED) }, ...held];
};

export const customResources = defineCheck({
  id: check,
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  needs: ['instances'],
  find: (_object, { instances }) => find(instances),
});
