/** Foreground deletion: dependents that block their owner's end go first. */
import { count, kubectl } from './case.ts';
import type { Cause } from './case.ts';
import { onControllerManager } from './controller-manager.ts';
import { heldFirst, heldText, leftText } from './left.ts';
import { waitingFor } from './waiting-on.ts';
import { typeSlashName } from '../model/ref.ts';

export const FOREGROUND = 'foregroundDeletion';

export const onDependents: Cause = (of) => {
  const { dependents } = of.views.blockingDependents;
  const manager = onControllerManager(of, 'its garbage collector, which deletes the dependents, does not run');
  const [first] = heldFirst(dependents);
  if (first === undefined) {
    const waits = { kind: 'dependents', name: FOREGROUND, message: 'its dependents go first (foreground deletion); none is seen any more', remedy: 'Look for a dependent that is stuck itself.' } as const;
    return [...manager, waitingFor(waits)];
  }
  return [
    ...manager,
    waitingFor({
      kind: 'dependents',
      name: typeSlashName(first.ref),
      message: `${count(dependents.length, 'dependent')} that ${dependents.length === 1 ? 'blocks' : 'block'} its end ${dependents.length === 1 ? 'is' : 'are'} left${heldText(dependents)}: ${leftText(dependents)}`,
      remedy: first.finalizers.length > 0 && first.terminating ? `Ask why ${typeSlashName(first.ref)} does not go.` : 'Wait for them to end.',
      objects: dependents.map((d) => d.ref),
      commands: [kubectl('safe-delete', first.ref, 'why it is still there; deletes nothing', '--attach', '--wait=false')],
      danger: `Without ${FOREGROUND} the owner goes at once, and what is left is collected in the background or stays.`,
    }),
  ];
};
