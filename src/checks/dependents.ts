import type { DependentsView } from '../facts/dependents.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isServing } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

const check = 'dependents' as const;

const refOf = (pod: Pod): Ref => ({ group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: pod.metadata.namespace ?? null, name: pod.metadata.name, uid: pod.metadata.uid });

const find = ({ pods }: DependentsView): readonly FindingOf<'dependents'>[] => {
  if (pods === null || pods.length === 0) return [];
  const serving = pods.filter(isServing);
  const names = (serving.length > 0 ? serving : pods).map((p) => p.metadata.name).toSorted();
  const data = { kind: 'Pod', count: pods.length, serving: serving.length, names };
  return [{ check, code: serving.length > 0 ? 'serving-pods-go' : 'dependents-go', data, objects: pods.map(refOf) }];
};

export const dependents = defineCheck({
  id: 'dependents',
  needs: ['dependents'],
  notApplicable: notForMirrors,
  find: (_pod, views) => find(views.dependents),
});
