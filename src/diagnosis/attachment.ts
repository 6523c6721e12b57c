/** A volume that is still attached to a node: it, its attachment, or the pod that comes after waits for the driver to detach it. */
import type { AttachmentOfVolume } from '../facts/attachments.ts';
import { kubectl } from './case.ts';
import type { Case } from './case.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

export const attachmentReason = (a: AttachmentOfVolume): WaitingOn => {
  const error = a.detachError === null ? '' : `; detaching it failed: ${a.detachError}`;
  return waitingFor({
    kind: 'volume',
    name: a.volume ?? a.ref.name,
    message: `volume ${a.volume ?? a.ref.name} is ${a.attached ? 'attached' : 'not surely detached'} ${a.attached ? 'to' : 'from'} node ${a.node} (VolumeAttachment ${a.ref.name}${a.terminating ? ', being detached' : ''})${error}`,
    remedy: `See that ${a.attacher} runs and what it says; on a node that is surely powered off, the taint node.kubernetes.io/out-of-service lets it detach at once.`,
    objects: [a.ref],
    commands: [kubectl('describe', a.ref, "the driver's own words")],
    danger: 'Without its finalizer the volume may stay attached: two nodes may write to it, or the next one cannot get it.',
  });
};

/** The attachments that a volume's or an attachment's own finalizer waits for. */
export const onAttachments = ({ views }: Case): readonly WaitingOn[] => views.attachments.attachments.map(attachmentReason);
