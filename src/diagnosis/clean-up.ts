/** All containers have ended, and the object is still there: its kubelet unmounts volumes and removes what is left (kubernetes kubelet SyncTerminatedPod). */
import { kubectl, listed } from './case.ts';
import type { Cause } from './case.ts';
import { nodeRef } from './node.ts';
import { waitingFor } from './waiting-on.ts';

export const onCleanUp: Cause = ({ target, views: { node: at, attachments } }) => {
  const claims = attachments.claims.map((c) => c.name);
  const here = attachments.attachments.filter((a) => a.node === at.name);
  const volumes = claims.length === 0 ? 'its volumes' : `its volumes (claims: ${listed(claims)})`;
  const failed = here.find((a) => a.detachError !== null);
  const attached = here.length === 0 ? '' : `; ${here.map((a) => `volume ${a.volume ?? ''} is attached to ${a.node}`).join(', ')}${failed === undefined ? '' : `, and detaching it failed: ${failed.detachError ?? ''}`}`;
  return [
    waitingFor({
      kind: 'volume',
      name: claims[0] ?? target.ref.name,
      message: `all its containers have ended; the kubelet${at.name === null ? '' : ` of ${at.name}`} still unmounts ${volumes} and cleans up${attached}`,
      remedy: "Wait; if it lasts, look at the kubelet's log for a volume that cannot be unmounted.",
      objects: [...attachments.claims, ...here.map((a) => a.ref), ...(at.name === null ? [] : [nodeRef(at.name)])],
      commands: [kubectl('describe', target.ref, 'what its kubelet reports')],
      danger: 'Forced away, the volume may still be mounted while another node gets it.',
    }),
  ];
};
