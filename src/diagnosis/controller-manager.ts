/** kube-controller-manager does not lead: whoever waits for one of its controllers waits for ever. */
import type { Ref } from '../model/ref.ts';
import { count } from './case.ts';
import type { Case } from './case.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

const NAME = 'kube-controller-manager';
const lease: Ref = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', resource: 'leases', namespace: 'kube-system', name: NAME, uid: null };

/** `does`: what it would do, as a clause. Nothing while it leads, or when its Lease could not be read. */
export const onControllerManager = ({ views }: Case, does: string): readonly WaitingOn[] => {
  const silent = views.controllerManager.silentSeconds;
  if (silent === null) return [];
  return [
    waitingFor({
      kind: 'controller',
      name: NAME,
      message: `${NAME} has given no sign of life for ${count(silent, 'second')} (its Lease in kube-system): ${does}`,
      remedy: `Bring ${NAME} back; it goes on by itself then.`,
      objects: [lease],
      commands: [{ argv: ['kubectl', 'get', 'lease', NAME, '-n', 'kube-system', '-o', 'yaml'], why: 'who held it, and until when' }],
      danger: 'Finalizers that are taken off meanwhile skip the work of its controllers for good.',
    }),
  ];
};
