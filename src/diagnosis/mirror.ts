import { isMirror } from '../model/pod.ts';
import type { Cause } from './case.ts';
import { nodeRef } from './node.ts';
import { waitingFor } from './waiting-on.ts';

/** A static pod: its kubelet runs it from a file, whatever happens to the object (docs/reference/termination.md 4.5). */
export const onMirror: Cause = ({ target, views: { node: at } }) =>
  isMirror(target.object)
    ? [
        waitingFor({
          kind: 'node',
          name: at.name ?? '',
          message: 'it mirrors a static pod: its kubelet shows it again',
          remedy: "Move its manifest out of the kubelet's staticPodPath.",
          objects: at.name === null ? [] : [nodeRef(at.name)],
          danger: 'Deleting the object, forced or not, stops nothing: the containers run on.',
        }),
      ]
    : [];
