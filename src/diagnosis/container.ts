/** Past the deadline a container is still shown as running, on a node that answers. */
import { latest, timeOfEvent } from '../facts/object-events.ts';
import type { Pod } from '../model/wire.ts';
import { kubectl } from './case.ts';
import type { Case, Cause } from './case.ts';
import { secondsLeft } from './grace.ts';
import { nodeRef } from './node.ts';
import { waitingFor } from './waiting-on.ts';

/** The containers whose end is not reported. One container's end is not shown while another runs (kubernetes 106896): some may have ended. */
const whatIsShown = (pod: Pod): { readonly name: string; readonly message: string } => {
  const open = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].filter((s) => s.state?.terminated === undefined);
  const [first] = open;
  if (first === undefined) return { name: pod.metadata.name, message: 'nothing is reported of its containers' };
  const running = open.filter((s) => s.state?.running !== undefined).map((s) => s.name);
  if (running.length === 0) return { name: first.name, message: `container ${first.name} is still shown as waiting (${first.state?.waiting?.reason ?? 'no reason given'})` };
  return { name: running[0] ?? first.name, message: running.length === 1 ? `container ${running.join('')} is still shown as running` : `containers ${running.join(', ')} are still shown as running` };
};

/** Times of events have a resolution of a second, and a container may get 2 s more. */
const EXTRA_SECONDS = 4;

interface Why {
  readonly message: string;
  readonly remedy: string;
}

const ofRuntime: Why = { message: '', remedy: "Look at the kubelet's and the runtime's logs on its node: a process in uninterruptible sleep (hung storage) cannot be killed." };

/**
 * A kubelet that is stopping a pod does not take up a shorter grace period (kubernetes 83916), and one that starts again gives the whole
 * period again: then the container has the time that counts on the node, not the one that the API shows.
 */
const why = ({ target, before, views, now }: Case): Why => {
  const failed = latest(views.objectEvents, 'FailedKillPod', 'FailedSync', 'FailedPodSandBoxStatus');
  if (failed !== null) return { message: `; its kubelet reports ${failed.reason ?? ''}: ${failed.message ?? ''}`, remedy: 'Look at the runtime on its node: the kubelet tries again and again, and does not get through.' };
  const grace = target.object.metadata.deletionGracePeriodSeconds ?? 0;
  const own = Math.max(before.metadata.deletionGracePeriodSeconds ?? 0, (target.object as Pod).spec?.terminationGracePeriodSeconds ?? 30);
  const killing = views.objectEvents.events.find((e) => e.reason === 'Killing' && (e.message ?? '').startsWith('Stopping container'));
  if (killing === undefined || own <= grace) return ofRuntime;
  const left = Math.ceil((timeOfEvent(killing) + own * 1000 - now) / 1000);
  if (left < -EXTRA_SECONDS) return ofRuntime;
  return {
    message: `; its kubelet began to stop it with a grace period of ${own} s and does not take the shorter one up: about ${Math.max(0, left)} s are left`,
    remedy: 'Wait for the longer grace period to end; asking again with a shorter one changes nothing.',
  };
};

export const onContainer: Cause = (of) => {
  const { target, views: { node: at }, now } = of;
  const late = -(secondsLeft(target.object, now) ?? 0);
  const shown = whatIsShown(target.object);
  const nodeIs = at.state === 'found' ? 'its node is Ready' : 'its node could not be read';
  const { message, remedy } = why(of);
  return [
    waitingFor({
      kind: 'container',
      name: shown.name,
      message: `${late} s past the deadline, ${shown.message}, and ${nodeIs}${message}`,
      remedy,
      objects: at.name === null ? [] : [nodeRef(at.name)],
      commands: [kubectl('describe', target.ref, 'what its kubelet reports')],
      danger: 'Forced away, the object goes and the process stays: with an identity or a volume there are two writers then.',
    }),
  ];
};
