/** A CustomResourceDefinition waits for its instances (apiextensions-apiserver pkg/controller/finalizer/crd_finalizer.go). */
import type { Definition } from '../model/wire.ts';
import { count, kubectl } from './case.ts';
import type { Cause } from './case.ts';
import { heldFirst, heldText, leftText } from './left.ts';
import { waitingFor } from './waiting-on.ts';

export const INSTANCES = 'customresourcecleanup.apiextensions.k8s.io';

export const onInstances: Cause = ({ target, views }) => {
  const { instances } = views.leftOfDefinition;
  const problem = ((target.object as Definition).status?.conditions ?? []).find((c) => c.type === 'Terminating' && c.status === 'True');
  const common = {
    kind: 'dependents',
    name: target.ref.name,
    danger: 'Without its finalizer the definition goes while its instances stay in etcd, out of reach, and what their controllers would clean up stays too.',
  } as const;
  const [first] = heldFirst(instances ?? []);
  if (instances === null || first === undefined) {
    const said = problem?.message === undefined ? '' : ` (${problem.message})`;
    return [waitingFor({ ...common, message: `its instances go first${said}${instances === null ? '; they could not be listed' : ''}`, remedy: 'Wait for them to end.' })];
  }
  return [
    waitingFor({
      ...common,
      message: `${count(instances.length, 'instance')} ${instances.length === 1 ? 'is' : 'are'} left${heldText(instances)}: ${leftText(instances.map((i) => ({ ...i, ref: { ...i.ref, name: i.ref.namespace === null ? i.ref.name : `${i.ref.namespace}/${i.ref.name}` } })))}`,
      remedy: first.finalizers.length > 0 ? 'Let the controller of these instances finish: it must not be removed before them.' : 'Wait for them to end.',
      objects: instances.map((i) => i.ref),
      commands: [kubectl('get', first.ref, 'one that is left', '-o', 'yaml')],
    }),
  ];
};
